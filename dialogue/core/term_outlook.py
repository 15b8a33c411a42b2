"""What the dates of a term look like before anybody has a session: first and last, closed days, turns of the year."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dialogue.core.closed_days import ClosedSet, closed_dates
from dialogue.core.recurrence import Cadence, series_dates

REACH: Final = timedelta(days=3 * 366)
"""How far closed days are looked up: 24 monthly sessions with a year of slack."""


class Turn(StrEnum):
    """A day of the year after which many people live elsewhere: 卒業 from 1 March, 異動 and 入社 from 1 April."""

    GRADUATION = "graduation"
    NEW_FISCAL_YEAR = "new_fiscal_year"


_TURNS: Final = {(3, 1): Turn.GRADUATION, (4, 1): Turn.NEW_FISCAL_YEAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The expected dates of a term.

    `first` and `last` are the earliest and the latest date of any cohort, `dates_by_weekday` the dates of each weekday
    (Monday = 0) that is in question, `closed` the closed days between first and last with their reason, `turns` those
    turns of the year that lie between them.
    """

    first: date
    last: date
    dates_by_weekday: Mapping[int, list[date]]
    closed: Mapping[date, str]
    turns: Mapping[date, Turn]


def outlook_for(
    *,
    starts_on: date,
    cadence: Cadence,
    session_count: int,
    closed_sets: Set[ClosedSet],
    closed_days: Collection[date],
    weekdays: Collection[int] = range(7),
) -> Outlook:
    """Return what the rhythm makes of the weekdays. Without a weekday, all seven are in question.

    Raises:
        ValueError: the public holidays of these years are not known.
        OverflowError: the term would pass the year 9999.
    """
    closed = closed_dates(sets=closed_sets, extra=frozenset(closed_days), between=(starts_on, starts_on + REACH))
    skip = frozenset(closed)
    dates = {
        weekday: series_dates(
            first_on_or_after=starts_on, weekday=weekday, cadence=cadence, how_many=session_count, skip=skip
        )
        for weekday in sorted(set(weekdays) or range(7))
    }
    first, last = min(days[0] for days in dates.values()), max(days[-1] for days in dates.values())
    return Outlook(
        first=first,
        last=last,
        dates_by_weekday=dates,
        closed={day: reason for day, reason in closed.items() if first <= day <= last},
        turns=turns_between(first, last),
    )


def turns_between(first: date, last: date) -> dict[date, Turn]:
    """Return the turns of the year that a term which begins before them goes on past, in order."""
    days = ((date(year, *day), turn) for year in range(first.year, last.year + 1) for day, turn in _TURNS.items())
    return {day: turn for day, turn in days if first < day <= last}
