"""Who was in a session's room: the record begins with them, and its facilitator has the last word."""

from collections.abc import Collection

from django.db.models import Q

from sessions.models import Attendance, DialogueSession


def note_who_was_here(session: DialogueSession, people: Collection[int]) -> None:
    """Note that these people came, by primary key, to it or to a session that was held together with it.

    Of the others nothing is known: they may have used another way in. Where a record is finished it has decided.
    """
    together = Attendance.objects.filter(Q(session=session) | Q(session__joint_with=session), person__in=people)
    together.exclude(session__record__finished_at__isnull=False).update(came=True)
