"""Keep reflections and facilitators' records."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from sessions.core.lifecycle import check_move
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, Reflection, SessionPrompt


class NotYet(Exception):
    """The session has not begun, or never will."""


@transaction.atomic
def save_reflection(*, session: DialogueSession, author: Person, text: str, now: datetime) -> Reflection:
    """Keep what its author alone will read. Saving again replaces it.

    Raises:
        NotYet: the session has not begun, or was cancelled.
    """
    if now < session.starts_at or session.status == DialogueSession.Status.CANCELLED:
        raise NotYet
    reflection, _ = Reflection.objects.update_or_create(
        session=session, author=author, defaults={"text": text, "saved_at": now}
    )
    return reflection


@transaction.atomic
def save_record(
    *,
    session_id: int,
    author: Person,
    came: Collection[int],
    next_depth: str,
    moved_by: SessionPrompt | None,
    follow_up: bool,
    now: datetime,
) -> FacilitatorRecord:
    """Keep the facilitator's record and close the session: held when somebody came, missed when nobody did.

    `came` are the people who took part, by primary key; whoever is not expected is passed over. Saving again
    corrects it.

    Raises:
        NotYet: the session has not begun.
        IllegalMove: the session was cancelled.
    """
    session = DialogueSession.objects.select_for_update().get(pk=session_id)
    if now < session.starts_at:
        raise NotYet
    those_who_came = Attendance.objects.filter(session=session, person__in=came)
    outcome = DialogueSession.Status.HELD if those_who_came.exists() else DialogueSession.Status.MISSED
    if session.status != outcome:
        check_move(session.status, outcome)
        session.status = outcome
        session.save(update_fields=["status"])
    those_who_came.update(came=True)
    Attendance.objects.filter(session=session).exclude(person__in=came).update(came=False)
    record, _ = FacilitatorRecord.objects.update_or_create(
        session=session,
        defaults={
            "author": author,
            "moved_by": moved_by,
            "next_depth": next_depth,
            "follow_up": follow_up,
            "saved_at": now,
            "finished_at": now,
        },
    )
    return record
