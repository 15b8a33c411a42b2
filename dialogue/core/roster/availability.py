"""Weekly availability as people write it, and as Madoi prints it. What could be read in two ways is refused.

Read: 月 19:00-21:00, 21:30-23:00; 土 10:00-12:00 · Mon 7pm-9pm · 月曜 19時〜21時半 · 月・水 19:00-21:00 ·
月〜金 19:00-21:00 · 平日 · 土日 · 毎日 · 火・木の夜 · 22:00-1:00, 22:00-25:00 and 22:00-翌1:00 (the next day).

Fixed meanings: 終日 is 08:00 to 22:00, 夜 19:00 to 22:00, 19時以降 and 19:00〜 last until 23:00, 12時まで and
〜12:00 start at 08:00; a `Dialect` changes them for one file. Hours without 時, colon or am/pm are read only when one
of them is past 12 (19-21), for 7-9 may be the morning or the evening. 第2・4土曜 and 隔週 are understood and refused,
with the weekly window beside the refusal: a week cannot promise them.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Final, Literal

from dialogue.core.roster.availability_tokens import (
    Token,
    UnreadableAvailability,
    days_of,
    normalised,
    rest,
    tokens,
)
from dialogue.core.roster.cells import is_nothing
from dialogue.core.roster.clock_words import AvailabilityFault, Clock, UnreadableTime, alone, stretch
from dialogue.core.roster.dialect import USUAL, Dialect, Hours
from dialogue.core.week import MINUTES_IN_DAY, WeeklyWindow, merged

MAX_WINDOWS: Final = 200

_WEEKDAYS: Final = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
# 19:00〜 has an open end; after 19:00- somebody forgot to write on.
_OPEN_DASHES: Final = ("~", "〜", "から", "より")


@lru_cache(maxsize=4096)
def read_windows(text: str, dialect: Dialect = USUAL) -> tuple[WeeklyWindow, ...]:
    """Return the weekly windows that the text names, merged; none for a blank text, なし or 未定.

    Raises:
        UnreadableAvailability: a part is not understood, or could mean two things.
    """
    if is_nothing(text):
        return ()
    source = normalised(text)
    windows = list(_Reader(source, dialect).windows())
    if len(windows) > MAX_WINDOWS:
        raise UnreadableAvailability(source, AvailabilityFault.TOO_MUCH)
    return merged(windows)


@lru_cache(maxsize=4096)
def read_hours(text: str, dialect: Dialect = USUAL) -> tuple[Hours, ...]:
    """Return the hours that a text lists for a day that is known already: 19:00-20:00, 夜, 終日.

    Raises:
        UnreadableAvailability: a part is not understood, names a day, or could mean two things.
    """
    if is_nothing(text):
        return ()
    found = _Reader(normalised(text), dialect).hours()
    if len(found) > MAX_WINDOWS:
        raise UnreadableAvailability(normalised(text), AvailabilityFault.TOO_MUCH)
    return found


@lru_cache(maxsize=4096)
def read_days(text: str) -> tuple[int, ...]:
    """Return the weekdays that a text lists for hours that are known already: 月, 水; Mon/Wed; 平日.

    Raises:
        UnreadableAvailability: a part is not understood, or is not a weekday.
    """
    return () if is_nothing(text) else _Reader(normalised(text), USUAL).days()


def read_slot(text: str, dialect: Dialect = USUAL) -> tuple[tuple[int, ...], Hours | None]:
    """Return the days and hours that the head of a column names: 月曜日, 19:00-20:00 or 火 19:00-21:00.

    Raises:
        UnreadableAvailability: it names neither, several stretches of hours, or what could mean two things.
    """
    return _Reader(normalised(text), dialect).slot()


class _Reader:
    """Reads clauses: days, then times, then the next days. One method for each thing that can stand there."""

    def __init__(self, source: str, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.tokens = list(tokens(source, dialect))
        self.at = 0
        self.item_starts = 0

    def windows(self) -> Iterator[WeeklyWindow]:
        while self._goes_on():
            self.item_starts = self._now.starts
            if self._now.kind == "nth":
                raise self._not_every_week()
            yield from self._clause()

    def hours(self) -> tuple[Hours, ...]:
        found: list[Hours] = []
        while self._goes_on():
            self.item_starts = self._now.starts
            if self._now.kind in ("day", "nth"):
                raise self._fault(AvailabilityFault.UNREADABLE)
            found += self._times()
        return tuple(found)

    def days(self) -> tuple[int, ...]:
        found: dict[int, None] = {}
        while self._goes_on():
            self.item_starts = self._now.starts
            if self._now.kind != "day":
                raise self._fault(AvailabilityFault.UNREADABLE)
            found.update(dict.fromkeys(self._days()))
        return tuple(sorted(found))

    def slot(self) -> tuple[tuple[int, ...], Hours | None]:
        days = self._days() if self._now.kind == "day" else ()
        times = list(self._times())
        if self._goes_on() or len(times) > 1 or not (days or times):
            raise self._fault(AvailabilityFault.UNREADABLE)
        return days, (times[0] if times else None)

    def _goes_on(self) -> bool:
        while self.at < len(self.tokens) - 1 and self._take("end", "comma"):
            pass
        return self.at < len(self.tokens) - 1

    def _clause(self) -> Iterator[WeeklyWindow]:
        days = self._days()
        times = list(self._times())
        if not times:
            raise self._fault(AvailabilityFault.NO_TIME)
        for starts, ends in times:
            for day in days:
                yield WeeklyWindow(day, starts, ends)

    def _not_every_week(self) -> UnreadableAvailability:
        part = rest(self.source, self.item_starts)
        instead: tuple[WeeklyWindow, ...] = ()
        while self._take("nth"):
            pass
        with suppress(UnreadableAvailability):  # a suggestion is made where there is one
            instead = merged(self._clause())
        return UnreadableAvailability(part, AvailabilityFault.NOT_EVERY_WEEK, instead)

    def _days(self) -> tuple[int, ...]:
        if self._now.kind != "day":
            timed = self._now.kind in ("time", "half", "word", "all_day", "since", "until", "dash")
            raise self._fault(AvailabilityFault.NO_DAY if timed else AvailabilityFault.UNREADABLE)
        days: dict[int, None] = {}
        while day := self._take("day"):
            first = days_of(day)
            if self._now.kind == "dash" and self.tokens[self.at + 1].kind == "day":
                self._take("dash")
                last = days_of(self._must_take("day"))
                if len(first) != 1 or len(last) != 1 or first == last:
                    raise self._fault(AvailabilityFault.UNCLEAR)
                first = tuple((first[0] + step) % 7 for step in range((last[0] - first[0]) % 7 + 1))
            days.update(dict.fromkeys(first))
            if self._now.kind == "comma":
                self._take("comma")
        return tuple(days)

    def _times(self) -> Iterator[Hours]:
        while self._now.kind not in ("end", "day", "nth"):
            self.item_starts = self._now.starts
            try:
                yield self._time()
            except UnreadableTime as error:
                raise self._fault(error.fault) from error
            self._take("comma")

    def _time(self) -> Hours:
        if self._take("all_day"):
            return self.dialect.all_day
        if self._now.kind in ("word", "half") and self.tokens[self.at + 1].kind != "time":
            return self._named_hours()
        if self._take("until") or self._take_open_dash():
            ends = alone(self._written_clock())
            self._take("made")
            return self._before(ends)
        named_from = self._take("since")
        start = self._written_clock()
        if self._take("onward"):
            return self._onward(start)
        if self._take("until", "made"):
            return self._before(alone(start))
        is_open = self._now.text in _OPEN_DASHES
        if not (self._take("dash") or (named_from and self._take("until"))):
            if named_from:
                return self._onward(start)
            return self._usual_length(start)
        if self._now.kind in ("comma", "end", "day"):
            if not is_open:
                raise UnreadableTime(AvailabilityFault.NO_TIME)
            return self._onward(start)
        next_day = self._take("next_day") is not None
        end = self._written_clock()
        next_day = self._take("next_day") is not None or next_day
        self._take("made")
        return stretch(start, end, on_next_day=next_day)

    def _named_hours(self) -> Hours:
        named = self.dialect.hours_of(self.tokens[self.at].text)
        if named is None:
            raise UnreadableTime(AvailabilityFault.HOURS_UNSAID)
        self._take("word", "half")
        return named

    def _written_clock(self) -> Clock:
        before = self._take("half")
        clock = self._must_take("time").clock
        after = self._take("half")
        if clock is None or (before and after):
            raise UnreadableTime(AvailabilityFault.UNREADABLE)
        word = before or after
        half = word.text.replace(".", "") if word else ""
        return Clock(clock.hour, clock.minute, half, clock.bare)

    def _onward(self, start: Clock) -> Hours:
        starts = alone(start)
        if starts >= self.dialect.latest:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return starts, self.dialect.latest

    def _before(self, ends: int) -> Hours:
        if not self.dialect.earliest < ends <= MINUTES_IN_DAY:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return self.dialect.earliest, ends

    def _usual_length(self, start: Clock) -> Hours:
        if not self.dialect.lasts:
            raise UnreadableTime(AvailabilityFault.NO_TIME)
        starts = alone(start)
        if starts >= MINUTES_IN_DAY:
            raise UnreadableTime(AvailabilityFault.IMPOSSIBLE)
        return starts, starts + self.dialect.lasts

    @property
    def _now(self) -> Token:
        return self.tokens[self.at]

    def _take(self, *kinds: str) -> Token | None:
        token = self.tokens[self.at]
        if token.kind not in kinds:
            return None
        if self.at < len(self.tokens) - 1:  # the end of the text stays where it is
            self.at += 1
        return token

    def _take_open_dash(self) -> Token | None:
        return self._take("dash") if self._now.text in _OPEN_DASHES else None

    def _must_take(self, kind: str) -> Token:
        taken = self._take(kind)
        if taken is None:
            raise self._fault(AvailabilityFault.UNREADABLE)
        return taken

    def _fault(self, fault: AvailabilityFault) -> UnreadableAvailability:
        return UnreadableAvailability(rest(self.source, self.item_starts), fault)


def print_windows(windows: Iterable[WeeklyWindow], language: Literal["ja", "en"] = "ja") -> str:
    """Return the windows as people read them; `read_windows` gives the same windows back, merged.

    Days with the same times stand together: 月・水 19:00〜21:00、21:30〜23:00; 土 10:00〜12:00.
    """
    times_of: dict[int, list[str]] = {}
    for window in merged(windows):
        times_of.setdefault(window.weekday, []).append(_printed(window, language))
    days_with: dict[tuple[str, ...], list[str]] = {}
    for day, times in times_of.items():
        days_with.setdefault(tuple(times), []).append(_WEEKDAYS[language][day])
    between_days, between_times = ("・", "、") if language == "ja" else ("/", ", ")
    return "; ".join(f"{between_days.join(days)} {between_times.join(times)}" for times, days in days_with.items())


def _printed(window: WeeklyWindow, language: Literal["ja", "en"]) -> str:
    dash, next_day = ("〜", "翌") if language == "ja" else ("-", "next day ")
    if window.ends <= MINUTES_IN_DAY:
        return f"{hhmm(window.starts)}{dash}{hhmm(window.ends)}"
    return f"{hhmm(window.starts)}{dash}{next_day}{hhmm(window.ends - MINUTES_IN_DAY)}"


def hhmm(minutes: int) -> str:
    """Return minutes after midnight as 19:30; past midnight as 25:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
