"""Weekly windows by wall clock: what a person means by "Tuesdays from 19:00 to 21:00"."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MINUTES_IN_DAY: Final = 24 * 60
MINUTES_IN_WEEK: Final = 7 * MINUTES_IN_DAY


@dataclass(frozen=True, slots=True, order=True)
class WeeklyWindow:
    """A stretch of every week by wall clock, from `starts` up to, not including, `ends`.

    `weekday` counts from Monday = 0. `starts` and `ends` are minutes after that day's midnight;
    `ends` may reach into the next day (25:00 is 1500) but a window never lasts over 24 hours.
    """

    weekday: int
    starts: int
    ends: int

    def __post_init__(self) -> None:
        """Refuse what no week has.

        Raises:
            ValueError: the weekday is not 0 to 6, or the minutes do not follow each other within a day's length.
        """
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday} is not between 0 and 6")
        if not 0 <= self.starts < MINUTES_IN_DAY or not self.starts < self.ends <= self.starts + MINUTES_IN_DAY:
            raise ValueError(f"minutes {self.starts} to {self.ends} are not a stretch of one day")

    @property
    def minutes(self) -> int:
        return self.ends - self.starts


def merged(windows: Iterable[WeeklyWindow]) -> tuple[WeeklyWindow, ...]:
    """Return the same times as few windows as possible: overlapping or touching ones of a day become one.

    Two windows that together last over 24 hours stay two, so no minute is lost.
    """
    result: list[WeeklyWindow] = []
    for window in sorted(windows):
        latest = result[-1] if result else None
        touches = latest is not None and latest.weekday == window.weekday and window.starts <= latest.ends
        if latest is not None and touches and window.ends <= latest.starts + MINUTES_IN_DAY:
            result[-1] = WeeklyWindow(latest.weekday, latest.starts, max(latest.ends, window.ends))
        else:
            result.append(window)
    return tuple(result)
