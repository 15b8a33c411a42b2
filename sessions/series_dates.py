"""What remains of a cohort's series, and when it would meet next. Reads only."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.models import Cohort
from sessions.core.rescheduling import next_turn
from sessions.models import DialogueSession
from sessions.series_forms import EARLIEST_ADDED


def next_date(cohort: Cohort, closed: Mapping[date, str], now: datetime) -> datetime | None:
    """Return when the series would meet next after its last session, or after today."""
    zone = zone_named(cohort.term.zone)
    days = [
        at.astimezone(zone).date() for at in cohort.sessions.order_by("starts_at").values_list("starts_at", flat=True)
    ]
    earliest = (now + EARLIEST_ADDED).astimezone(zone).date()
    try:
        cadence = Cadence(cohort.term.cadence)
        last = max(days[-1] if days else earliest, earliest)
        # A series may have moved: its rhythm is that of the days in its present window.
        regular = [day for day in days if day.weekday() == cohort.weekday] or [_on_weekday(last, cohort.weekday)]
        begins = regular[0] if cadence is Cadence.MONTHLY else regular[-1]
        turn = next_turn(last, cadence=cadence, closed=frozenset(closed), ordinal_of=begins)
        return moment_at(day=turn, minute=cohort.starts, zone=zone)
    except OverflowError:
        return None


def _on_weekday(day: date, weekday: int) -> date:
    return date.fromordinal(day.toordinal() + (weekday - day.weekday()) % 7)


def unsaved(cohort: Cohort, starts_at: datetime) -> DialogueSession:
    """Return a session as it would be, to be looked at before it is booked."""
    minutes = timedelta(minutes=cohort.term.session_minutes)
    return DialogueSession(cohort=cohort, starts_at=starts_at, ends_at=starts_at + minutes)


def from_here_on(session: DialogueSession, now: datetime) -> list[DialogueSession]:
    """Return this session and those of its cohort that follow, without those that are over or off."""
    rows = session.cohort.sessions.filter(
        status=DialogueSession.Status.CONFIRMED, starts_at__gte=session.starts_at, ends_at__gt=now
    )
    return list(rows.order_by("starts_at", "pk"))
