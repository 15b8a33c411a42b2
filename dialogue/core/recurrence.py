"""The dates of a series: "Tuesdays 19:30 Tokyo, eight times" turned into days and moments."""

from collections.abc import Iterable, Iterator, Set
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count, islice
from typing import Final

from dialogue.core.spans import Span
from dialogue.core.wall_clock import moment_at, zone_named

MINUTES_IN_DAY: Final = 24 * 60
MINIMUM_NOTICE: Final = timedelta(hours=1)
"""What lies at least between the moment at which people are told of a session and its start."""


class Cadence(StrEnum):
    """How often a cohort meets."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


def series_dates(
    *,
    first_on_or_after: date,
    weekday: int,
    cadence: Cadence,
    how_many: int,
    skip: Set[date] = frozenset(),
    not_before: date = date.min,
) -> list[date]:
    """Return the dates of a series, earliest first.

    The rhythm is fixed by the first such `weekday` (Monday = 0) on or after the given date, even when that
    date itself is skipped. A date in `skip` (祝日, exam weeks) is passed over and the count stays, so the series
    ends later: a fortnightly one keeps its even or odd weeks, a monthly one keeps its ordinal weekday ("the second
    Tuesday"). A monthly series that begins on a fifth weekday means "the last": a month with only four
    uses its fourth. Turns before `not_before` are passed over like those in `skip`.

    Raises:
        ValueError: the weekday is not 0 to 6, or `how_many` is below 1.
        OverflowError: the series would pass the year 9999.
    """
    if not 0 <= weekday <= 6:
        raise ValueError(f"weekday {weekday} is not between 0 and 6")
    if how_many < 1:
        raise ValueError(f"a series has at least one date, not {how_many}")
    first = first_on_or_after + timedelta(days=(weekday - first_on_or_after.weekday()) % 7)
    turns = (day for day in _rhythm(first, cadence) if day >= not_before and day not in skip)
    return list(islice(turns, how_many))


def _rhythm(first: date, cadence: Cadence) -> Iterator[date]:
    match cadence:
        case Cadence.WEEKLY:
            return (first + timedelta(weeks=n) for n in count())
        case Cadence.FORTNIGHTLY:
            return (first + timedelta(weeks=2 * n) for n in count())
        case Cadence.MONTHLY:
            return (_same_ordinal_weekday(first, months_later=n) for n in count())


def _same_ordinal_weekday(first: date, *, months_later: int) -> date:
    ordinal = (first.day - 1) // 7
    years, month_index = divmod(first.month - 1 + months_later, 12)
    if first.year + years > date.max.year:
        raise OverflowError("the series would pass the year 9999")
    start = date(first.year + years, month_index + 1, 1)
    earliest = start + timedelta(days=(first.weekday() - start.weekday()) % 7)
    wanted = earliest + timedelta(weeks=ordinal)
    return wanted if wanted.month == start.month else wanted - timedelta(weeks=1)


def starts_in_zone(*, dates: Iterable[date], minute: int, zone: str) -> list[datetime]:
    """Return, in UTC, the moments at which a clock in `zone` shows `minute` minutes after midnight of each date.

    A clock change moves the UTC hour and never the hour people see. A time that a change skips becomes the first
    minute that exists, a time that occurs twice is the first of the two (see `dialogue.core.wall_clock.moment_at`).

    Raises:
        ValueError: the zone is unknown, or the minute is not 0 to 1439.
    """
    if not 0 <= minute < MINUTES_IN_DAY:
        raise ValueError(f"minute {minute} is not a time of day")
    place = zone_named(zone)
    return [moment_at(day=day, minute=minute, zone=place) for day in dates]


def first_day_with(*, minute: int, earliest: datetime, zone: str) -> date:
    """Return the first day whose `minute` after midnight, by the clock of `zone`, is not before `earliest`.

    Raises:
        ValueError: the zone is unknown, or the minute is not 0 to 1439.
    """
    day = earliest.astimezone(zone_named(zone)).date()
    [start] = starts_in_zone(dates=[day], minute=minute, zone=zone)
    return day if start >= earliest else day + timedelta(days=1)


def spans_in_zone(*, dates: Iterable[date], minute: int, length: int, zone: str) -> list[Span]:
    """Return what each session of a series takes: `length` real minutes from its start (see `starts_in_zone`).

    A session may run past midnight. One that a clock change falls into still lasts its full length, so that
    the time on the wall at its end moves instead.

    Raises:
        ValueError: the zone is unknown, the minute is not 0 to 1439, or the length is not 1 to 1440.
    """
    if not 1 <= length <= MINUTES_IN_DAY:
        raise ValueError(f"a session lasts 1 to {MINUTES_IN_DAY} minutes, not {length}")
    starts = starts_in_zone(dates=dates, minute=minute, zone=zone)
    return [Span(start, start + timedelta(minutes=length)) for start in starts]
