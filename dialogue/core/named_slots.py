"""The times of a week that a term offers by name, as a coordinator types them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from dialogue.core.text import narrow, visible
from dialogue.core.typed_moment import read_clock
from dialogue.core.week import MINUTES_IN_WEEK, WeeklyWindow

LATEST_END: Final = 29 * 60
"""As late as a window may end: 5:00 of the next day."""
_PAST_MIDNIGHT: Final = re.compile(r"(?P<hour>2[4-9])(?::|時)?(?:(?P<minute>\d\d)分?|(?P<half>半))?")


@dataclass(frozen=True, slots=True, order=True)
class OfferedSlot:
    """A weekly stretch by the term's wall clock, with what it is called (empty: it goes by its day and time)."""

    window: WeeklyWindow
    name: str = ""


def read_end(text: str) -> int:
    """Return when a stretch ends, in minutes after its day's midnight: 21:00, or 25:00 for one o'clock at night.

    Raises:
        ValueError: the text names no time, or one later than 29:00.
    """
    late = _PAST_MIDNIGHT.fullmatch(narrow(visible(text[:80])).replace(" ", ""))
    if late is None:
        return read_clock(text)
    minute = 30 if late["half"] else int(late["minute"] or 0)
    ends = int(late["hour"]) * 60 + minute
    if minute > 59 or ends > LATEST_END:
        raise ValueError(f"{text!r} is not the end of a stretch")
    return ends


def first_overlap(windows: Iterable[WeeklyWindow]) -> tuple[WeeklyWindow, WeeklyWindow] | None:
    """Return the first two windows that share a minute of the week. Sunday night runs on into Monday."""
    for one, other in combinations(sorted(windows), 2):
        if _share(one, other):
            return one, other
    return None


def _share(one: WeeklyWindow, other: WeeklyWindow) -> bool:
    start, end = _in_week(one)
    return any(
        start < there_ends and there_starts < end
        for there_starts, there_ends in (
            (at + shift, until + shift)
            for at, until in (_in_week(other),)
            for shift in (-MINUTES_IN_WEEK, 0, MINUTES_IN_WEEK)
        )
    )


def _in_week(window: WeeklyWindow) -> tuple[int, int]:
    midnight = window.weekday * 24 * 60
    return midnight + window.starts, midnight + window.ends
