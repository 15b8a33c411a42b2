"""Two clock times as people write them, as minutes of a day: 19:00, 19時半, 7pm, 午後7時."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dialogue.core.week import MINUTES_IN_DAY

NOON: Final = 12 * 60
LATEST_END: Final = 29 * 60
LONGEST_NIGHT: Final = 12 * 60

# The hours that each word fits. Those up to noon count from midnight, the others from noon.
_MORNING_WORDS: Final[Mapping[str, range]] = MappingProxyType({"午前": range(12), "am": range(12), "朝": range(4, 12)})
_AFTERNOON_WORDS: Final[Mapping[str, range]] = MappingProxyType(
    {
        "午後": range(12),
        "pm": range(12),
        "昼": range(1, 5),
        "夕方": range(3, 8),
        "夜": range(5, 12),
        "晩": range(5, 12),
    }
)


class AvailabilityFault(StrEnum):
    """Why a part could not be read."""

    UNREADABLE = "unreadable"
    NO_DAY = "no_day"
    NO_TIME = "no_time"
    IMPOSSIBLE = "impossible"
    BACKWARDS = "backwards"
    UNCLEAR = "unclear"
    HOURS_UNSAID = "hours_unsaid"
    NOT_EVERY_WEEK = "not_every_week"
    UNKNOWN_ANSWER = "unknown_answer"
    TOO_MUCH = "too_much"


class UnreadableTime(ValueError):
    """These clock times do not say one thing."""

    def __init__(self, fault: AvailabilityFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as written. `half` is 午後, pm and the like; `bare` means digits alone, without 時 or a colon."""

    hour: int
    minute: int = 0
    half: str = ""
    bare: bool = False

    @property
    def as_written(self) -> int:
        return self.hour * 60 + self.minute


def stretch(start: Clock, end: Clock, *, on_next_day: bool = False) -> tuple[int, int]:
    """Return start and end in minutes after the midnight before the start.

    The end may lie on the next day when it is written past 24 (25:00, up to 29:00), as 翌1:00, or plainly as
    22:00-1:00; the last only for up to 12 hours, for 19:00-18:00 is a slip.

    Raises:
        UnreadableTime: an hour that no clock shows, an end before its start, or two readings.
    """
    if not start.half and not end.half and start.bare and end.bare and max(start.hour, end.hour) < 13:
        raise UnreadableTime(AvailabilityFault.UNCLEAR)
    starts = _minutes(start) if start.half or not end.half else _start_before(start, _minutes(end))
    ends = _minutes(end) if end.half or not start.half else _end_after(end, start, starts)
    if starts >= MINUTES_IN_DAY:
        raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)
    if on_next_day:
        if ends > MINUTES_IN_DAY:
            raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)
        ends += MINUTES_IN_DAY
    elif ends < starts and ends + MINUTES_IN_DAY - starts <= LONGEST_NIGHT:
        ends += MINUTES_IN_DAY
        if ends > LATEST_END:
            raise UnreadableTime(AvailabilityFault.BACKWARDS)
    if ends <= starts:
        raise UnreadableTime(AvailabilityFault.BACKWARDS)
    if ends > starts + MINUTES_IN_DAY:
        raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)
    return starts, ends


def alone(clock: Clock) -> int:
    """Return the minutes of a time that stands by itself, as in 19時以降.

    Raises:
        UnreadableTime: no clock shows it, or it has two readings.
    """
    if clock.bare and not clock.half and clock.hour < 13:
        raise UnreadableTime(AvailabilityFault.UNCLEAR)
    return _minutes(clock)


def _minutes(clock: Clock) -> int:
    if clock.minute > 59 or clock.as_written > LATEST_END:
        raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)
    if not clock.half:
        return clock.as_written
    if clock.hour == 12 and clock.half == "昼":
        return NOON + clock.minute
    if clock.hour == 12:
        # 12am and 12pm are settled in English; 午前12時 and 午後12時 are each read both ways.
        if clock.half not in ("am", "pm"):
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return clock.minute + (NOON if clock.half == "pm" else 0)
    if clock.hour in _MORNING_WORDS.get(clock.half, ()):
        return clock.as_written
    if clock.hour in _AFTERNOON_WORDS.get(clock.half, ()):
        return clock.as_written + NOON
    if clock.half in _AFTERNOON_WORDS and 12 < clock.hour < 24:
        return clock.as_written
    raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)


def _start_before(start: Clock, ends: int) -> int:
    """Read the start of 7-9pm or 10-1pm: in the half of the end if it fits there, and only if digits stand alone."""
    early = _minutes(start)
    late = early + NOON
    if early >= NOON or late >= ends:
        if early >= ends:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return early
    if not start.bare:
        raise UnreadableTime(AvailabilityFault.UNCLEAR)
    return late


def _end_after(end: Clock, start: Clock, starts: int) -> int:
    """Read the end of 午後7時〜9時 or 9am-11: in the half of the start, or where only one reading is left."""
    written = _minutes(end)
    if end.hour > 12:
        return written
    if start.half in _MORNING_WORDS:
        if written <= starts:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return written
    later = written + NOON
    return later if later > starts else written + MINUTES_IN_DAY
