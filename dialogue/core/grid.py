"""One person's weekly windows as the half-hour slots of a term's week that they can truly attend.

A slot counts as free only when it holds on every date of the series, so a set of free slots never promises
a session that a clock change would break. "Holds" means: through every minute of the slot, the person's own
wall clock shows a time inside one of their windows. Windows are thereby rounded inward to the term's grid.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from operator import itemgetter, or_
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.core.spans import Span
from dialogue.core.wall_clock import MINUTE, moment_at, zone_named
from dialogue.core.week import MINUTES_IN_DAY, MINUTES_IN_WEEK, WeeklyWindow

SLOT_MINUTES: Final = 30
SLOTS_IN_DAY: Final = MINUTES_IN_DAY // SLOT_MINUTES
SLOTS_IN_WEEK: Final = 7 * SLOTS_IN_DAY
LONGEST_OVERRUN: Final = 120
"""Minutes past midnight that a session may last: the longest session that is offered."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ALL_WEEK: Final = (1 << MINUTES_IN_WEEK) - 1
_EPOCH_IN_WEEK: Final = _EPOCH.weekday() * MINUTES_IN_DAY


def free_slots(
    *,
    windows: Iterable[WeeklyWindow],
    zone: str,
    term_zone: str,
    dates_by_weekday: Mapping[int, Sequence[date]],
    unavailable: Sequence[Span] = (),
    available: Sequence[Span] = (),
    overrun: int = LONGEST_OVERRUN,
) -> int:
    """Return the slots a person is free in as a 336-bit mask: bit 0 is Monday 00:00 in the term's zone.

    `windows` are in the person's `zone`; `dates_by_weekday` gives the real dates of the series in the term's zone for
    each weekday (Monday = 0) that is in question. A slot is free when it holds on all of its weekday's dates. The first
    `overrun` minutes of a day must also hold on the days that really follow the series' dates of the weekday before:
    a session on Tuesday the 3rd at 23:30 goes on through Wednesday the 4th, whether or not that Wednesday is a date.

    Dated exceptions: a minute in `unavailable` is never free; one in `available` is free whatever the windows say;
    where both claim a minute, `unavailable` wins. A minute they cover in part counts as unavailable, not as available.

    Clock changes: in the hour that the person's clock repeats, both passes count as the time shown. A slot that
    the term's clock skips or repeats on one of its dates is not free, because a session there would not lie where its
    slots say. A weekday without dates has no free slots, but for those that the day before reaches into.

    Raises:
        ValueError: a zone is unknown, a date is listed under another weekday, or `overrun` is not within a day.
    """
    if not set(dates_by_weekday) <= set(range(7)) or not 0 <= overrun <= MINUTES_IN_DAY:
        raise ValueError("weekdays are 0 to 6, and a session overruns by a day at most")
    dates = tuple(tuple(dates_by_weekday.get(weekday, ())) for weekday in range(7))
    course = course_of(zone, term_zone, dates, overrun)
    busy = _ALL_WEEK ^ minutes_of_week(windows)  # not `~`: Python is slow at masks below zero

    free = sum(1 << slot for slot, needs in course.needs.items() if not needs & busy)
    if available:
        extra = _whole_minutes(available)
        for slot in course.slots_during(extra):
            if not free >> slot & 1 and course.holds_with(slot, busy, extra):
                free |= 1 << slot
    for slot in course.slots_during(_touched_minutes(unavailable)):
        free &= ~(1 << slot)
    return free


