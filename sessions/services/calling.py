"""A call for help out of a room: kept until somebody has looked after it, and mailed to whoever coordinates."""

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from dialogue.models import StaffRole
from dialogue.outbox import Draft, queue_messages
from sessions.calls import CALLS, call_key, seen_as
from sessions.models import DialogueSession, TodayMark

CALLED: Final = "help_called"
UNSEEN_FOR: Final = timedelta(minutes=3)
"""How long a call stands on the morning page before it is mailed too: long enough to look after it in the room."""


def note_call(*, session_id: int, now: datetime | None) -> None:
    """Keep that somebody called from a session's room; None takes it back. That somebody did is kept, and not who.

    Each coordinator is mailed once, a little later, unless one of them has seen it on the morning page by then, or it
    was looked after. Called in the transaction that changes the room.
    """
    DialogueSession.objects.filter(pk=session_id).update(help_called_at=now)
    if now is None:
        return  # what is queued about it is not wanted any more, and does not go out
    programme = DialogueSession.objects.values("cohort__term__programme").filter(pk=session_id)
    people = StaffRole.objects.filter(
        programme__in=programme, role=StaffRole.Role.COORDINATOR, person__is_active=True
    ).values_list("person", flat=True)
    key = call_key(session_id, now)
    drafts = [
        Draft(
            kind=CALLED,
            recipient_id=person,
            subject_key=f"call:{key}",
            dedupe_key=f"{CALLED}:{key}:{person}",
            due_at=now + UNSEEN_FOR,
        )
        for person in people
    ]
    queue_messages(drafts, now=now)


def waiting_call(key: str) -> DialogueSession | None:
    """Return the session of a call that nobody has looked after and no coordinator has seen; None when one has."""
    pk, _, _moment = key.partition("-")
    session = DialogueSession.objects.filter(pk=pk).select_related("cohort__term__programme__organisation").first()
    if session is None or session.help_called_at is None or call_key(session.pk, session.help_called_at) != key:
        return None
    settled = TodayMark.objects.filter(term=session.cohort.term_id, kind=CALLS, key=key).exists()
    return None if settled or cache.get(seen_as(key)) else session
