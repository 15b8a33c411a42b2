"""The words, days, times and signs that a text about availability is made of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dialogue.core.roster.clock_words import AvailabilityFault, Clock
from dialogue.core.roster.dialect import Dialect
from dialogue.core.text import narrow, visible
from dialogue.core.week import WeeklyWindow

DAYS: Final = {
    **{day: (number,) for number, day in enumerate("月火水木金土日")},
    **{day: (number,) for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **dict.fromkeys(("平日", "weekday", "weekdays"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("週末", "weekend", "weekends"), (5, 6)),
    **dict.fromkeys(("毎日", "daily", "everyday", "every day"), (0, 1, 2, 3, 4, 5, 6)),
}
_TOKEN: Final = re.compile(
    r"""
    (?P<nth>(?:毎月)?第\s?[1-5一二三四五](?:\s?[・,、/&と]\s?第?\s?[1-5一二三四五])*\s?(?=[(\s]*[月火水木金土日])
        |隔週の?|毎月|(?:every\sother|every\s(?:second|2nd)|biweekly|fortnightly)(?![a-z])
        |(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|last)
            (?:\s?(?:[,/&]|and)\s?(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|last))*(?![a-z]))
    |(?P<space>[\s():]+|毎週|[のはにを]|(?:可能?|大丈夫)(?![^\s,、;。・)])|(?:every(?!\s?day)|at|on|between|in\sthe|ok)(?![a-z]))
    |(?P<day>平日|週末|毎日|(?:every\s?day|daily|weekdays?|weekends?)(?![a-z])
        |(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:days?)?(?![a-z])\.?
        |[月火水木金土日]曜日?|[月火水木金土日])
    |(?P<all_day>終日|一日中|(?:all\s?day|any\s?time)(?![a-z]))
    |(?P<word>午前中|夜間|日中|昼間|昼休み|(?:morning|afternoon|evening|night)s?(?![a-z]))
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
    """`part` of the text could not be read, because of `fault`.

    `instead` are weekly windows that the writer may accept, where the text means something that no week holds.
    """

    def __init__(self, part: str, fault: AvailabilityFault, instead: tuple[WeeklyWindow, ...] = ()) -> None:
        self.part = part
        self.fault = fault
        self.instead = instead
        super().__init__(f"{part!r}: {fault.value}")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a text in lower case, and where it starts."""

    kind: str
    text: str
    starts: int
    clock: Clock | None = None


def normalised(text: str) -> str:
    """Return the text as it is read: narrow, without what cannot be seen, each line end as a semicolon."""
    return visible(narrow(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ; "))


def tokens(source: str, dialect: Dialect) -> Iterator[Token]:
    """Yield the pieces of a normalised text, and an empty `end` behind them.

    Raises:
        UnreadableAvailability: something that is none of them.
    """
    own_words = sorted((word for word, _ in dialect.words if not _TOKEN.fullmatch(word)), key=len, reverse=True)
    lowered = source.lower() if own_words else ""
    position = 0
    while position < len(source):
        named = next((word for word in own_words if lowered.startswith(word, position)), None)
        if named:
            yield Token("word", named, position)
            position += len(named)
            continue
        found = _TOKEN.match(source, position)
        if found is None:
            raise UnreadableAvailability(rest(source, position), AvailabilityFault.UNREADABLE)
        kind = found.lastgroup or ""  # the outermost group, for it closes last
        if kind != "space":
            clock = _clock(found, dialect) if kind == "time" else None
            yield Token(kind, found.group().lower(), position, clock)
        position = found.end()
    yield Token("end", "", len(source))


def rest(source: str, position: int) -> str:
    """Return what stands from a position to the next separator."""
    return re.split(r"[,、;。]", source[position:], maxsplit=1)[0].strip() or source[position : position + 10]


def days_of(token: Token) -> tuple[int, ...]:
    """Return the weekdays that a `day` token names, Monday = 0."""
    word = re.sub(r"\s+", " ", token.text.removesuffix("."))
    return DAYS.get(word) or DAYS.get(word[0]) or DAYS[word[:3]]


def _clock(found: re.Match[str], dialect: Dialect) -> Clock:
    # Where everybody writes am and pm, 7:00 without one is as unclear as a bare 7.
    unclear = dialect.clock == 12
    if found["hour"]:
        minute = 30 if found["half_past"] else int(found["minute"] or found["count"] or 0)
        return Clock(int(found["hour"]), minute, bare=unclear)
    if found["packed"]:
        return Clock(int(found["packed"][:2]), int(found["packed"][2:]), bare=unclear)
    if found["bare"]:
        return Clock(int(found["bare"]), bare=dialect.clock != 24)
    return Clock(24 if found.group().lower() == "midnight" else 12)
