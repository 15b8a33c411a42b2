"""A day and a time of day as people type them, in every width: 12月8日, 令和8年12月8日, 2026/12/8; 19:30, 19時半."""

import re
from datetime import date
from typing import Final

from dialogue.core.text import narrow, visible

_DAY: Final = re.compile(
    r"(?:(?P<era>令和|r)?(?P<year>\d{1,4}|元)[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:\([月火水木金土日]\))?",
    re.IGNORECASE,
)
DAY_SHAPE: Final = re.sub(r"\?P<\w+>", "?:", _DAY.pattern)
"""What a day looks like, as a part of a longer expression: no group of it has a name. For narrow text."""
_REIWA_BEGAN: Final = 2019
_CLOCK: Final = re.compile(
    r"(?P<before>午前|午後|夜|朝)?(?P<hour>\d{1,2})(?:(?::|時)(?:(?P<minute>\d{1,2})分?|(?P<half>半))?)?(?P<after>am|pm|a\.m\.|p\.m\.)?",
    re.IGNORECASE,
)
_PACKED: Final = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})")
_AFTER_NOON: Final = frozenset({"午後", "夜", "pm", "p.m."})


def read_day(text: str, *, today: date) -> date:
    """Return the day that a text names. Without a year it is the next such day, today included.

    Raises:
        ValueError: the text names no day, or a day that no calendar has.
    """
    found = _DAY.fullmatch(_squeezed(text))
    if found is None:
        raise ValueError(f"{text!r} is not a day")
    month, day = int(found["month"]), int(found["day"])
    if found["year"] is None:
        return _next(month, day, today)
    if not found["era"] and len(found["year"]) != 4:
        raise ValueError(f"{text!r} does not say which year")
    count = 1 if found["year"] == "元" else int(found["year"])
    return date(count + _REIWA_BEGAN - 1 if found["era"] else count, month, day)


def read_clock(text: str) -> int:
    """Return a time of day in minutes after midnight.

    A bare number such as 7 is refused: it may be the morning or the evening.

    Raises:
        ValueError: the text names no time of day, or two.
    """
    squeezed = _squeezed(text).lower()
    if packed := _PACKED.fullmatch(squeezed):
        return _minutes(int(packed["hour"]), int(packed["minute"]), text)
    found = _CLOCK.fullmatch(squeezed)
    if found is None or (found["before"] and found["after"]):
        raise ValueError(f"{text!r} is not a time of day")
    hour, half_of_day = int(found["hour"]), found["before"] or found["after"]
    minute = 30 if found["half"] else int(found["minute"] or 0)
    if half_of_day is None:
        if squeezed.isdigit():
            raise ValueError(f"{text!r} may be the morning or the evening")
        return _minutes(hour, minute, text)
    if hour > 12 or (hour == 12 and half_of_day not in ("am", "pm", "a.m.", "p.m.")):
        raise ValueError(f"{text!r} can be read in two ways")
    return _minutes(hour % 12 + (12 if half_of_day in _AFTER_NOON else 0), minute, text)


def _squeezed(text: str) -> str:
    return narrow(visible(text[:80])).replace(" ", "")


def _next(month: int, day: int, today: date) -> date:
    for year in range(today.year, today.year + 9):  # 29 February comes back within eight years
        try:
            named = date(year, month, day)
        except ValueError:
            continue
        if named >= today:
            return named
    raise ValueError(f"no calendar has {month}/{day}")


def _minutes(hour: int, minute: int, text: str) -> int:
    if hour > 23 or minute > 59:
        raise ValueError(f"no clock shows {text!r}")
    return hour * 60 + minute
