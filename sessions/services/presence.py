"""Who was in a session's room: the record begins with them, and its facilitator has the last word."""

from collections.abc import Collection

from django.db import transaction

from sessions.models import Attendance, DialogueSession, FacilitatorRecord


@transaction.atomic
def note_who_was_here(session: DialogueSession, people: Collection[int]) -> None:
    """Note that these people came, by primary key; of the others nothing is known: they may have used another way in.

    Once the record is finished it decides, and nothing changes.
    """
    if not FacilitatorRecord.objects.filter(session=session, finished_at__isnull=False).exists():
        Attendance.objects.filter(session=session, person__in=people).update(came=True)
