"""Closed days as a host types them, a line each: a day, or a stretch such as 2027-01-20〜2027-01-26 期末試験."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dialogue.core.text import narrow
from dialogue.core.typed_moment import DAY_SHAPE, read_day

MOST_DAYS: Final = 120
"""Days of one stretch: a long vacation with its exams. More is a slip of the pen, or a term of its own."""

_STRETCH: Final = re.compile(
    rf"(?P<first>{DAY_SHAPE})\s*(?:[〜~–—−-]|から|to\b|until\b)\s*"
    rf"(?P<last>{DAY_SHAPE}|(?P<day>\d{{1,2}})日?(?:\([月火水木金土日]\))?)(?:まで)?(?=\s|$)",
    re.IGNORECASE,
)


class Fault(StrEnum):
    """What is wrong with a line."""

    NO_DAY = "no_day"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


class BadLine(ValueError):
    """A line that names no day or no stretch of days. `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_closed_days(line: str, *, today: date) -> tuple[list[date], str]:
    """Return the days that a line names, in order, and what is written after them.

    A stretch is written with 〜, -, –, から or to, and holds both of its ends. Its last day may leave out what it
    shares with the first: 1月20日〜26日. Without a year, the first is the next such day, today included.

    Raises:
        BadLine: the line does not begin with a day, or its stretch runs backwards or is longer than `MOST_DAYS`.
    """
    plain = narrow(line)
    found = _STRETCH.match(plain)
    try:
        if found is None:
            written, _space, reason = line.partition(" ")
            return [read_day(written, today=today)], reason.strip()
        first = read_day(found["first"], today=today)
        last = first.replace(day=int(found["day"])) if found["day"] else read_day(found["last"], today=first)
    except ValueError as error:
        raise BadLine(Fault.NO_DAY) from error
    if last < first:
        raise BadLine(Fault.BACKWARDS)
    if (last - first).days >= MOST_DAYS:
        raise BadLine(Fault.TOO_LONG)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    # The widths of the reason stay as they were typed.
    begins = next(at for at in range(len(line) + 1) if len(narrow(line[:at])) >= found.end())
    return days, line[begins:].strip()


def lines_of(days: Iterable[tuple[date, str]]) -> list[str]:
    """Return days with their reasons as somebody would type them, in order: what follows with one reason is a stretch.

    `read_closed_days` reads the same days from these lines.
    """
    stretches: list[tuple[date, date, str]] = []
    for day, reason in sorted(days):
        if stretches:
            first, last, same = stretches[-1]
            if reason == same and day == last + timedelta(days=1) and (day - first).days < MOST_DAYS:
                stretches[-1] = (first, day, reason)
                continue
        stretches.append((day, day, reason))
    return [
        f"{first.isoformat()}{'' if first == last else f'〜{last.isoformat()}'} {reason}".strip()
        for first, last, reason in stretches
    ]


def days_in(lines: str, *, today: date) -> list[date]:
    """Return all days that some lines name.

    Raises:
        BadLine: one of them names none.
    """
    return [day for line in lines.splitlines() for day in read_closed_days(line, today=today)[0]]
