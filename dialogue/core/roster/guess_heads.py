"""What the head of a column says: a column of ours, a time that is offered, a topic. Proposals, to be corrected."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Final

from dialogue.core.roster.availability import read_slot
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.dialect import Dialect
from dialogue.core.roster.headers import MAX_HEAD, Column, column_of
from dialogue.core.roster.mapping import Slot
from dialogue.core.text import narrow, visible

_BRACKET: Final = re.compile(r"^(?P<before>.*?)\s*[\[(【〔<](?P<within>[^\[\]【】〔〕<>]+?)[\])】〕>]\s*$")
_PARTED: Final = re.compile(r"^(?P<before>[^:_|/]+?)\s*[:_|/]\s*(?P<within>.+)$")
_DATE: Final = re.compile(r"^(?:(?P<year>\d{4})\s*[/年.-]\s*)?(?P<month>\d{1,2})\s*[/月.-]\s*(?P<day>\d{1,2})\s*日?\s*")
_OF_WEEK: Final = re.compile(r"^\(\s*(?P<name>[月火水木金土日]|[A-Za-z]{3,9})(?:曜日?)?[^)]*\)\s*")
_OPEN_END: Final = re.compile(r"\s*[~〜～-]\s*$|から$")
_WEEKDAY: Final = re.compile(
    r"[月火水木金土日]曜日?|平日|土日|週末|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b"
    r"|\bweek(?:days?|ends?)\b",
    re.IGNORECASE,
)
_OF_SOMEBODY_ELSE: Final = re.compile(r"保護者|緊急|ご家族|家族の|担任|parent|guardian|emergency", re.IGNORECASE)
BUSY_HEAD: Final = re.compile(
    r"できない|不可|\bNG\b|予定が|予定の|埋ま|仕事|勤務|授業|バイト|部活|講義|忙し|busy|unavailable|can\s?not|can't"
    r"|not\s(?:free|available)|\bwork(?:ing)?\b|class(?:es)?\b|occupied|shift",
    re.IGNORECASE,
)
INTEREST_HEAD: Final = re.compile(r"興味|関心|テーマ|話したい|トピック|interest|topic|theme", re.IGNORECASE)
# In the order in which they are tried: the first that is found in a head counts.
_WITHIN: Final[Sequence[tuple[Column, re.Pattern[str]]]] = tuple(
    (column, re.compile(pattern, re.IGNORECASE))
    for column, pattern in (
        (Column.SECOND_EMAIL, r"(?:別の|予備|サブ|第2|second|other|alternative).*(?:メール|mail)"),
        (Column.EMAIL, r"メール|e-?mail|mail address"),
        (Column.FULL_KANA, r"ふりがな|フリガナ|よみがな|読み|カナ$|furigana|\bkana\b"),
        (Column.PREFERRED_NAME, r"呼ばれたい|呼んで|呼び名|ニックネーム|nickname|be called|call you|preferred name"),
        (Column.FULL_NAME, r"お名前|氏名|your name|full name|name of participant"),
        (Column.ADULT, r"18歳以上|18 ?(?:years )?(?:or|and) (?:over|older|above)|over 18|成人"),
        (Column.BIRTH_YEAR, r"生年|生まれ|birth"),
        (
            Column.AVAILABILITY,
            r"(?:参加|空い|都合|出席|可能).*(?:時間|曜日|日時|いつ)|availab|when (?:can|are) you|ご都合",
        ),
        (Column.GENERATION, r"世代|立場|区分|学生.*社会人|student or|which side|generation"),
        (Column.LANGUAGES, r"言語|language"),
        (Column.ZONE, r"タイムゾーン|時差|time ?zone"),
        (Column.AFFILIATION, r"所属|学校|大学|勤務先|会社名|university|school|employer|company"),
        (Column.PARTNER, r"送り出し|送出|紹介.*団体|推薦|partner"),
        (Column.FIELD, r"専攻|職種|専門|学部|ご職業|major|occupation|field of|profession"),
        (Column.INTERESTS, r"興味|関心|話したい|interest|topics|themes"),
        (Column.MAX_COHORTS, r"担当.*グループ|how many (?:cohorts|groups)"),
    )
)


@lru_cache(maxsize=4096)
def slot_of(head: str, *, lasts: int = 90) -> Slot | None:
    """Return the time that a head offers, None for none. A start without an end lasts `lasts` minutes.

    Read: 月曜日, 参加できる時間 [月曜日], [19:00-20:00], 12/1(火) 19:00〜, Busy hours on Monday.
    """
    if len(head) > MAX_HEAD:
        return None
    text = visible(narrow(head))
    if (dated := _dated(text, lasts)) is not None:
        return dated
    if (plain := _plain(text, lasts)) is not None:
        return plain
    if found := _BRACKET.match(text):
        within = found["within"].strip()
        return _dated(within, lasts) or _plain(within, lasts)
    named = {match.group().lower() for match in _WEEKDAY.finditer(text)}
    if len(named) == 1 and not re.search(r"\d", text):
        return _plain(named.pop(), lasts)
    return None


def before_bracket(head: str) -> str:
    """Return the question that a head belongs to: 参加できる時間 of 参加できる時間 [月曜日]; all of it without one."""
    found = _BRACKET.match(visible(narrow(head)))
    return found["before"] if found else visible(narrow(head))


def topic_of(head: str) -> str:
    """Return the topic whose rating a column holds: 音楽 of 興味 [音楽] or Interest: music; "" for none."""
    text = visible(head)[:MAX_HEAD]
    for pattern in (_BRACKET, _PARTED):
        found = pattern.match(text)
        if found and INTEREST_HEAD.search(found["before"]):
            return found["within"].strip()
    return ""


@lru_cache(maxsize=4096)
def column_within(head: str) -> Column | None:
    """Return the column of ours that a whole question asks for, None for none and for somebody else's address."""
    if (exact := column_of(head)) or len(head) > MAX_HEAD:
        return exact
    text = visible(narrow(head))
    if _OF_SOMEBODY_ELSE.search(text):
        return None
    found = _BRACKET.match(text)
    if found and (within := column_of(found["within"])):
        return within
    return next((column for column, pattern in _WITHIN if pattern.search(text)), None)


