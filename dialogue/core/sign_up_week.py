"""The half hours of a week that somebody ticks, and the weekly windows that they make."""

from collections.abc import Iterable, Set
from itertools import groupby
from typing import Final, NamedTuple

from dialogue.core.week import MINUTES_IN_DAY, MINUTES_IN_WEEK, WeeklyWindow, merged

HALF_HOUR: Final = 30
MORNING: Final = (9 * 60, 12 * 60)
AFTERNOON: Final = (13 * 60, 17 * 60)
EVENING: Final = (19 * 60, 22 * 60)
BLOCKS: Final = (MORNING, AFTERNOON, EVENING)
"""What one press ticks of a day: from, to, in minutes after midnight."""

WEEKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)
EVERY_DAY: Final = (*WEEKDAYS, *WEEKEND)


class HalfHour(NamedTuple):
    """Half an hour of the week: weekday from Monday = 0, and the minute after midnight at which it starts."""

    weekday: int
    starts: int


Ticked = Set[HalfHour]


def half_hours(*, weekdays: Iterable[int], starts: int, ends: int) -> frozenset[HalfHour]:
    """Return the half hours of some days between two minutes after midnight."""
    return frozenset(HalfHour(day, at) for day in weekdays for at in range(starts, ends, HALF_HOUR))


def switched(ticked: Ticked, some: Ticked) -> frozenset[HalfHour]:
    """Tick all of these half hours, or take them out when all of them were ticked."""
    return frozenset(ticked - some if some <= ticked else ticked | some)


def copied(ticked: Ticked, *, weekday: int, to: Iterable[int]) -> frozenset[HalfHour]:
    """Give some days the very half hours of one."""
    targets = set(to) - {weekday}
    pattern = [one.starts for one in ticked if one.weekday == weekday]
    kept = {one for one in ticked if one.weekday not in targets}
    return frozenset(kept | {HalfHour(day, starts) for day in targets for starts in pattern})


def windows_of(ticked: Ticked) -> tuple[WeeklyWindow, ...]:
    """Return what was ticked as few windows as possible, none of which passes midnight."""
    return merged(WeeklyWindow(one.weekday, one.starts, one.starts + HALF_HOUR) for one in ticked)


def ticked_of(windows: Iterable[WeeklyWindow]) -> frozenset[HalfHour]:
    """Return the half hours that lie whole inside the windows, as the matching counts them.

    Windows that touch count as one; Sunday night runs on into Monday.
    """
    minutes: set[int] = set()
    for window in windows:
        first = window.weekday * MINUTES_IN_DAY + window.starts
        minutes.update(minute % MINUTES_IN_WEEK for minute in range(first, first + window.minutes))
    return frozenset(
        HalfHour(start // MINUTES_IN_DAY, start % MINUTES_IN_DAY)
        for start in range(0, MINUTES_IN_WEEK, HALF_HOUR)
        if minutes.issuperset(range(start, start + HALF_HOUR))
    )


def shifted(windows: Iterable[WeeklyWindow], *, minutes: int) -> tuple[WeeklyWindow, ...]:
    """Return the windows by a clock that shows so many minutes more. Negative minutes are a clock that lies behind."""
    moved = []
    for window in windows:
        first = (window.weekday * MINUTES_IN_DAY + window.starts + minutes) % MINUTES_IN_WEEK
        weekday, starts = divmod(first, MINUTES_IN_DAY)
        moved.append(WeeklyWindow(weekday, starts, starts + window.minutes))
    return merged(moved)


def alike(windows: Iterable[WeeklyWindow]) -> list[tuple[tuple[int, ...], tuple[WeeklyWindow, ...]]]:
    """Return days with the same hours together, in the order of their first day: 「月・火・木 19:00〜22:00」."""
    by_day = {day: tuple(some) for day, some in groupby(sorted(windows), key=lambda one: one.weekday)}
    hours: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, some in by_day.items():
        hours.setdefault(tuple((one.starts, one.ends) for one in some), []).append(day)
    return [(tuple(days), by_day[days[0]]) for days in hours.values()]
