"""One cell, one value. Each reader takes what people write and refuses what it would have to guess."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final
from zoneinfo import available_timezones

from dialogue.core.generation import Generation
from dialogue.core.roster.errors import ErrorCode
from dialogue.core.roster.words import (
    AT_SCHOOL,
    CHOSEN_SIGNS,
    GENERATION_WORDS,
    LANGUAGE_WORDS,
    NOT_CHOSEN_SIGNS,
    NOTHING,
    YES_NO_WORDS,
    ZONE_WORDS,
)
from dialogue.core.text import for_comparing, hiragana, narrow, person_name, visible

MAX_NAME: Final = 80
MAX_TEXT: Final = 200
MAX_ITEMS: Final = 30
MAX_COHORTS: Final = 20
USUAL_RATING: Final = 3
MAX_RATING: Final = 5


class CellRefused(ValueError):
    """A cell that cannot be read: the code and details of the error that the reader of the file will report."""

    def __init__(self, code: ErrorCode, **detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(code.value)


@dataclass(frozen=True, slots=True)
class Interest:
    """A theme in the person's words, and how much it draws them from 1 to 5 (3 when they did not say)."""

    text: str
    rating: int = USUAL_RATING


_LANGUAGE_SEPARATOR: Final = re.compile(r"[\s,、;・/&+と]+|\band\b")
_LIST_SEPARATOR: Final = re.compile(r"[,，、;；・･\n\r]+|(?<![0-9０-９])[/／]|[/／](?![0-9０-９])")
_PEOPLE_SEPARATOR: Final = re.compile(r"[,，、;；\n\r]+")
_ERROR_VALUES: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"}
)
_FORMULA_SIGN: Final = re.compile(r"\s*[=＝﹦+＋﹢@＠﹫]")
_PHONE: Final = re.compile(r"\+\s*\(?[0-9][0-9 ().-]{5,}")

