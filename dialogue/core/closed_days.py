"""Days on which a programme does not meet, chosen as named sets: 祝日, 年末年始, お盆, and single given days."""

from collections.abc import Callable, Mapping, Set
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final


class ClosedSet(StrEnum):
    """A set of closed days that comes back every year. The value is also the reason code of its days."""

    PUBLIC_HOLIDAYS = "public_holidays"
    YEAR_END = "year_end"
    OBON = "obon"


GIVEN: Final = "given"
"""The reason code of a day that the host named itself (an exam week, an anniversary)."""


def closed_dates(*, sets: Set[ClosedSet], extra: Set[date], between: tuple[date, date]) -> dict[date, str]:
    """Return every closed day from the first to the last date of `between`, both included, in order, with its reason.

    The reason is the value of a `ClosedSet` or `GIVEN`. A day with several takes the first in the order public
    holiday, year end, obon, given. Public holidays are Japan's with their substitutes (振替休日, 国民の休日), as the
    package `holidays` lists them from the Act on National Holidays; year end is 29 December to 3 January and
    obon 13 to 16 August.

    Raises:
        ValueError: `between` ends before it begins, or public holidays are asked of a year that the list
            does not reach (1949 to 2099: the equinoxes are not known further).
    """
    first, last = between
    if last < first:
        raise ValueError(f"the days from {first} to {last} run backwards")
    closed = dict.fromkeys(extra, GIVEN)
    for closed_set in reversed(ClosedSet):  # what is written later goes before
        if closed_set in sets:
            for year in range(first.year, last.year + 1):
                closed |= dict.fromkeys(_DAYS_OF[closed_set](year), closed_set.value)
    return {day: closed[day] for day in sorted(closed) if first <= day <= last}


@cache
def _year_end(year: int) -> frozenset[date]:
    return frozenset([*(date(year, 1, day) for day in (1, 2, 3)), *(date(year, 12, day) for day in (29, 30, 31))])


@cache
def _obon(year: int) -> frozenset[date]:
    return frozenset(date(year, 8, day) for day in range(13, 17))


@cache
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  a twentieth of a web process's start, and few processes plan a term

    calendar = holidays.country_holidays("JP", years=year)
    if not calendar.start_year <= year <= calendar.end_year:
        raise ValueError(f"the public holidays of {year} are not known")
    return frozenset(calendar)


_DAYS_OF: Final[Mapping[ClosedSet, Callable[[int], frozenset[date]]]] = {
    ClosedSet.PUBLIC_HOLIDAYS: _public_holidays,
    ClosedSet.YEAR_END: _year_end,
    ClosedSet.OBON: _obon,
}
