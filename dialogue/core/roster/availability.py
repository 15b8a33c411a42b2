"""Weekly availability as people write it, and as Madoi prints it. What could be read in two ways is refused.

Read: 月 19:00-21:00, 21:30-23:00; 土 10:00-12:00 · Mon 7pm-9pm · 月曜 19時〜21時半 · 月・水 19:00-21:00 ·
月〜金 19:00-21:00 · 平日 · 土日 · 毎日 · 22:00-1:00, 22:00-25:00 and 22:00-翌1:00 (the next day).

Fixed meanings: 終日 is 08:00 to 22:00, 19時以降 and 19:00〜 last until 23:00, 12時まで and 〜12:00 start at 08:00.
Hours without 時, colon or am/pm are read only when one of them is past 12 (19-21), for 7-9 may be the morning
or the evening.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from dialogue.core.roster.cells import is_nothing
from dialogue.core.roster.clock_words import AvailabilityFault, Clock, UnreadableTime, alone, stretch
from dialogue.core.text import narrow, visible
from dialogue.core.week import MINUTES_IN_DAY, WeeklyWindow, merged

DAY_STARTS: Final = 8 * 60
DAY_ENDS: Final = 22 * 60
EVENING_ENDS: Final = 23 * 60
MAX_WINDOWS: Final = 200

_WEEKDAYS: Final = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_DAYS: Final = {
    **{day: (number,) for number, day in enumerate("月火水木金土日")},
    **{day: (number,) for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **dict.fromkeys(("平日", "weekday", "weekdays"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("週末", "weekend", "weekends"), (5, 6)),
    **dict.fromkeys(("毎日", "daily", "everyday", "every day"), (0, 1, 2, 3, 4, 5, 6)),
}
# 19:00〜 has an open end; after 19:00- somebody forgot to write on.
_OPEN_DASHES: Final = ("~", "〜", "から", "より")
_TOKEN: Final = re.compile(
    r"""
    (?P<space>[\s():]+|毎週|[のはにを]|(?:every(?!\s?day)|at|on|between|in\sthe)(?![a-z]))
    |(?P<day>平日|週末|毎日|(?:every\s?day|daily|weekdays?|weekends?)(?![a-z])
        |(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?(?![a-z])\.?
        |[月火水木金土日]曜日?|[月火水木金土日])
    |(?P<all_day>終日|一日中|(?:all\s?day|any\s?time)(?![a-z]))
    |(?P<half>午前|午後|夕方|[朝昼夜晩]|[ap]\.m\.|[ap]m(?![a-z]))
    |(?P<time>(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::00)?(?!\d)|時(?:(?P<half_past>半)|(?P<count>\d{1,2})分)?)
        |(?P<packed>\d{4})(?!\d)|正午|(?:noon|midnight)(?![a-z])|(?P<bare>\d{1,2})(?!\d))
    |(?P<next_day>翌日?|next\s?day(?![a-z]))
    |(?P<onward>以降|以後|onwards?(?![a-z]))
    |(?P<until>以前|(?:before|until|till)(?![a-z]))
    |(?P<since>(?:after|from)(?![a-z]))
    |(?P<made>まで)
    |(?P<dash>[-~〜～–—―‐‑−ー→]|から|より|(?:to|through)(?![a-z]))
    |(?P<comma>[,、・/&+]|and(?![a-z])|および|と)
    |(?P<end>[;。]|\.(?=\s|$))
    """,
    re.VERBOSE | re.IGNORECASE,
)


class UnreadableAvailability(ValueError):
    """`part` of the text could not be read, because of `fault`."""

    def __init__(self, part: str, fault: AvailabilityFault) -> None:
        self.part = part
        self.fault = fault
        super().__init__(f"{part!r}: {fault.value}")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    starts: int
    clock: Clock | None = None


@lru_cache(maxsize=4096)
def read_windows(text: str) -> tuple[WeeklyWindow, ...]:
    """Return the weekly windows that the text names, merged; none for a blank text, なし or 未定.

    Raises:
        UnreadableAvailability: a part is not understood, or could mean two things.
    """
    if is_nothing(text):
        return ()
    typed = narrow(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ; ")
    source = visible(typed)
    windows = list(_Reader(source).windows())
    if len(windows) > MAX_WINDOWS:
        raise UnreadableAvailability(source, AvailabilityFault.TOO_MUCH)
    return merged(windows)


def _tokens(source: str) -> Iterator[_Token]:
    position = 0
    while position < len(source):
        found = _TOKEN.match(source, position)
        if found is None:
            raise UnreadableAvailability(_rest(source, position), AvailabilityFault.UNREADABLE)
        kind = found.lastgroup or ""  # the outermost group, for it closes last
        if kind != "space":
            clock = _clock(found) if kind == "time" else None
            yield _Token(kind, found.group().lower(), position, clock)
        position = found.end()
    yield _Token("end", "", len(source))


def _clock(found: re.Match[str]) -> Clock:
    if found["hour"]:
        minute = 30 if found["half_past"] else int(found["minute"] or found["count"] or 0)
        return Clock(int(found["hour"]), minute)
    if found["packed"]:
        return Clock(int(found["packed"][:2]), int(found["packed"][2:]))
    if found["bare"]:
        return Clock(int(found["bare"]), bare=True)
    return Clock(24 if found.group().lower() == "midnight" else 12)


def _rest(source: str, position: int) -> str:
    """Return what stands from a position to the next separator."""
    return re.split(r"[,、;。]", source[position:], maxsplit=1)[0].strip() or source[position : position + 10]


class _Reader:
    """Reads clauses: days, then times, then the next days. One method for each thing that can stand there."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = list(_tokens(source))
        self.at = 0
        self.item_starts = 0

    def windows(self) -> Iterator[WeeklyWindow]:
        while self.at < len(self.tokens) - 1:
            if self._take("end", "comma"):
                continue
            self.item_starts = self._now.starts
            days = self._days()
            times = list(self._times())
            if not times:
                raise self._fault(AvailabilityFault.NO_TIME)
            for starts, ends in times:
                for day in days:
                    yield WeeklyWindow(day, starts, ends)

    def _days(self) -> tuple[int, ...]:
        if self._now.kind != "day":
            timed = self._now.kind in ("time", "half", "all_day", "since", "until", "dash")
            raise self._fault(AvailabilityFault.NO_DAY if timed else AvailabilityFault.UNREADABLE)
        days: dict[int, None] = {}
        while day := self._take("day"):
            first = _days_of(day)
            if self._now.kind == "dash" and self.tokens[self.at + 1].kind == "day":
                self._take("dash")
                last = _days_of(self._must_take("day"))
                if len(first) != 1 or len(last) != 1 or first == last:
                    raise self._fault(AvailabilityFault.UNCLEAR)
                first = tuple((first[0] + step) % 7 for step in range((last[0] - first[0]) % 7 + 1))
            days.update(dict.fromkeys(first))
            if self._now.kind == "comma":
                self._take("comma")
        return tuple(days)

    def _times(self) -> Iterator[tuple[int, int]]:
        while self._now.kind not in ("end", "day"):
            self.item_starts = self._now.starts
            try:
                yield self._time()
            except UnreadableTime as error:
                raise self._fault(error.fault) from error
            self._take("comma")

    def _time(self) -> tuple[int, int]:
        if self._take("all_day"):
            return DAY_STARTS, DAY_ENDS
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
            raise UnreadableTime(AvailabilityFault.NO_TIME)
        if self._now.kind in ("comma", "end", "day"):
            if not is_open:
                raise UnreadableTime(AvailabilityFault.NO_TIME)
            return self._onward(start)
        next_day = self._take("next_day") is not None
        end = self._written_clock()
        next_day = self._take("next_day") is not None or next_day
        self._take("made")
        return stretch(start, end, on_next_day=next_day)

    def _written_clock(self) -> Clock:
        before = self._take("half")
        clock = self._must_take("time").clock
        after = self._take("half")
        if clock is None or (before and after):
            raise UnreadableTime(AvailabilityFault.UNREADABLE)
        word = before or after
        half = word.text.replace(".", "") if word else ""
        return Clock(clock.hour, clock.minute, half, clock.bare)

    def _onward(self, start: Clock) -> tuple[int, int]:
        starts = alone(start)
        if starts >= EVENING_ENDS:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return starts, EVENING_ENDS

    def _before(self, ends: int) -> tuple[int, int]:
        if not DAY_STARTS < ends <= MINUTES_IN_DAY:
            raise UnreadableTime(AvailabilityFault.UNCLEAR)
        return DAY_STARTS, ends

    @property
    def _now(self) -> _Token:
        return self.tokens[self.at]

    def _take(self, *kinds: str) -> _Token | None:
        token = self.tokens[self.at]
        if token.kind not in kinds:
            return None
        if self.at < len(self.tokens) - 1:  # the end of the text stays where it is
            self.at += 1
        return token

    def _take_open_dash(self) -> _Token | None:
        return self._take("dash") if self._now.text in _OPEN_DASHES else None

    def _must_take(self, kind: str) -> _Token:
        taken = self._take(kind)
        if taken is None:
            raise self._fault(AvailabilityFault.UNREADABLE)
        return taken

    def _fault(self, fault: AvailabilityFault) -> UnreadableAvailability:
        return UnreadableAvailability(_rest(self.source, self.item_starts), fault)


def _days_of(token: _Token) -> tuple[int, ...]:
    word = re.sub(r"\s+", " ", token.text.removesuffix("."))
    return _DAYS.get(word) or _DAYS.get(word[0]) or _DAYS[word[:3]]


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
        return f"{_hhmm(window.starts)}{dash}{_hhmm(window.ends)}"
    return f"{_hhmm(window.starts)}{dash}{next_day}{_hhmm(window.ends - MINUTES_IN_DAY)}"


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
