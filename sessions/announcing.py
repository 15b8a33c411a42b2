"""Which messages a booking, a move or a cancel puts into the outbox, and when each is due."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Max

from dialogue.models import Cohort, OutboundMessage
from dialogue.outbox import Draft, queue_messages, void_messages
from sessions.circle import everyone_in, everyone_of
from sessions.copies import CARRIES_A_REQUEST, subject_of
from sessions.last_heard import starts_heard
from sessions.models import CalendarCopy, DialogueSession

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
ABOUT_A_SESSION = ("invitation", "session_moved", "session_returned", *REMINDERS, "facilitator_briefing", "record_due")


def announce_booked_series(*, cohort: Cohort, sessions: Sequence[DialogueSession], now: datetime) -> None:
    """Queue one welcome for each person, the invitations to the next two sessions now and the others 14 days ahead.

    The facilitator is welcomed and invited like the members. Sessions that are over get nothing. While the cohort is
    held, all of it waits.
    """
    # Nothing was said of these dates before: nothing can have been taken back, nor out of anybody's calendar.
    drafts = _joining(cohort, sessions, everyone_of(cohort), now, is_new=True)
    queue_messages(drafts, now=now, not_before=cohort.held_until)


def announce_joining(
    *, cohort: Cohort, sessions: Sequence[DialogueSession], people: Sequence[int], now: datetime
) -> None:
    """Queue for these people of a cohort what `announce_booked_series` queues for everybody in it.

    Somebody who had left and comes back is invited anew, and welcomed if no welcome had left.
    """
    drafts = _joining(cohort, sessions, people, now, is_new=False)
    queue_messages(drafts, now=now, not_before=cohort.held_until)


def _joining(
    cohort: Cohort, sessions: Sequence[DialogueSession], people: Sequence[int], now: datetime, *, is_new: bool
) -> list[Draft]:
    drafts = [
        Draft(
            kind="cohort_formed",
            recipient_id=person,
            subject_key=f"cohort:{cohort.pk}",
            dedupe_key=f"cohort-formed:{cohort.pk}:{person}",
            due_at=now,
            again=not is_new,
        )
        for person in people
    ]
    coming = [session for session in sessions if session.starts_at > now]
    for position, session in enumerate(coming):
        due = now if position < INVITED_AT_ONCE else max(now, session.starts_at - INVITED_AHEAD)
        drafts += about_a_session(session, people, invite_at=due, now=now, is_new=is_new)
    return drafts


def announce_move(*, session: DialogueSession, previous_start: datetime, now: datetime) -> None:
    """Void what was queued of the earlier time, tell everyone the old and the new time, and remind of the new one.

    Somebody whose invitation had not left yet gets the change all the same: it carries the whole invitation. Where the
    mail of an earlier move had not left, the reader is told the time that they heard of last; back at that time they
    are invited anew, since they are asked again. While the cohort is held, it waits with the welcome.
    """
    heard = starts_heard(session)
    void_messages(subject_key=subject_of(session), kinds_to_void=ABOUT_A_SESSION)
    people = everyone_in(session)
    before = {person: heard.get(person, previous_start) for person in people}
    told = [person for person in people if before[person] != session.starts_at]
    drafts = [
        Draft(
            kind="session_moved",
            recipient_id=person,
            subject_key=subject_of(session),
            subject_version=session.sequence,
            dedupe_key=f"session-moved:{session.pk}:{person}:{session.sequence}",
            due_at=now,
            expires_at=end_in_calendars(session, max(before[person], previous_start)),
            context={"previous_start": before[person].isoformat()},
        )
        for person in told
    ]
    drafts += about_a_session(session, told, invite_at=None, now=now)
    drafts += about_a_session(session, [one for one in people if one not in told], invite_at=now, now=now)
    queue_messages(drafts, now=now, not_before=session.cohort.held_until)


def end_in_calendars(session: DialogueSession, previous_start: datetime) -> datetime:
    """Return until when calendars show a session that has moved, before they hear of it.

    One that was brought forward and is over by now still stands at its old time where no mail has left meanwhile:
    the change has to arrive all the same.
    """
    return max(session.ends_at, previous_start + (session.ends_at - session.starts_at))


def announce_handed_over(*, until: Mapping[DialogueSession, datetime], person_id: int, now: datetime) -> None:
    """Take what mails had put into one person's calendar out of it again, because the feed shows it from now on.

    `until` says how long the calendar shows each session.
    """
    _tell_one("calendar_by_feed", until, person_id, now)


def announce_by_mail_again(*, sessions: Iterable[DialogueSession], person_id: int, now: datetime) -> None:
    """Mail one person the dates that only the feed had shown."""
    _tell_one("calendar_by_mail", {session: session.ends_at for session in sessions}, person_id, now)


def _tell_one(kind: str, until: Mapping[DialogueSession, datetime], person_id: int, now: datetime) -> None:
    queue_messages(
        [
            Draft(
                kind=kind,
                recipient_id=person_id,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"{kind}:{session.pk}:{person_id}:"
                f"{version_of(session, CalendarCopy.objects.leads_of(session, [person_id]).get(person_id))}",
                due_at=now,
                expires_at=end,
            )
            for session, end in until.items()
        ],
        now=now,
    )


def announce_cancel(*, session: DialogueSession, now: datetime) -> None:
    """Void what is queued about a session and send a cancel to everyone in it."""
    void_messages(subject_key=subject_of(session), kinds_to_void=ABOUT_A_SESSION)
    _cancel_for(session, everyone_in(session), now)


def announce_out(*, session: DialogueSession, person_id: int, now: datetime, tells: bool = True) -> None:
    """Take a session that goes on for the others out of one person's calendar, and cancel it there.

    Without `tells` no mail says so; a later invitation is a new one all the same.
    """
    CalendarCopy.objects.take_out([session], person_id=person_id, now=now)
    if tells:
        _cancel_for(session, [person_id], now)


def _cancel_for(session: DialogueSession, people: Sequence[int], now: datetime) -> None:
    leads, until = CalendarCopy.objects.leads_of(session, people), _shown_until(session)
    queue_messages(
        (
            Draft(
                kind="session_cancelled",
                recipient_id=person,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"session-cancelled:{session.pk}:{person}:{version_of(session, leads.get(person))}",
                due_at=now,
                expires_at=until,
            )
            for person in people
        ),
        now=now,
        not_before=session.cohort.held_until,
    )


def _shown_until(session: DialogueSession) -> datetime:
    """Return until when some calendar may show the session: at a later time than it has, where a move was not read."""
    carried = OutboundMessage.objects.filter(subject_key=subject_of(session), kind__in=CARRIES_A_REQUEST)
    last: datetime | None = carried.aggregate(last=Max("expires_at"))["last"]
    return max(session.ends_at, last or session.ends_at)


def about_a_session(
    session: DialogueSession,
    people: Sequence[int],
    *,
    invite_at: datetime | None,
    now: datetime,
    is_new: bool = False,
) -> Iterator[Draft]:
    """Yield a session's invitation (when asked for), its reminders that still lie ahead, and the record's reminder.

    Somebody who is invited to a session that had left their calendar finds it there again; one that is new was in none.
    """
    invites_anew = invite_at is not None and not is_new
    leads = CalendarCopy.objects.put_back(session, people=people, now=now) if invites_anew else {}
    subject, start = subject_of(session), _start(session)
    reminded_at = {kind: session.starts_at - ahead for kind, ahead in REMINDERS.items()}
    useless = session.starts_at - USELESS_BEFORE_START
    for person in people:
        if invite_at is not None:
            yield Draft(
                kind="invitation",
                recipient_id=person,
                subject_key=subject,
                subject_version=session.sequence,
                dedupe_key=f"invitation:{session.pk}:{person}:{version_of(session, leads.get(person))}",
                due_at=invite_at,
                expires_at=session.ends_at,
            )
        for reminder, due_at in reminded_at.items():
            if due_at > now:
                # Whoever leads is told of the eve with all that a facilitator needs.
                is_leader = person == session.facilitator_id
                kind = "facilitator_briefing" if is_leader and reminder == "reminder_24h" else reminder
                yield Draft(
                    kind=kind,
                    recipient_id=person,
                    subject_key=subject,
                    subject_version=session.sequence,
                    dedupe_key=f"{kind}:{session.pk}:{person}:{start}",
                    due_at=due_at,
                    expires_at=useless,
                    again=not is_new,
                )
    yield Draft(
        kind="record_due",
        recipient_id=session.facilitator_id,
        subject_key=subject,
        subject_version=session.sequence,
        dedupe_key=f"record-due:{session.pk}:{session.facilitator_id}:{start}",
        due_at=session.ends_at + RECORD_DUE_AFTER,
        again=not is_new,
    )


def _start(session: DialogueSession) -> str:
    """Return the start as dedupe keys name it: in UTC, in whatever zone somebody typed it."""
    return f"{session.starts_at.astimezone(UTC):%Y%m%dT%H%M}"


def version_of(session: DialogueSession, lead: int | None) -> str:
    """Return which state of a person's calendar a message speaks of, for its dedupe key."""
    return f"{session.sequence}.{lead}" if lead else f"{session.sequence}"
