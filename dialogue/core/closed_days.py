"""Days on which a programme does not meet, chosen as named sets: 祝日, 年末年始, お盆, and single given days."""

from collections.abc import Callable, Mapping, Set
from datetime import date, timedelta
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
    wanted = [(closed_set.value, belongs) for closed_set, belongs in _BELONGS.items() if closed_set in sets]
    closed: dict[date, str] = {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        reasons = [reason for reason, belongs in wanted if belongs(day)] + [GIVEN] * (day in extra)
        if reasons:
            closed[day] = reasons[0]
    return closed


def _is_public_holiday(day: date) -> bool:
    return day in _public_holidays(day.year)


def _is_year_end(day: date) -> bool:
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def _is_obon(day: date) -> bool:
    return day.month == 8 and 13 <= day.day <= 16


_BELONGS: Final[Mapping[ClosedSet, Callable[[date], bool]]] = {
    ClosedSet.PUBLIC_HOLIDAYS: _is_public_holiday,
    ClosedSet.YEAR_END: _is_year_end,
    ClosedSet.OBON: _is_obon,
}


@cache
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  a twentieth of a web process's start, and few processes plan a term

    calendar = holidays.country_holidays("JP", years=year)
    if not calendar.start_year <= year <= calendar.end_year:
        raise ValueError(f"the public holidays of {year} are not known")
    return frozenset(calendar)
