"""Book a cohort's series: every date of it, for everyone in it, or none."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count

from dialogue.core.recurrence import starts_in_zone
from dialogue.core.room_lines import rooms_of, too_short
from dialogue.models import Cohort, Person, Term
from dialogue.services import audit
from dialogue.term_dates import turns_at
from dialogue.wake import wake
from sessions.announcing import announce_booked_series
from sessions.circle import member_ids
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, SessionSeries
from sessions.services.feeds import mark_feeds_stale
from sessions.services.prompting import give_prompts
from sessions.uids import new_uid

log = logging.getLogger(__name__)

BOOK_TASK = "sessions.book_queued_series"
READ_OF_PROMPTS = ("slug", "value", "domain", "depth", "stage", "sensitivity")


class TimeTaken(Exception):
    """Somebody is already booked at one of these times; the database refused the row."""


class DatesPassed(Exception):
    """The first of the dates that were published has begun before it could be booked."""


def queue_series(*, cohort_id: int, now: datetime) -> None:
    """Ask for a cohort's series to be booked, in the caller's transaction. Asking twice is harmless."""
    SessionSeries.objects.get_or_create(cohort_id=cohort_id, defaults={"created_at": now})
    wake(BOOK_TASK)


@transaction.atomic
def book_again(*, series_id: int, now: datetime, actor: Person | None = None) -> bool:
    """Queue a refused series once more and return whether this call did. Asked twice, it is queued once.

    It gets the dates that it would have if it were published now.
    """
    refused = SessionSeries.objects.filter(pk=series_id, status="refused")
    queued = refused.update(status="queued", trouble="", created_at=now)
    if queued:
        audit.record(actor=actor, action="series_queued_again", subject_key=f"series:{series_id}", now=now)
        wake(BOOK_TASK)
    return bool(queued)


def book_queued_series(*, now: datetime, turn: int = 0) -> int:
    """Book every series that is queued and return how many were. Safe to run late, twice or in parallel.

    `turn` counts on to the series to begin with. Workers that begin elsewhere do not wait for each other's rows.
    """
    booked = 0
    waiting = list(SessionSeries.objects.filter(status="queued").order_by("pk").values_list("pk", flat=True))
    start = turn % len(waiting) if waiting else 0
    for pk in waiting[start:] + waiting[:start]:
        try:
            booked += book_series(series_id=pk, now=now)
        except (TimeTaken, DatesPassed) as error:
            trouble = "time_taken" if isinstance(error, TimeTaken) else "dates_passed"
            SessionSeries.objects.filter(pk=pk, status="queued").update(status="refused", trouble=trouble)
        except Exception:
            log.exception("series %s could not be booked", pk)
    return booked


def book_series(*, series_id: int, now: datetime) -> bool:
    """Turn a queued series into sessions with busy times, prompts, attendances and messages, whole or not at all.

    Returns whether this call booked it: a second call changes and sends nothing. Sessions keep the wall-clock time
    of the term's zone; closed days are passed over, and so is what lay in the past, or nearer than the minimum notice,
    when the series was asked for: these are the dates that were shown and checked before.

    Raises:
        DatesPassed: the first of them has begun meanwhile.
        TimeTaken: somebody of the cohort is already booked at one of these times.
    """
    try:
        with transaction.atomic():
            # A series that another worker is at is passed over, not waited for: two workers would go hand in hand.
            waiting = SessionSeries.objects.filter(pk=series_id, status="queued")
            free = waiting.select_for_update(of=("self",), skip_locked=True)
            series = free.select_related("cohort__term", "cohort__facilitation").first()
            # The conditional update is the claim: whoever changes no row has been overtaken.
            if series is None or not waiting.update(status="booked", booked_at=now):
                return False
            sessions = _make_sessions(series, now)
            members = member_ids(series.cohort)
            everyone = [*members, series.cohort.facilitation.person_id]
            take_time(sessions, people=everyone)
            _give_room(series.cohort, sessions)
            give_prompts(series.cohort, sessions)
            Attendance.objects.bulk_create(
                Attendance(session_id=session.pk, person_id=person) for session in sessions for person in members
            )
            announce_booked_series(cohort=series.cohort, sessions=sessions, now=now)
            mark_feeds_stale(everyone)
            audit.record(
                actor=None,
                action="series_booked",
                subject_key=f"cohort:{series.cohort_id}",
                now=now,
                detail={"sessions": len(sessions)},
            )
            return True
    except IntegrityError as error:
        raise TimeTaken from error


def _make_sessions(series: SessionSeries, now: datetime) -> list[DialogueSession]:
    cohort, term = series.cohort, series.cohort.term
    [turns] = turns_at(term, windows=[(cohort.weekday, cohort.starts)], told_at=series.created_at).values()
    starts = starts_in_zone(dates=turns.dates, minute=cohort.starts, zone=term.zone)
    if starts[0] <= now:
        raise DatesPassed
    return DialogueSession.objects.bulk_create(
        DialogueSession(
            cohort=cohort,
            number=number,
            uid=new_uid(cohort_number=cohort.number, session_number=number),
            starts_at=start,
            ends_at=start + timedelta(minutes=term.session_minutes),
            facilitator_id=cohort.facilitation.person_id,
            created_at=now,
            changed_at=now,
        )
        for number, start in enumerate(starts, start=1)
    )


def take_time(sessions: Iterable[DialogueSession], *, people: Sequence[int]) -> None:
    """Take the quarter hours of each session for each person.

    Raises:
        IntegrityError: one of them is taken.
    """
    held = list(sessions)
    take_hours(dict.fromkeys(people, held))


def take_hours(by_person: Mapping[int, Sequence[DialogueSession]]) -> None:
    """Take the quarter hours of each person's own sessions.

    Raises:
        IntegrityError: one of them is taken.
    """
    rows = [
        BusyTime(session_id=session.pk, person_id=person, quarter=quarter)
        for person, sessions in by_person.items()
        for session in sessions
        for quarter in quarters(session.starts_at, session.ends_at)
    ]
    # In one order everywhere, so that two who want the same hours wait for each other instead of deadlocking.
    rows.sort(key=lambda row: (row.person_id, row.quarter))
    BusyTime.objects.bulk_create(rows, batch_size=2000)


def _give_room(cohort: Cohort, sessions: Sequence[DialogueSession]) -> None:
    """Give the whole series one video link of the term that is free at all of its times; else none.

    A term that meets in Jitsi or in the own room takes none: each of its sessions has a room to itself.

    A link that lets a session end goes before one that would cut it short, and then the one with the fewest bookings,
    which leaves the most room to move sessions later.
    """
    if cohort.term.video != Term.Video.LINK:
        return
    wanted = [quarter for session in sessions for quarter in quarters(session.starts_at, session.ends_at)]
    taken = BusyTime.objects.filter(room__in=cohort.term.room_urls)
    booked = dict(taken.values_list("room").annotate(Count("pk")))
    lasts = cohort.term.session_minutes
    cut_short = {room.url for room in too_short(rooms_of(cohort.term.room_urls, cohort.term.room_notes), minutes=lasts)}
    for room in sorted(cohort.term.room_urls, key=lambda url: (url in cut_short, booked.get(url, 0))):
        if BusyTime.objects.filter(room=room, quarter__in=wanted).exists():
            continue
        try:
            with transaction.atomic():
                BusyTime.objects.bulk_create(
                    BusyTime(session=session, room=room, quarter=quarter)
                    for session in sessions
                    for quarter in quarters(session.starts_at, session.ends_at)
                )
        except IntegrityError:
            continue  # another cohort took the link this moment; a missing link is no reason to refuse a series
        for session in sessions:
            session.room_url = room
        DialogueSession.objects.bulk_update(sessions, ["room_url"])
        return
