"""What of somebody's weekly windows counts, and what falls away: to the grid, or to a clock change on some dates.

`dialogue.core.grid` decides which half hours of a term's week are free; here is why it is less than somebody gave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dialogue.core.grid import LONGEST_OVERRUN, SLOT_MINUTES, Occurrence, course_of, minutes_of_week, walls_of
from dialogue.core.week import MINUTES_IN_DAY, MINUTES_IN_WEEK, WeeklyWindow, merged

_ALL_WEEK: Final = (1 << MINUTES_IN_WEEK) - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a window counts on the dates from `first` to `last`, by the person's clock and calendar.

    `kept` counts; `fallen` would count if these dates were the only ones, but does not hold on dates of another
    stretch. What is in neither does not fill a half hour of the term's clock.
    """

    first: date
    last: date
    kept: tuple[WeeklyWindow, ...]
    fallen: tuple[WeeklyWindow, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One window as somebody gave it, and what counts of it: one stretch for each distance between the two clocks."""

    window: WeeklyWindow
    stretches: tuple[Stretch, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all of the window counts on every date."""
        return bool(self.stretches) and all(one.kept == (self.window,) for one in self.stretches)

    @property
    def is_by_clock_change(self) -> bool:
        """Whether a clock change takes something away."""
        return any(one.fallen for one in self.stretches)


@dataclass(slots=True)
class _Found:
    """Half hours of one window, by the person's clock, on the dates on which the two clocks lie equally far apart."""

    dates: set[date] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    fallen: set[int] = field(default_factory=set)


def readings_of(
    *,
    windows: Iterable[WeeklyWindow],
    zone: str,
    term_zone: str,
    dates_by_weekday: Mapping[int, Sequence[date]],
    overrun: int = LONGEST_OVERRUN,
) -> tuple[Reading, ...]:
    """Return how each of somebody's windows is read; windows of a day that touch count as one.

    The half hours that are kept are those of `free_slots` without dated exceptions.

    Raises:
        ValueError: as `free_slots`.
    """
    given = merged(windows)
    busy = _ALL_WEEK ^ minutes_of_week(given)
    dates = tuple(tuple(dates_by_weekday.get(weekday, ())) for weekday in range(7))
    course = course_of(zone, term_zone, dates, overrun)
    found: list[dict[int, _Found]] = [{} for _window in given]
    masks = [minutes_of_week([window]) for window in given]
    for slot, needs in course.needs.items():
        if needs & busy == needs:
            continue
        holds = not needs & busy
        for occurrence in course.occurrences[slot]:
            if occurrence.needs & busy:
                continue
            wall = walls_of(occurrence.starts, course.zone)[0]
            apart = (wall - slot * SLOT_MINUTES) % MINUTES_IN_WEEK
            for mask, by_distance in zip(masks, found, strict=True):
                if occurrence.needs & mask:
                    here = by_distance.setdefault(apart, _Found())
                    here.dates.add(_local_date(occurrence, wall))
                    (here.kept if holds else here.fallen).add(wall)
    return tuple(Reading(window, _stretches(window, some)) for window, some in zip(given, found, strict=True))


def _stretches(window: WeeklyWindow, found: Mapping[int, _Found]) -> tuple[Stretch, ...]:
    stretches = [
        Stretch(min(one.dates), max(one.dates), _within(window, one.kept), _within(window, one.fallen))
        for one in found.values()
    ]
    return tuple(sorted(stretches, key=lambda one: one.first))


def _within(window: WeeklyWindow, walls: Iterable[int]) -> tuple[WeeklyWindow, ...]:
    """Return half hours that begin at these minutes of the week as parts of a window, each cut to it."""
    opens = window.weekday * MINUTES_IN_DAY + window.starts
    parts: list[tuple[int, int]] = []
    # what begins just before the window may reach into it, so that distances count from half an hour before
    for first in sorted((wall - opens + SLOT_MINUTES) % MINUTES_IN_WEEK - SLOT_MINUTES for wall in walls):
        starts, ends = max(0, first), min(window.minutes, first + SLOT_MINUTES)
        if parts and starts <= parts[-1][1]:
            parts[-1] = (parts[-1][0], ends)
        else:
            parts.append((starts, ends))
    return tuple(_part(window, starts, ends) for starts, ends in parts)


def _part(window: WeeklyWindow, starts: int, ends: int) -> WeeklyWindow:
    """Return the part of a window between two minutes after its start; one that begins past midnight is of that day."""
    days, at = divmod(window.starts + starts, MINUTES_IN_DAY)
    return WeeklyWindow((window.weekday + days) % 7, at, at + ends - starts)


def _local_date(occurrence: Occurrence, wall: int) -> date:
    """Return the date of a half hour by the clock that shows this minute of the week at its start."""
    moment = _EPOCH + timedelta(minutes=occurrence.starts)
    ahead = (wall - (moment.weekday() * MINUTES_IN_DAY + moment.hour * 60 + moment.minute)) % MINUTES_IN_WEEK
    return (moment + timedelta(minutes=ahead if ahead <= MINUTES_IN_WEEK // 2 else ahead - MINUTES_IN_WEEK)).date()
