"""Which messages a booking, a move or a cancel puts into the outbox, and when each is due."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from dialogue.models import Cohort
from dialogue.outbox import Draft, queue_messages, void_messages
from sessions.circle import everyone_in, everyone_of
from sessions.models import DialogueSession

INVITED_AHEAD = timedelta(days=14)
INVITED_AT_ONCE = 2
REMINDERS = {
    "reminder_72h": timedelta(hours=72),
    "reminder_24h": timedelta(hours=24),
    "reminder_1h": timedelta(hours=1),
}
USELESS_BEFORE_START = timedelta(minutes=10)
"""A reminder that could not go out until ten minutes before the start is dropped."""

RECORD_DUE_AFTER = timedelta(hours=1)
ABOUT_A_SESSION = ("invitation", "session_moved", *REMINDERS, "record_due")


def subject_of(session: DialogueSession) -> str:
    return f"session:{session.pk}"


def announce_booked_series(*, cohort: Cohort, sessions: Sequence[DialogueSession], now: datetime) -> None:
    """Queue one welcome for each person, the invitations to the next two sessions now and the others 14 days ahead.

    The facilitator is welcomed and invited like the members. Sessions that are over get nothing.
    """
    announce_joining(cohort=cohort, sessions=sessions, people=everyone_of(cohort), now=now)


def announce_joining(
    *, cohort: Cohort, sessions: Sequence[DialogueSession], people: Sequence[int], now: datetime
) -> None:
    """Queue for these people of a cohort what `announce_booked_series` queues for everybody in it."""
    drafts = [
        Draft(
            kind="cohort_formed",
            recipient_id=person,
            subject_key=f"cohort:{cohort.pk}",
            dedupe_key=f"cohort-formed:{cohort.pk}:{person}",
            due_at=now,
        )
        for person in people
    ]
    coming = [session for session in sessions if session.starts_at > now]
    for position, session in enumerate(coming):
        due = now if position < INVITED_AT_ONCE else max(now, session.starts_at - INVITED_AHEAD)
        drafts += about_a_session(session, people, invite_at=due, now=now)
    queue_messages(drafts, now=now)


def announce_move(*, session: DialogueSession, previous_start: datetime, now: datetime) -> None:
    """Void what was queued of the earlier time, tell everyone the old and the new time, and remind of the new one.

    Somebody whose invitation had not left yet gets the change all the same: it carries the whole invitation.
    """
    void_messages(subject_key=subject_of(session), kinds_to_void=ABOUT_A_SESSION)
    people = everyone_in(session)
    drafts = [
        Draft(
            kind="session_moved",
            recipient_id=person,
            subject_key=subject_of(session),
            subject_version=session.sequence,
            dedupe_key=f"session-moved:{session.pk}:{person}:{session.sequence}",
            due_at=now,
            expires_at=session.ends_at,
            context={"previous_start": previous_start.isoformat()},
        )
        for person in people
    ]
    drafts += about_a_session(session, people, invite_at=None, now=now)
    queue_messages(drafts, now=now)


def announce_cancel(*, session: DialogueSession, now: datetime, people: Iterable[int] | None = None) -> None:
    """Void what is queued about a session and send a cancel to everyone in it, or to `people` only."""
    if people is None:
        void_messages(subject_key=subject_of(session), kinds_to_void=ABOUT_A_SESSION)
    queue_messages(
        (
            Draft(
                kind="session_cancelled",
                recipient_id=person,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"session-cancelled:{session.pk}:{person}:{session.sequence}",
                due_at=now,
                expires_at=session.ends_at,
            )
            for person in (people if people is not None else everyone_in(session))
        ),
        now=now,
    )


def about_a_session(
    session: DialogueSession, people: Sequence[int], *, invite_at: datetime | None, now: datetime
) -> Iterator[Draft]:
    """Yield a session's invitation (when asked for), its reminders that still lie ahead, and the record's reminder."""
    for person in people:
        if invite_at is not None:
            yield Draft(
                kind="invitation",
                recipient_id=person,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"invitation:{session.pk}:{person}:{session.sequence}",
                due_at=invite_at,
                expires_at=session.ends_at,
            )
        for kind, ahead in REMINDERS.items():
            if session.starts_at - ahead > now:
                yield Draft(
                    kind=kind,
                    recipient_id=person,
                    subject_key=subject_of(session),
                    subject_version=session.sequence,
                    dedupe_key=f"{kind}:{session.pk}:{person}:{session.starts_at:%Y%m%dT%H%M}",
                    due_at=session.starts_at - ahead,
                    expires_at=session.starts_at - USELESS_BEFORE_START,
                )
    yield Draft(
        kind="record_due",
        recipient_id=session.facilitator_id,
        subject_key=subject_of(session),
        subject_version=session.sequence,
        dedupe_key=f"record-due:{session.pk}:{session.facilitator_id}:{session.starts_at:%Y%m%dT%H%M}",
        due_at=session.ends_at + RECORD_DUE_AFTER,
    )
