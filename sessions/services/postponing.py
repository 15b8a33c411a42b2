"""Put sessions off, many at once, and hold each on a date that somebody chooses from proposals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import Membership, Person
from dialogue.services import audit
from sessions.announcing import announce_move
from sessions.circle import everyone_in
from sessions.core.lifecycle import IllegalMove, check_move
from sessions.core.slots import quarters
from sessions.free_dates import free_starts
from sessions.models import Attendance, BusyTime, DialogueSession, Postponement
from sessions.series_announcing import announce_postponed, announce_returned
from sessions.services.booking import TimeTaken
from sessions.services.changing import NOT_ANSWERED, ChangedMeanwhile, TooSoon, locked, raise_sequence, refuse_late_ends
from sessions.services.changing_series import _take_anew
from sessions.services.feeds import mark_feeds_stale
from sessions.services.quorum import settle_former_time

Status = DialogueSession.Status


def postpone_sessions(*, seen: Mapping[int, int], now: datetime, actor: Person | None = None) -> list[DialogueSession]:
    """Put off several sessions, of any cohorts, in one transaction: all of them or none. Returns those put off.

    `seen` is the sequence that each had when it was looked at. Their hours become free, they leave every calendar, and
    each cohort gets one message with up to three dates to come. Those that have been put off already are left alone.

    Raises:
        ChangedMeanwhile: a session has another sequence than was seen.
        IllegalMove: one of them has begun, is over or is cancelled.
    """
    rows = DialogueSession.objects.filter(pk__in=seen).select_related("cohort__term", "cohort__facilitation")
    # Looked for before anything is locked: the reading takes longer than the writing.
    proposals = {one.pk: free_starts(one, now=now) for one in rows.filter(status=Status.CONFIRMED)}
    with transaction.atomic():
        locked = rows.select_for_update(of=("self",)).select_related("cohort__term__programme", "cohort__facilitation")
        sessions = sorted(locked.order_by("pk"), key=lambda one: (one.starts_at, one.pk))
        standing = [one for one in sessions if one.status != Status.PROPOSED]
        if any(seen[one.pk] != one.sequence or one.pk not in proposals for one in standing):
            raise ChangedMeanwhile
        for one in standing:
            check_move(one.status, Status.PROPOSED)
            if one.starts_at <= now:
                raise IllegalMove("A session that has begun cannot be put off.")
        for one in standing:
            one.status = Status.PROPOSED
            one.is_mini, one.facilitator_away_at, one.joint_with = False, None, None
            raise_sequence(one, now, "status", "is_mini", "facilitator_away_at", "joint_with")
            offered = [start.isoformat() for start in proposals[one.pk]]
            settle_former_time(session=one, now=now)
            Postponement.objects.create(session=one, proposals=offered, made_at=now, made_by=actor)
            announce_postponed(session=one, now=now)
            mark_feeds_stale(everyone_in(one))
            audit.record(actor=actor, action="session_postponed", subject_key=f"session:{one.pk}", now=now)
        BusyTime.objects.filter(session__in=standing).delete()
        Attendance.objects.filter(session__in=standing).update(**NOT_ANSWERED)
        return standing


def choose_date(*, session_id: int, starts_at: datetime, now: datetime, actor: Person | None = None) -> DialogueSession:
    """Hold a session that was put off at this start (UTC), under its old UID, and tell everyone once.

    At the start it had before, only those are told who have heard that it was put off. Chosen twice, the second call
    changes and sends nothing.

    Raises:
        IllegalMove: the session has not been put off, or has been cancelled meanwhile.
        TooSoon: the start is less than an hour from `now`.
        EndsLate: it would end after 21:00, and somebody is under 18.
        TimeTaken: somebody of the cohort, or the video link, is booked then.
    """
    try:
        with transaction.atomic():
            session = locked(session_id)
            if session.status == Status.CONFIRMED and session.starts_at == starts_at:
                return session
            check_move(session.status, Status.CONFIRMED)
            if starts_at < now + MINIMUM_NOTICE:
                raise TooSoon
            refuse_late_ends(session.cohort, [(starts_at, starts_at + (session.ends_at - session.starts_at))])
            previous_start = session.starts_at
            session.ends_at = starts_at + (session.ends_at - session.starts_at)
            session.starts_at = starts_at
            session.status = Status.CONFIRMED
            raise_sequence(session, now, "starts_at", "ends_at", "status")
            _take_anew([session])
            Postponement.objects.filter(session=session, settled_at__isnull=True).update(settled_at=now)
            if starts_at == previous_start:
                announce_returned(session=session, now=now)
            else:
                announce_move(session=session, previous_start=previous_start, now=now)
            mark_feeds_stale(everyone_in(session))
            audit.record(actor=actor, action="session_date_chosen", subject_key=f"session:{session.pk}", now=now)
            return session
    except IntegrityError as error:
        raise TimeTaken from error


def proposals_now(session: DialogueSession, *, now: datetime) -> list[datetime]:
    """Return the dates that can be chosen at this moment: those once proposed that are still free, then others."""
    found = free_starts(session, now=now)
    waiting = session.postponements.filter(settled_at__isnull=True).first()
    told = [datetime.fromisoformat(text) for text in waiting.proposals] if waiting else []
    return list(dict.fromkeys([*(one for one in told if one in found), *found]))


def may_return(sessions: Sequence[DialogueSession], *, now: datetime) -> set[int]:
    """Return, by key, those of these put-off sessions that could still be held when they were to be. Two queries.

    That is an hour ahead or more, and everybody of the cohort and the video link are free then.
    """
    wanted = {
        one: quarters(one.starts_at, one.ends_at)
        for one in sessions
        if one.status == Status.PROPOSED and one.starts_at >= now + MINIMUM_NOTICE
    }
    if not wanted:
        return set()
    members: dict[int, set[int]] = defaultdict(set)
    today = Membership.objects.filter(cohort__in={one.cohort_id for one in wanted}, left_at__isnull=True)
    for cohort, person in today.values_list("cohort", "participation__person"):
        members[cohort].add(person)
    asked = {quarter for span in wanted.values() for quarter in span}
    taken: dict[int, set[int | str]] = defaultdict(set)
    for quarter, person, room in BusyTime.objects.filter(quarter__in=asked).values_list("quarter", "person", "room"):
        taken[quarter].add(person or room)
    return {
        one.pk
        for one, span in wanted.items()
        if not any(taken[each] & {*members[one.cohort_id], one.facilitator_id, one.room_url} for each in span)
    }
