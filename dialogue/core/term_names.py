"""Names of terms by the Japanese fiscal year (年度, from 1 April) and its halves (前期, 後期)."""

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

FISCAL_YEAR_BEGINS: Final = 4
SECOND_HALF_BEGINS: Final = 10
FIRST_HALF, SECOND_HALF = "前期", "後期"

_YEAR: Final = re.compile(r"(20\d\d)(?=\s*年度)")
_COUNTED: Final = re.compile(r"(?:(?<=第)|(?<=Term )|(?<=term ))(\d{1,4})|(\d{1,4})(?=\s*期)")


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year of a day: March 2028 belongs to 2027."""
    return day.year if day.month >= FISCAL_YEAR_BEGINS else day.year - 1


def usual_name(starts_on: date) -> str:
    """Return what a term that begins on this day is usually called: 「2027年度 前期」."""
    is_first = FISCAL_YEAR_BEGINS <= starts_on.month < SECOND_HALF_BEGINS
    return f"{fiscal_year_of(starts_on)}年度 {FIRST_HALF if is_first else SECOND_HALF}"


def year_in(name: str) -> int | None:
    """Return the fiscal year that a name speaks of, if it does."""
    found = _YEAR.search(name)
    return int(found[1]) if found else None


def name_after(name: str) -> str:
    """Return the name of the term that follows one of this name.

    前期 is followed by 後期 of the same year, 後期 by 前期 of the next; 第3期 by 第4期; a name that holds a fiscal year
    alone by that of the next year. A name that counts nothing stays as it is.
    """
    if FIRST_HALF in name:
        return name.replace(FIRST_HALF, SECOND_HALF)
    if SECOND_HALF in name:
        return _with_next_year(name).replace(SECOND_HALF, FIRST_HALF)
    counted = list(_COUNTED.finditer(name))
    if counted:
        last = counted[-1]
        return f"{name[: last.start()]}{int(last[0]) + 1}{name[last.end() :]}"
    return _with_next_year(name)


def _with_next_year(name: str) -> str:
    return _YEAR.sub(lambda found: str(int(found[1]) + 1), name, count=1)


def next_name(name: str, *, taken: Collection[str]) -> str:
    """Return a name that is not taken for the term that follows one of this name.

    A name that only counts goes on to the next free number. One with a fiscal year keeps it and gets a number behind:
    a copy made twice is not of another year.
    """
    following = name_after(name)
    while following in taken and year_in(following) is None and name_after(following) != following:
        following = name_after(following)
    return unused(following, taken=taken)


def unused(name: str, *, taken: Collection[str]) -> str:
    """Return the name, or with the first number behind it that makes it a new one."""
    if name not in taken:
        return name
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"


def start_after(name: str, *, earliest: date) -> date:
    """Return the first Monday on which a term of this name would begin, not before `earliest`.

    前期 begins after the first week of April (entrance ceremonies and 入社式 fill it), 後期 with October.
    """
    year = year_in(name)
    if year is not None and FIRST_HALF in name:
        earliest = max(earliest, date(year, FISCAL_YEAR_BEGINS, 8))
    elif year is not None and SECOND_HALF in name:
        earliest = max(earliest, date(year, SECOND_HALF_BEGINS, 1))
    return earliest + timedelta(days=-earliest.weekday() % 7)
