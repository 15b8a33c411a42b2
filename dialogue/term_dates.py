"""The real dates of a term: what its rhythm, zone and closed days make of a weekday."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dialogue.core.closed_days import ClosedSet, closed_dates
from dialogue.core.recurrence import Cadence, series_dates
from dialogue.models import Term

REACH = timedelta(days=3 * 366)
"""How far closed days are looked up: 24 monthly sessions with a year of slack."""


def closed_dates_of(term: Term) -> Mapping[date, str]:
    """Return the term's closed days with their reason, from its first possible day on."""
    return closed_dates(
        sets=frozenset(ClosedSet(name) for name in term.closed_sets),
        extra=frozenset(day.date for day in term.closed_days.all()),
        between=(term.starts_on, term.starts_on + REACH),
    )


def dates_by_weekday(term: Term, *, weekdays: Iterable[int] = range(7)) -> dict[int, list[date]]:
    """Return, for each weekday, the dates on which a series of this term would meet (in the term's zone)."""
    closed = frozenset(closed_dates_of(term))
    return {
        weekday: series_dates(
            first_on_or_after=term.starts_on,
            weekday=weekday,
            cadence=Cadence(term.cadence),
            how_many=term.session_count,
            skip=closed,
        )
        for weekday in weekdays
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What the rhythm of a term makes of one weekday: when it meets, and which turns fall on a closed day and why."""

    weekday: int
    dates: Sequence[date]
    passed_over: Mapping[date, str]


def turns_of(term: Term) -> list[Turns]:
    """Return the turns of each weekday from Monday on. A reason is a `ClosedSet` value, or the host's own words."""
    own = {day.date: day.reason for day in term.closed_days.all()}
    closed = {day: own.get(day) or reason for day, reason in closed_dates_of(term).items()}
    turns = []
    for weekday, dates in dates_by_weekday(term).items():
        regular = series_dates(
            first_on_or_after=term.starts_on,
            weekday=weekday,
            cadence=Cadence(term.cadence),
            how_many=term.session_count + len(closed),
        )
        passed_over = {day: closed[day] for day in regular if day in closed and day < dates[-1]}
        turns.append(Turns(weekday=weekday, dates=dates, passed_over=passed_over))
    return turns