def lost_minutes(window: WeeklyWindow) -> int:
    """Return how many minutes of a window the half-hour grid cannot use: 19:10 to 21:00 loses 20.

    Windows that touch lose nothing where they meet, so ask this of `merged` windows. Between zones that lie a
    quarter of an hour apart (Kathmandu, Chatham) up to 30 minutes more are lost.
    """
    first = -(-window.starts // SLOT_MINUTES) * SLOT_MINUTES
    last = window.ends // SLOT_MINUTES * SLOT_MINUTES
    return window.minutes - max(0, last - first)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One slot on one date: the minute it starts since the epoch, and the minutes of the person's week it needs."""

    starts: int
    needs: int


@dataclass(frozen=True, slots=True)
class Course:
    """All slots on all dates of a series as one person's zone sees them; shared by everyone in that zone."""

    zone: ZoneInfo
    occurrences: Mapping[int, tuple[Occurrence, ...]]
    needs: Mapping[int, int]
    timeline: tuple[tuple[int, int], ...]

    def slots_during(self, stretches: Iterable[tuple[int, int]]) -> set[int]:
        """Return the usable slots of which an occurrence shares a minute with a stretch."""
        found: set[int] = set()
        for first, last in stretches:
            here = bisect_right(self.timeline, (first - SLOT_MINUTES, SLOTS_IN_WEEK))
            there = bisect_left(self.timeline, (last, -1))
            found.update(slot for _, slot in self.timeline[here:there])
        return found

    def holds_with(self, slot: int, busy: int, extra: Sequence[tuple[int, int]]) -> bool:
        """Tell whether on every date each minute of the slot is in a window or in one of the extra stretches."""
        for occurrence in self.occurrences[slot]:
            if not occurrence.needs & busy:
                continue
            if not any(first < occurrence.starts + SLOT_MINUTES and occurrence.starts < last for first, last in extra):
                return False
            for minute, wall in enumerate(walls_of(occurrence.starts, self.zone), occurrence.starts):
                if busy >> wall & 1 and not _lies_in(minute, extra):
                    return False
        return True


@lru_cache(maxsize=64)
def course_of(zone: str, term_zone: str, dates: tuple[tuple[date, ...], ...], overrun: int) -> Course:
    place, term_place = zone_named(zone), zone_named(term_zone)
    for weekday, listed in enumerate(dates):
        if any(day.weekday() != weekday for day in listed):
            raise ValueError(f"a date listed under weekday {weekday} is another day of the week")
    starts_of = {day: _slot_starts(day, term_place) for day in _all_days(dates)}

    occurrences: dict[int, tuple[Occurrence, ...]] = {}
    shared: dict[int, int] = {}
    for slot in range(SLOTS_IN_WEEK):
        weekday, nth = divmod(slot, SLOTS_IN_DAY)
        days = _days_of(dates, weekday, with_overrun=nth * SLOT_MINUTES < overrun)
        starts = [starts_of[day][nth] for day in days if nth in starts_of[day]]
        if days and len(starts) == len(days):
            needs = [sum(1 << wall for wall in walls_of(start, place)) for start in starts]
            occurrences[slot] = tuple(
                # the same few numbers come back every week: kept once, a course takes a tenth of the memory
                Occurrence(start, shared.setdefault(need, need))
                for start, need in zip(starts, needs, strict=True)
            )
    return Course(
        zone=place,
        occurrences=occurrences,
        needs={slot: _union(each.needs for each in dated) for slot, dated in occurrences.items()},
        timeline=tuple(sorted((each.starts, slot) for slot, dated in occurrences.items() for each in dated)),
    )


def _days_of(dates: tuple[tuple[date, ...], ...], weekday: int, *, with_overrun: bool) -> list[date]:
    next_days = [day + timedelta(days=1) for day in dates[weekday - 1]] if with_overrun else []
    return sorted({*dates[weekday], *next_days})


def _all_days(dates: tuple[tuple[date, ...], ...]) -> set[date]:
    return {day for weekday in range(7) for day in _days_of(dates, weekday, with_overrun=True)}


def _slot_starts(day: date, zone: ZoneInfo) -> dict[int, int]:
    """Return the minute since the epoch at which each slot of a day begins, without those a clock change touches."""
    midnight, next_midnight = (_minute(moment_at(day=day, minute=at, zone=zone)) for at in (0, MINUTES_IN_DAY))
    if next_midnight - midnight == MINUTES_IN_DAY:  # no zone has ever made two changes in one day
        return {nth: midnight + nth * SLOT_MINUTES for nth in range(SLOTS_IN_DAY)}
    opening = datetime.combine(day, time.min, zone)
    return {
        nth: _minute(opening + nth * SLOT_MINUTES * MINUTE)
        for nth in range(SLOTS_IN_DAY)
        if all(_happens_once(opening + (nth * SLOT_MINUTES + later) * MINUTE) for later in range(SLOT_MINUTES))
    }


def _happens_once(local: datetime) -> bool:
    # the two folds of a local time differ exactly when a clock change skips or repeats it (PEP 495)
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def walls_of(start: int, zone: ZoneInfo) -> list[int]:
    """Return what minute of the week a clock in `zone` shows through the minutes of the slot that begins at `start`."""
    first, last = (_offset(start + later, zone) for later in (0, SLOT_MINUTES - 1))
    offsets = [first] * SLOT_MINUTES if first == last else [_offset(start + n, zone) for n in range(SLOT_MINUTES)]
    return [(_EPOCH_IN_WEEK + start + nth + offset) % MINUTES_IN_WEEK for nth, offset in enumerate(offsets)]


def _offset(minute: int, zone: ZoneInfo) -> int:
    offset = (_EPOCH + minute * MINUTE).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // MINUTE


def minutes_of_week(windows: Iterable[WeeklyWindow]) -> int:
    """Return the minutes of the week inside any of the windows as a mask; Sunday night runs on into Monday."""
    unrolled = _union(
        (1 << window.minutes) - 1 << window.weekday * MINUTES_IN_DAY + window.starts for window in windows
    )
    return (unrolled | unrolled >> MINUTES_IN_WEEK) & _ALL_WEEK


def _union(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def _touched_minutes(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return, for each span, the first minute it touches and the first after it that it does not."""
    return [((span.starts_at - _EPOCH) // MINUTE, -((_EPOCH - span.ends_at) // MINUTE)) for span in spans]


def _whole_minutes(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the minutes that the spans cover in full, as few stretches as possible, in order."""
    stretches: list[tuple[int, int]] = []
    for span in sorted(spans):
        first, last = -((_EPOCH - span.starts_at) // MINUTE), (span.ends_at - _EPOCH) // MINUTE
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], last))
        elif first < last:
            stretches.append((first, last))
    return stretches


def _lies_in(minute: int, stretches: Sequence[tuple[int, int]]) -> bool:
    nth = bisect_right(stretches, minute, key=itemgetter(0)) - 1
    return nth >= 0 and minute < stretches[nth][1]


def _minute(moment: datetime) -> int:
    return (moment - _EPOCH) // MINUTE