# The first year of each era and how many it had; 令和 goes on.
_ERAS: Final = {
    **dict.fromkeys(("大正", "t"), (1912, 15)),
    **dict.fromkeys(("昭和", "s"), (1926, 64)),
    **dict.fromkeys(("平成", "h"), (1989, 31)),
    **dict.fromkeys(("令和", "r"), (2019, 99)),
}
_MONTH_DAY: Final = (
    r"(?:年?生まれ|年生|年|年?[-/.年]\s*(?P<month>\d{1,2})\s*"
    r"(?:月(?:生まれ)?|[-/.月]\s*(?P<day>\d{1,2})\s*(?:日(?:生まれ)?)?)?)?"
)
_WESTERN_YEAR: Final = re.compile(r"(?:西暦)?\s*(?P<year>\d{4})\s*" + _MONTH_DAY)
_COMPACT_DATE: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_ERA_YEAR: Final = re.compile(r"(?P<era>大正|昭和|平成|令和|[tshr])\.?\s*(?P<count>\d{1,2}|元)\s*" + _MONTH_DAY)
_RATED: Final = re.compile(r"(?P<text>.+?)(?:\s*[:=]\s*(?P<a>\d+)|\s*\((?P<b>\d+)\)|\s+(?P<c>10|\d)|\s*★(?P<d>\d+))")
_COUNT: Final = re.compile(r"(\d{1,3})\s*(?:グループ|つ|組|cohorts?)?", re.IGNORECASE)
# Few words fill a whole column, and comparing is what costs.
_word: Final = lru_cache(maxsize=256)(for_comparing)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would calculate this text. Full-width signs count; `+81 90 …` is a phone."""
    if not _FORMULA_SIGN.match(text):
        return False
    return not _PHONE.fullmatch(narrow(text).strip())


def is_excel_error(text: str) -> bool:
    return text.startswith("#") and text.strip().upper() in _ERROR_VALUES


def is_nothing(text: str) -> bool:
    """Return whether the cell says "none": blank, a dash, なし, 特になし, 未定."""
    return not text or (len(text) < 12 and (not (key := for_comparing(text)) or key in NOTHING))


def name(text: str) -> str:
    """Return a name for storing, "" for a blank cell."""
    if not text or text.isspace():
        return ""
    stored = person_name(text)
    if not stored:
        raise CellRefused(ErrorCode.INVISIBLE_NAME)
    return within(stored, MAX_NAME)


def split_name(text: str) -> tuple[str, str]:
    """Return family and given name of a name in one cell: family first, as in 田中 葵; one word is a family name."""
    stored = name(re.sub(r"(?<=[ \u3000])(\S+)殿$", r"\1", text.rstrip()))
    family, _, given = stored.partition(" ")
    return family, given


def kana(text: str) -> str:
    """Return ふりがな in hiragana. Latin letters pass, for names that have no kana; kanji are refused."""
    stored = hiragana(name(text))
    if any("\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" for char in stored):
        raise CellRefused(ErrorCode.KANA)
    return stored


def within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellRefused(ErrorCode.CELL_TOO_LONG, limit=str(limit))
    return text


def line_of_text(text: str) -> str:
    """Return a short text such as a school or a field of work, "" for none."""
    return "" if is_nothing(text) else within(visible(text), MAX_TEXT)


def generation(text: str, words: Mapping[str, Generation] | None = None) -> tuple[Generation, bool]:
    """Return the generation, and whether the word itself says that the person is at 高校 (or younger).

    `words` are a programme's own labels, compared before the usual ones.
    """
    key = _word(text)
    for label, meaning in (words or {}).items():
        if for_comparing(label) == key:
            return meaning, key in AT_SCHOOL
    if key not in GENERATION_WORDS:
        raise CellRefused(ErrorCode.GENERATION)
    return Generation(GENERATION_WORDS[key]), key in AT_SCHOOL


def birth_year(text: str) -> int | None:
    """Return the year of birth from a year or date in the western calendar or a Japanese era, None for a blank cell."""
    typed = narrow(visible(text)).lower()
    if is_nothing(typed):
        return None
    found = _WESTERN_YEAR.fullmatch(typed) or _COMPACT_DATE.fullmatch(typed)
    if found:
        year = int(found["year"])
    elif found := _ERA_YEAR.fullmatch(typed):
        first, last = _ERAS[found["era"]]
        count = 1 if found["count"] == "元" else int(found["count"])
        if not 1 <= count <= last:
            raise CellRefused(ErrorCode.BIRTH_YEAR)
        year = first + count - 1
    else:
        raise CellRefused(ErrorCode.BIRTH_YEAR)
    try:
        date(year, int(found["month"] or 1), int(found["day"] or 1))
    except ValueError as error:
        raise CellRefused(ErrorCode.BIRTH_YEAR) from error
    return year


def is_adult(text: str, words: Mapping[str, bool] | None = None) -> bool | None:
    """Return the answer to 18歳以上で、高校生ではない: unsure counts as no, None when nothing was answered.

    `words` are a form's own answers, as compared, and go before the usual ones.
    """
    if not text or text.isspace():
        return None
    if words and _word(text) in words:
        return words[_word(text)]
    answer = YES_NO_WORDS.get(_word(text))
    if answer is None:
        raise CellRefused(ErrorCode.ADULT)
    return answer == "yes"


@lru_cache(maxsize=256)
def languages(text: str) -> tuple[str, ...]:
    """Return ISO 639-1 codes in the order written, each once; none for a blank cell."""
    found: list[str] = []
    for part in _LANGUAGE_SEPARATOR.split(narrow(text).lower()):
        if not for_comparing(part):
            continue
        if for_comparing(part) not in LANGUAGE_WORDS:
            raise CellRefused(ErrorCode.LANGUAGE, part=part)
        found.extend(LANGUAGE_WORDS[for_comparing(part)].split())
    return tuple(dict.fromkeys(found))


@cache
def _zones() -> Mapping[str, str]:
    # Bare abbreviations (EST, CET) are left out: in the database they are fixed offsets that people do not mean.
    return {key.lower(): key for key in available_timezones() if "/" in key}


def zone(text: str) -> str:
    """Return the IANA name of a time zone, "" for a blank cell."""
    typed = narrow(visible(text))
    if not typed:
        return ""
    known = _zones().get(typed.lower().replace(" ", "_")) or ZONE_WORDS.get(for_comparing(typed))
    if known is None:
        raise CellRefused(ErrorCode.ZONE)
    return known


def items(text: str) -> tuple[str, ...]:
    """Return the parts of a list, however it is separated: `、` `,` `;` `・` `/` or line ends."""
    return _parts(text, _LIST_SEPARATOR)


def people(text: str) -> tuple[str, ...]:
    """Return the names or addresses of a list. ・ stands inside names such as マリア・ガルシア and parts nothing."""
    return _parts(text, _PEOPLE_SEPARATOR)


def _parts(text: str, separator: re.Pattern[str]) -> tuple[str, ...]:
    if is_nothing(text):
        return ()
    parts = tuple(shown for part in separator.split(text) if (shown := visible(part)) and not is_nothing(shown))
    if len(parts) > MAX_ITEMS:
        raise CellRefused(ErrorCode.TOO_MANY_ITEMS, limit=str(MAX_ITEMS))
    return parts


def interests(text: str) -> tuple[Interest, ...]:
    """Return the themes with their ratings: 音楽:5, 音楽（5）, 音楽 5 or plain 音楽.

    One that is named twice keeps the higher rating.
    """
    found: dict[str, Interest] = {}
    for part in items(text):
        typed = narrow(part)
        rated = _RATED.fullmatch(typed)
        if rated is None:
            interest = Interest(within(typed, MAX_NAME))
        else:
            rating = next(int(rated[group][:3]) for group in "abcd" if rated[group] is not None)
            if not 1 <= rating <= 5:
                raise CellRefused(ErrorCode.INTEREST_RATING, part=part)
            interest = Interest(within(rated["text"], MAX_NAME), rating)
        key = for_comparing(interest.text)
        if key not in found or found[key].rating < interest.rating:
            found[key] = interest
    return tuple(found.values())


def rating(text: str, words: Mapping[str, int]) -> int:
    """Return how much a topic with a column of its own draws somebody: 1 to 5, 0 for not at all or not said.

    A number is itself, a sign such as ○ or ✓ the usual rating. `words` are a form's own answers, as compared.
    """
    key = _word(text)
    if not key or key in words:
        return words.get(key, 0)
    if key.isdecimal() and len(key) == 1 and int(key) <= MAX_RATING:
        return int(key)
    if key in CHOSEN_SIGNS or key in NOT_CHOSEN_SIGNS or is_nothing(text):
        return USUAL_RATING if key in CHOSEN_SIGNS else 0
    raise CellRefused(ErrorCode.RATING, part=visible(text))


def max_cohorts(text: str) -> int:
    """Return how many cohorts someone can facilitate, 1 for a blank cell."""
    typed = narrow(visible(text))
    if not typed:
        return 1
    found = _COUNT.fullmatch(typed)
    if found is None or not 1 <= int(found[1]) <= MAX_COHORTS:
        raise CellRefused(ErrorCode.MAX_COHORTS, limit=str(MAX_COHORTS))
    return int(found[1])