def guess_score(cells: Sequence[str]) -> int:
    """Return how much a row looks like the header of any form: how many heads say something to us."""
    columns = {column for cell in cells if cell and not slot_of(cell) and (column := column_within(cell))}
    topics = {topic for cell in cells if (topic := topic_of(cell))}
    times = {visible(cell) for cell in cells if cell and slot_of(cell)}
    return len(columns) + len(topics) + len(times)


def _dated(text: str, lasts: int) -> Slot | None:
    found = _DATE.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    if named := _OF_WEEK.match(rest):
        days = _plain(named["name"], lasts)
        weekday = days.days[0] if days and len(days.days) == 1 else None
        rest = rest[named.end() :]
    elif found["year"]:
        weekday = None
        with suppress(ValueError):
            weekday = date(int(found["year"]), int(found["month"]), int(found["day"])).weekday()
    else:
        return None
    if weekday is None:
        return None
    if not rest.strip():
        return Slot((weekday,))
    hours = _plain(rest, lasts)
    return Slot((weekday,), hours.hours) if hours and hours.hours and not hours.days else None


def _plain(text: str, lasts: int) -> Slot | None:
    has_clock = ":" in text or "時" in text or re.search(r"[ap]m\b", text, re.IGNORECASE)
    try:
        days, hours = read_slot(_OPEN_END.sub("", text), Dialect(lasts=lasts if has_clock else 0))
    except UnreadableAvailability:
        return None
    return Slot(tuple(sorted(days)), hours)
