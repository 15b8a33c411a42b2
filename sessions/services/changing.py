"""Move and cancel sessions, so that every calendar follows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import Cohort, Person
from dialogue.services import audit
from sessions.announcing import announce_cancel, announce_move
from sessions.circle import everyone_in, member_ids
from sessions.clashes import has_young
from sessions.core.lifecycle import IllegalMove, check_move
from sessions.core.rescheduling import ends_late
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, Postponement
from sessions.services.booking import TimeTaken, take_time
from sessions.services.feeds import mark_feeds_stale
from sessions.services.quorum import settle_former_time

Status = DialogueSession.Status

NOT_ANSWERED: Final = {
    "answer": Attendance.Answer.NONE,
    "answered_at": None,
    "late_minutes": None,
    "reason": "",
    "reason_shared": False,
    "hello": "",
}
"""What somebody said of the earlier time is not kept: it was said of another day."""


class TooSoon(Exception):
    """The new time is past or too near for people to hear of it."""


class EndsLate(Exception):
    """Somebody of the cohort is under 18 or at 高校, and a session would end after 21:00."""


class ChangedMeanwhile(Exception):
    """A session is no longer as it was when the change was looked at: somebody else has changed it."""


def move_session(
    *,
    session_id: int,
    starts_at: datetime,
    now: datetime,
    actor: Person | None = None,
    seen_sequence: int | None = None,
) -> DialogueSession:
    """Move a confirmed session to another moment (UTC), keep its length, ask everyone again and tell them.

    Moving to the time it already has is harmless: nothing changes and nothing is sent. `seen_sequence` is the version
    that whoever moves it was shown.

    Raises:
        ChangedMeanwhile: it is no longer the version that was seen.
        IllegalMove: the session is over or cancelled.
        TooSoon: the new start is less than an hour from `now`.
        EndsLate: it would end after 21:00, and somebody is under 18.
        TimeTaken: somebody of the cohort, or the video room, is booked then.
    """
    try:
        with transaction.atomic():
            session = locked(session_id)
            if session.status != Status.CONFIRMED:
                raise IllegalMove(f"A {session.status} session cannot be moved.")
            if session.ends_at <= now:
                raise IllegalMove("A session that is over cannot be moved.")
            if session.starts_at == starts_at:
                return session
            if seen_sequence is not None and seen_sequence != session.sequence:
                raise ChangedMeanwhile
            if starts_at < now + MINIMUM_NOTICE:
                raise TooSoon
            refuse_late_ends(session.cohort, [(starts_at, starts_at + (session.ends_at - session.starts_at))])
            previous_start = session.starts_at
            session.ends_at = starts_at + (session.ends_at - session.starts_at)
            session.starts_at = starts_at
            session.is_mini, session.facilitator_away_at, session.joint_with = False, None, None
            raise_sequence(session, now, "starts_at", "ends_at", "is_mini", "facilitator_away_at", "joint_with")

            settle_former_time(session=session, now=now)
            if previous_start <= now:
                expect_members_of_today(session)
            everyone = everyone_in(session)
            BusyTime.objects.filter(session=session).delete()
            take_time([session], people=everyone)
            if session.room_url:
                BusyTime.objects.bulk_create(
                    BusyTime(session=session, room=session.room_url, quarter=quarter)
                    for quarter in quarters(session.starts_at, session.ends_at)
                )
            Attendance.objects.filter(session=session).update(**NOT_ANSWERED)
            announce_move(session=session, previous_start=previous_start, now=now)
            mark_feeds_stale(everyone)
            audit.record(actor=actor, action="session_moved", subject_key=f"session:{session.pk}", now=now)
            return session
    except IntegrityError as error:
        raise TimeTaken from error


@transaction.atomic
def cancel_session(
    *, session_id: int, now: datetime, actor: Person | None = None, seen_sequence: int | None = None
) -> DialogueSession:
    """Cancel a session, free its time and tell everyone in it.

    Cancelling twice is harmless: the second call changes and sends nothing. `seen_sequence` is the version that whoever
    cancels it was shown.

    Raises:
        ChangedMeanwhile: it is no longer the version that was seen.
        IllegalMove: the session has already been held or missed.
    """
    session = locked(session_id)
    if session.status == Status.CANCELLED:
        return session
    if seen_sequence is not None and seen_sequence != session.sequence:
        raise ChangedMeanwhile
    check_move(session.status, Status.CANCELLED)
    session.status = Status.CANCELLED
    raise_sequence(session, now, "status")
    BusyTime.objects.filter(session=session).delete()
    settle_former_time(session=session, now=now)
    Postponement.objects.filter(session=session, settled_at__isnull=True).update(settled_at=now)
    announce_cancel(session=session, now=now)
    mark_feeds_stale(everyone_in(session))
    audit.record(actor=actor, action="session_cancelled", subject_key=f"session:{session.pk}", now=now)
    return session


def refuse_late_ends(cohort: Cohort, spans: Iterable[tuple[datetime, datetime]]) -> None:
    """Do nothing where a cohort may meet at each of these times (start and end). Costs a query only where one is late.

    Raises:
        EndsLate: one of them ends after 21:00 by the clock of the term, and somebody is under 18 or at 高校.
    """
    zone, latest = cohort.term.zone, LATEST_END_UNDER_18
    late = (ends_late(starts_at=start, ends_at=end, zone=zone, latest=latest) for start, end in spans)
    if any(late) and has_young(cohort):
        raise EndsLate


def expect_members_of_today(session: DialogueSession) -> None:
    """Expect the members of today at a session that is to come again: who came or left once it had begun was not seen.

    Their former time is in nobody's hands any more, and whoever left hears nothing of the new one.
    """
    members = member_ids(session.cohort)
    rows = Attendance.objects.filter(session=session)
    rows.filter(guest__isnull=True).exclude(person__in=members).delete()
    known = set(rows.values_list("person", flat=True))
    Attendance.objects.bulk_create(Attendance(session=session, person_id=one) for one in members if one not in known)


def locked(session_id: int) -> DialogueSession:
    return (
        DialogueSession.objects.select_for_update(of=("self",))
        .select_related("cohort__term__programme", "cohort__facilitation")
        .get(pk=session_id)
    )


def raise_sequence(session: DialogueSession, now: datetime, *changed: str) -> None:
    """Raise SEQUENCE with the change itself. DTSTAMP must rise too, however close two changes are (RFC 5545)."""
    session.sequence += 1
    session.changed_at = max(now, session.changed_at + timedelta(seconds=1))
    session.save(update_fields=["sequence", "changed_at", *changed])
