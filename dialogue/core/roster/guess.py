"""A first proposal of how a file is to be read, from its heads and from what stands below them. A page corrects it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.roster import cells
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.cells import CellRefused
from dialogue.core.roster.dialect import Hours
from dialogue.core.roster.errors import ErrorCode, RosterRefused
from dialogue.core.roster.guess_heads import (
    BUSY_HEAD,
    before_bracket,
    column_within,
    guess_score,
    slot_of,
    topic_of,
)
from dialogue.core.roster.headers import FACILITATOR_COLUMNS, NAME_COLUMNS, PARTICIPANT_COLUMNS, Column, column_of
from dialogue.core.roster.mapping import FileMapping, Says, Slot, TimeRules
from dialogue.core.roster.table import Table, read_table
from dialogue.core.roster.timetable import TimeCell, read_cell
from dialogue.core.text import for_comparing, narrow, visible

LOOKED_AT: Final = 2_000
MAX_ANSWERS: Final = 40
"""Different answers of a column that a page can ask about; more of them are no answers to choose from."""
Meaning = TypeVar("Meaning")

_GENERATIONS: Final = (
    (Generation.STUDENT, r"学生|生徒|在学|現役|若者|若手|[12]0代|student|undergrad|young"),
    (
        Generation.ALUMNI,
        r"社会人|卒業|\bO[BG]\b|校友|セカンド|シニア|会社|企業|[4-7]0代|alumn|career|professional|senior|working",
    ),
)
_ADULTS: Final = (
    (False, r"未満|under\s?18|younger|いいえ|^no\b|still (?:in|at)|^高校生"),
    (True, r"以上|成人|はい|^yes|18 (?:or|and)|over|adult"),
)
_RATINGS: Final = (
    (0, r"まったく|全く|全然|not at all|not interested|興味(?:は|が)?(?:ない|なし|ありません)"),
    (2, r"あまり|それほど|少し|not (?:very|much)|a little|slightly|△"),
    (5, r"とても|非常|大い|すごく|very|extremely|◎"),
    (4, r"まあ|やや|ある程度|そこそこ|somewhat|fairly|quite|興味(?:が)?ある"),
    (3, r"ふつう|普通|どちらとも|neutral|moderate"),
)
# Parts of a day as they are proposed where people use them: free hours that most would mean, busy hours in full.
_FREE_WORDS: Final[Mapping[str, Hours]] = {
    "朝": (420, 540), "午前": (540, 720), "午前中": (540, 720), "昼": (720, 840), "昼間": (780, 1020),
    "日中": (780, 1020), "午後": (780, 1020), "夕方": (1020, 1140), "夜": (1140, 1320), "夜間": (1140, 1320),
    "晩": (1140, 1320), "昼休み": (720, 780), "morning": (540, 720), "mornings": (540, 720), "afternoon": (780, 1020),
    "afternoons": (780, 1020), "evening": (1140, 1320), "evenings": (1140, 1320), "night": (1200, 1320),
    "nights": (1200, 1320), "am": (540, 720), "pm": (780, 1020),
}  # fmt: skip
_BUSY_WORDS: Final[Mapping[str, Hours]] = {
    "朝": (0, 600), "午前": (0, 720), "午前中": (0, 720), "昼": (660, 900), "昼間": (540, 1080), "日中": (540, 1080),
    "午後": (720, 1080), "夕方": (900, 1140), "夜": (1080, 1440), "夜間": (1080, 1440), "晩": (1080, 1440),
    "昼休み": (660, 840), "morning": (0, 720), "mornings": (0, 720), "afternoon": (720, 1080),
    "afternoons": (720, 1080), "evening": (1020, 1440), "evenings": (1020, 1440), "night": (1080, 1440),
    "nights": (1080, 1440), "am": (0, 720), "pm": (720, 1440),
}  # fmt: skip
_PART_OF_DAY: Final = re.compile(
    r"(?P<word>午前中|昼休み|夜間|昼間|日中|午前|午後|夕方|[朝昼夜晩]|\b(?:morning|afternoon|evening|night)s?\b|\b[ap]m\b)"
    r"(?!\s*[(:]?\s*\d)",
    re.IGNORECASE,
)
_AM_PM: Final = re.compile(r"(?<![a-z])[ap]\.?m\b|午前|午後", re.IGNORECASE)
_PAST_NOON: Final = re.compile(r"(?<!\d)(?:1[3-9]|2\d)(?=\s*(?::\d\d|時|-|~|〜|$|,|、))")
_RUNNING_NUMBER: Final = re.compile(r"^(?:no\.?|#|連番|番号|id|整理番号|通し番号)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Column:
    position: int
    name: str
    texts: tuple[str, ...]


def open_file(*, content: bytes, filename: str, mapping: FileMapping | None = None) -> Table:
    """Return a file as a table whatever form it comes from: also with one column for each person.

    With a `mapping`, people stand as it says.

    Raises:
        RosterRefused: the file cannot be read as one table with a header, or passes a limit.
    """
    if mapping is not None:
        return read_table(
            content=content, filename=filename, score=guess_score, people_in_columns=mapping.people_in_columns
        )
    try:
        return read_table(content=content, filename=filename, score=guess_score)
    except RosterRefused as refused:
        if refused.errors[0].code is not ErrorCode.NO_HEADER:
            raise
        with suppress(RosterRefused):
            return read_table(content=content, filename=filename, score=guess_score, people_in_columns=True)
        raise


def guess_mapping(table: Table, *, facilitators: bool = False, slot_minutes: int = 90) -> FileMapping:
    """Return a proposal for every head of a table. `slot_minutes` is how long a slot lasts whose end is not written.

    Nothing is proposed that the cells below a head contradict; what means two things is left out, for a page to ask.
    """
    wanted = FACILITATOR_COLUMNS if facilitators else PARTICIPANT_COLUMNS
    there = _columns(table)
    times, rules = _times(there, slot_minutes)
    interests = {} if facilitators else _interests([each for each in there if each.name not in times])
    others = [each for each in there if each.name not in times and each.name not in interests]
    columns = _ours(others, wanted, is_turned=table.is_turned)
    text = next((each for each in others if columns[each.name] is Column.AVAILABILITY), None)
    if text is not None:
        if times and BUSY_HEAD.search(text.name) and rules.says is Says.FREE:
            columns[text.name] = None  # two columns that say opposite things are not read as one
        elif not times and BUSY_HEAD.search(text.name):
            rules = replace(rules, says=Says.BUSY)
    of_time = [each for each in there if each.name in times or columns.get(each.name) is Column.AVAILABILITY]
    answers = {column: each for each in others if (column := columns[each.name])}
    return FileMapping(
        columns=columns,
        generations=_meanings(answers.get(Column.GENERATION), _GENERATIONS, cells.generation),
        adults=_meanings(answers.get(Column.ADULT), _ADULTS, cells.is_adult),
        interests=interests,
        ratings=_ratings([each for each in there if each.name in interests]),
        times=times,
        rules=replace(rules, words=_words(of_time, rules.says), clock=_clock(of_time, times)),
        people_in_columns=table.is_turned,
    )


def _columns(table: Table) -> list[_Column]:
    rows = table.rows[:LOOKED_AT]
    return [
        _Column(position, name, tuple(text for row in rows if (text := row.cell(position).strip())))
        for position, name in enumerate(table.names)
        if name
    ]


def _times(there: Sequence[_Column], slot_minutes: int) -> tuple[dict[str, Slot], TimeRules]:
    offered = [(each, slot) for each in there if (slot := slot_of(each.name, lasts=slot_minutes))]
    busy = [(each, slot) for each, slot in offered if BUSY_HEAD.search(before_bracket(each.name)) and not slot.hours]
    free = [(each, slot) for each, slot in offered if not BUSY_HEAD.search(before_bracket(each.name))]
    says = Says.BUSY if busy and not free else Says.FREE
    rules = TimeRules(says=says, slot_minutes=slot_minutes if _starts_alone(free) else 0)
    chosen = busy if says is Says.BUSY else free
    proposed = {each.name: slot for each, slot in chosen if _fits(each, slot, rules)}
    return proposed, rules


def _starts_alone(offered: Sequence[tuple[_Column, Slot]]) -> bool:
    """Return whether cells name starts without ends, as a form does that offers 19:00 and 20:00 to tick."""
    texts = [text for each, slot in offered if slot.days and not slot.hours for text in each.texts]
    alone = re.compile(r"^\s*(?:\d{1,2}(?::\d\d|時))(?:\s*[,、;]\s*\d{1,2}(?::\d\d|時))*\s*$")
    return bool(texts) and sum(bool(alone.match(narrow(text))) for text in texts) * 2 > len(texts)


def _fits(each: _Column, slot: Slot, rules: TimeRules) -> bool:
    """Return whether at least half of the filled cells can be read below such a head."""
    words = _FREE_WORDS if rules.says is Says.FREE else _BUSY_WORDS
    trial = replace(rules, words=words, clock=24)
    dialect = trial.dialect()
    readable = 0
    for text in each.texts:
        with suppress(UnreadableAvailability):
            read_cell(TimeCell(slot, text), trial, dialect)
            readable += 1
    return 2 * readable >= len(each.texts)


def _interests(there: Sequence[_Column]) -> dict[str, str]:
    named = {each.name: topic for each in there if (topic := topic_of(each.name)) and not column_of(each.name)}
    if named:
        return named
    # Three columns in a row with nothing but 1 to 5 below them are ratings, whatever their heads are.
    rated: list[_Column] = []
    for each in there:
        is_rating = each.texts and all(narrow(text) in {"1", "2", "3", "4", "5"} for text in each.texts)
        if is_rating and not column_within(each.name) and not _RUNNING_NUMBER.match(each.name):
            rated.append(each)
    return {each.name: each.name for each in rated} if len(rated) >= 3 else {}


def _ours(there: Sequence[_Column], wanted: frozenset[Column], *, is_turned: bool) -> dict[str, Column | None]:
    """Return what each head means: the usual spellings first, then the words within it, then what stands below."""
    found: dict[str, Column | None] = {}
    for propose in (column_of, column_within):
        for each in there:
            if propose is column_within and not each.texts:
                continue  # a title above a table may speak of addresses too
            column = found.get(each.name) or propose(each.name)
            if column in wanted and column not in found.values() and _holds(each, column):
                found[each.name] = column
        _read_name_beside_surname_as_given(found)
    if Column.EMAIL not in found.values():
        unnamed = [each for each in there if each.name not in found]
        addresses = [each for each in unnamed if each.texts and all("@" in text for text in each.texts)]
        found |= {each.name: Column.EMAIL for each in addresses[:1]}
    if is_turned and not set(found.values()) & set(NAME_COLUMNS):
        filled = [each for each in there if each.texts and each.name not in found]
        found |= {each.name: Column.FULL_NAME for each in filled[:1]}
    return {each.name: found.get(each.name) for each in there}


def _read_name_beside_surname_as_given(found: dict[str, Column | None]) -> None:
    if Column.FAMILY_NAME in found.values() and Column.GIVEN_NAME not in found.values():
        for name, column in found.items():
            if column is Column.FULL_NAME and narrow(name).lower() in ("名前", "お名前", "name"):
                found[name] = Column.GIVEN_NAME


def _holds(each: _Column, column: Column | None) -> bool:
    """Return whether what stands below a head may be such a column."""
    if column is Column.EMAIL:
        return not each.texts or 2 * sum("@" in narrow(text) for text in each.texts) >= len(each.texts)
    if column is Column.GENERATION:
        return len({for_comparing(text) for text in each.texts}) <= MAX_ANSWERS
    return True


def _meanings(
    each: _Column | None, patterns: Sequence[tuple[Meaning, str]], read: Callable[[str], object]
) -> dict[str, Meaning]:
    """Return the answers that are not known to everybody, with the one meaning that their words suggest."""
    if each is None:
        return {}
    found: dict[str, Meaning] = {}
    for text in _different(each.texts):
        try:
            read(text)
        except CellRefused:
            meanings = [meaning for meaning, pattern in patterns if re.search(pattern, narrow(text), re.IGNORECASE)]
            if len(meanings) == 1 or (meanings and meanings[0] is False):
                found[visible(text)] = meanings[0]
    return found


def _ratings(there: Sequence[_Column]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in _different(text for each in there for text in each.texts):
        try:
            cells.rating(text, {})
        except CellRefused:
            meant = next((rating for rating, words in _RATINGS if re.search(words, narrow(text), re.IGNORECASE)), None)
            if meant is not None:
                found[visible(text)] = meant
    if any(narrow(text) == "◎" for text in found):
        found |= {"○": 4}
    return found


def _different(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if (key := for_comparing(text)) not in seen:
            seen.add(key)
            yield text
            if len(seen) >= MAX_ANSWERS:
                return


def _words(of_time: Sequence[_Column], says: Says) -> dict[str, Hours]:
    known = _FREE_WORDS if says is Says.FREE else _BUSY_WORDS
    used = {
        match["word"].lower()
        for each in of_time
        for text in each.texts
        for match in _PART_OF_DAY.finditer(narrow(text))
    }
    return {word: hours for word, hours in known.items() if word in used}


def _clock(of_time: Sequence[_Column], times: Mapping[str, Slot]) -> int:
    """Return 24 where a form's columns for weekdays hold hours past 12 and no am or pm, 12 for the reverse, else 0."""
    texts = [narrow(text) for each in of_time for text in each.texts]
    halves = any(_AM_PM.search(text) for text in texts)
    past_noon = any(_PAST_NOON.search(text) for text in texts)
    by_weekday = [each for each in of_time if each.name in times]
    if halves and not past_noon:
        return 12
    return 24 if by_weekday and past_noon and not halves else 0
