"""The real dates of a term: what its rhythm, zone, closed days and the minimum notice make of a weekday."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dialogue.core.closed_days import ClosedSet, closed_dates
from dialogue.core.recurrence import MINIMUM_NOTICE, MINUTES_IN_DAY, Cadence, first_day_with, series_dates
from dialogue.models import Term

REACH = timedelta(days=3 * 366)
"""How far closed days are looked up: 24 monthly sessions with a year of slack."""


def closed_dates_of(term: Term, *, told_at: datetime | None = None) -> Mapping[date, str]:
    """Return the term's closed days with their reason, from its first possible day on.

    Of a series that people hear of long after that day (`told_at`), they reach as much further.
    """
    return _closed(term, [day.date for day in term.closed_days.all()], told_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What the rhythm of a term makes of one weekday: when it meets, and which turns fall on a closed day and why.

    `too_soon` are the turns that lie in the past, or nearer than the minimum notice, when people hear of the series.
    """

    weekday: int
    dates: Sequence[date]
    passed_over: Mapping[date, str]
    too_soon: Sequence[date] = ()


def dates_by_weekday(
    term: Term, *, weekdays: Iterable[int] = range(7), told_at: datetime | None = None
) -> dict[int, list[date]]:
    """Return, for each weekday, the dates on which a series of this term would meet (in the term's zone).

    They are those of `turns_at` for a series that people hear of at `told_at`, whatever its hour: where one hour of the
    weekday is still far enough ahead and another is not, the dates of both. Without `told_at`, they are the term's own.
    """
    closed = frozenset(closed_dates_of(term, told_at=told_at))
    hours = {_first_day(term, minute=minute, told_at=told_at) for minute in (0, MINUTES_IN_DAY - 1)}
    return {
        weekday: sorted({day for first in hours for day in _dates(term, weekday, skip=closed, not_before=first)})
        for weekday in weekdays
    }


def turns_at(
    term: Term, *, windows: Iterable[tuple[int, int]], told_at: datetime | None = None
) -> dict[tuple[int, int], Turns]:
    """Return the turns of each (weekday, minute after midnight), for a series that people hear of at `told_at`.

    What begins before that moment and the minimum notice is passed over, and the count stays: so does a cohort that is
    published late have all its sessions ahead. Without `told_at`, nothing is passed over but closed days. Costs one
    query. A reason is a `ClosedSet` value, or the host's own words.
    """
    own = {day.date: day.reason for day in term.closed_days.all()}
    closed = {day: own.get(day) or reason for day, reason in _closed(term, own, told_at).items()}
    found = {}
    for weekday, minute in windows:
        first = _first_day(term, minute=minute, told_at=told_at)
        dates = _dates(term, weekday, skip=closed.keys(), not_before=first)
        weeks = max(0, (dates[0] - term.starts_on).days) // 7
        regular = _dates(term, weekday, how_many=term.session_count + len(closed) + weeks)
        over = [day for day in regular if day < dates[-1] and day not in dates]
        found[weekday, minute] = Turns(
            weekday=weekday,
            dates=dates,
            passed_over={day: closed[day] for day in over if day in closed},
            too_soon=[day for day in over if day not in closed],
        )
    return found


def turns_of(term: Term) -> list[Turns]:
    """Return the turns of each weekday from Monday on, as `turns_at` does of a series that nothing is too soon for."""
    return list(turns_at(term, windows=[(weekday, 0) for weekday in range(7)]).values())


def _closed(term: Term, own: Iterable[date], told_at: datetime | None) -> Mapping[date, str]:
    begins = max(term.starts_on, told_at.date()) if told_at else term.starts_on
    return closed_dates(
        sets=frozenset(ClosedSet(name) for name in term.closed_sets),
        extra=frozenset(own),
        between=(term.starts_on, begins + REACH),
    )


def _first_day(term: Term, *, minute: int, told_at: datetime | None) -> date:
    """Return the first day on which a session may begin at this minute when people hear of it at `told_at`."""
    if told_at is None:
        return date.min
    return first_day_with(minute=minute, earliest=told_at + MINIMUM_NOTICE, zone=term.zone)


def _dates(
    term: Term,
    weekday: int,
    *,
    skip: Set[date] = frozenset(),
    not_before: date = date.min,
    how_many: int | None = None,
) -> list[date]:
    return series_dates(
        first_on_or_after=term.starts_on,
        weekday=weekday,
        cadence=Cadence(term.cadence),
        how_many=how_many or term.session_count,
        skip=skip,
        not_before=not_before,
    )
