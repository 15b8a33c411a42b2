"""The weekly windows of one person from the columns that speak of time, free or busy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.core.roster.availability import read_days, read_hours, read_windows
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.cells import is_nothing
from dialogue.core.roster.clock_words import AvailabilityFault
from dialogue.core.roster.dialect import Dialect
from dialogue.core.roster.mapping import Answer, Says, Slot, TimeRules
from dialogue.core.text import for_comparing, visible
from dialogue.core.week import MINUTES_IN_DAY, MINUTES_IN_WEEK, WeeklyWindow, merged

_EACH_DAY: Final = range(7)
# 未定 and a dash do not say that somebody is never busy.
_NEVER_BUSY: Final = frozenset(
    for_comparing(word) for word in ("なし", "無し", "無", "特になし", "とくになし", "ありません", "none", "nothing")
)


@dataclass(frozen=True, slots=True)
class TimeCell:
    """What somebody wrote into a column that speaks of time."""

    slot: Slot
    text: str


def read_cell(cell: TimeCell, rules: TimeRules, dialect: Dialect) -> tuple[WeeklyWindow, ...]:
    """Return the windows that one cell lists, busy or free as the file has it; of a slot that was offered, the slot
    where the answer takes it.

    Raises:
        UnreadableAvailability: a part is not understood, or could mean two things.
    """
    slot = cell.slot
    if slot.days and slot.hours:
        answer = rules.answer(cell.text)
        if answer is None:
            raise UnreadableAvailability(visible(cell.text), AvailabilityFault.UNKNOWN_ANSWER)
        is_taken = answer is Answer.YES or (answer is Answer.MAYBE and rules.maybe_is_free)
        return tuple(WeeklyWindow(day, *slot.hours) for day in slot.days) if is_taken else ()
    if slot.days:
        return tuple(WeeklyWindow(day, *hours) for hours in read_hours(cell.text, dialect) for day in slot.days)
    if slot.hours:
        return tuple(WeeklyWindow(day, *slot.hours) for day in read_days(cell.text))
    return read_windows(cell.text, dialect)


def free_windows(
    read: Sequence[tuple[TimeCell, tuple[WeeklyWindow, ...]]], rules: TimeRules
) -> tuple[WeeklyWindow, ...]:
    """Return when somebody is free, from each cell and what `read_cell` made of it.

    Where several columns offer the same weekly slot (12/1(火) 19:00 and 12/8(火) 19:00), all of them must be taken:
    a weekly window is a promise for every week.
    """
    if rules.says is Says.BUSY:
        return merged(_around(read, rules))
    refused = {
        (day, cell.slot.hours)
        for cell, windows in read
        if cell.slot.days and cell.slot.hours and not windows
        for day in cell.slot.days
    }
    return merged(
        window
        for cell, windows in read
        for window in windows
        if not (cell.slot.days and cell.slot.hours) or (window.weekday, cell.slot.hours) not in refused
    )


def _around(read: Sequence[tuple[TimeCell, tuple[WeeklyWindow, ...]]], rules: TimeRules) -> Iterable[WeeklyWindow]:
    busy = [window for _, windows in read for window in windows]
    opens, closes = rules.day
    for day in sorted({day for cell, windows in read for day in _days_told(cell, windows, rules)}):
        cursor = opens
        for starts, ends in _blocked(busy, day):
            if starts >= closes:
                break
            if starts > cursor:
                yield WeeklyWindow(day, cursor, starts)
            cursor = max(cursor, ends)
        if cursor < closes:
            yield WeeklyWindow(day, cursor, closes)


def _days_told(cell: TimeCell, windows: Iterable[WeeklyWindow], rules: TimeRules) -> Iterable[int]:
    """Return the days of which a cell tells when somebody is busy, so that the rest of the day is known to be free."""
    days = cell.slot.days or _EACH_DAY
    if rules.empty_is_free or for_comparing(cell.text) in _NEVER_BUSY:
        return days
    if is_nothing(cell.text):
        return ()
    return cell.slot.days or {window.weekday for window in windows}


def _blocked(busy: Iterable[WeeklyWindow], day: int) -> list[tuple[int, int]]:
    """Return the busy minutes as a clock of this day counts them, also those that run in from the night before."""
    midnight = day * MINUTES_IN_DAY
    found: list[tuple[int, int]] = []
    for window in busy:
        starts = window.weekday * MINUTES_IN_DAY + window.starts
        for week in (-MINUTES_IN_WEEK, 0, MINUTES_IN_WEEK):
            found.append((starts + week - midnight, starts + week + window.minutes - midnight))
    return sorted(found)


def unreadable_mix(slots: Mapping[str, Slot], rules: TimeRules) -> str:
    """Return the header of a column that no busy hours can be read from, "" for none.

    A column for hours that lists busy days leaves open which days were asked about at all; one for a day and hours
    says with ○ that somebody can come.
    """
    if rules.says is Says.FREE:
        return ""
    return next((header for header, slot in slots.items() if slot.hours), "")
