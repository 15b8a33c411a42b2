"""How one file is to be read: which header is what, what its answers mean, how its times are written.

A mapping is complete when it comes from a page (every header stands in it) and may name a few headers when a person
wrote it: the rest is known by the usual spellings. Headers are compared as `header_key` has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.roster.dialect import BUSY_WORDS, DAY_ENDS, DAY_STARTS, USUAL_WORDS, Dialect, Hours, for_busy_hours
from dialogue.core.roster.headers import Column, column_of, header_key
from dialogue.core.roster.words import SLOT_ANSWERS
from dialogue.core.text import for_comparing, narrow

CONSTANT_COLUMNS: Final = (
    Column.GENERATION, Column.PARTNER, Column.AFFILIATION, Column.FIELD, Column.ZONE, Column.LANGUAGES, Column.ADULT,
)  # fmt: skip
Value = TypeVar("Value")


class Says(StrEnum):
    """Whether the hours in a file are those when people are free, or those when they are not."""

    FREE = "free"
    BUSY = "busy"


class Answer(StrEnum):
    """An answer to a slot that was offered."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Slot:
    """What the head of a column says about times; its cells say the rest.

    Days alone: the cells list hours. Hours alone: they list days. Both: they say yes or no (○, ✓).
    """

    days: tuple[int, ...] = ()
    hours: Hours | None = None


ANYWHERE: Final = Slot()
"""A column whose cells name days and hours themselves."""


@dataclass(frozen=True, slots=True)
class TimeRules:
    """How a file writes times. `day` bounds what is free around busy hours, in minutes after midnight.

    `empty_is_free`: nothing listed as busy means free all day; otherwise it means nothing. `maybe_is_free`: △ counts
    as free. `slot_minutes`: how long a slot lasts whose end is not written, 0 to refuse it.
    """

    says: Says = Says.FREE
    day: Hours = (DAY_STARTS, DAY_ENDS)
    empty_is_free: bool = False
    maybe_is_free: bool = False
    slot_minutes: int = 0
    clock: int = 0
    words: Mapping[str, Hours] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def dialect(self) -> Dialect:
        """Return how the texts of this file are read; the file's own words go before the usual ones."""
        own = {_word(word): hours for word, hours in self.words.items()}
        usual = BUSY_WORDS if self.says is Says.BUSY else USUAL_WORDS
        words = tuple({**dict(usual), **own}.items())
        dialect = Dialect(words=words, clock=self.clock, lasts=self.slot_minutes)
        return for_busy_hours(dialect) if self.says is Says.BUSY else dialect

    def answer(self, text: str) -> Answer | None:
        """Return what a cell answers to a slot, None when that is not known. A blank cell is a box left unticked."""
        if not (key := for_comparing(text)):
            return Answer.NO
        own = keyed(self.answers).get(key)
        if own is None and key in SLOT_ANSWERS:
            return Answer(SLOT_ANSWERS[key])
        return own


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How one file is to be read. See `mapping_toml` for the same as a text.

    `columns`: header to column, None to leave it out. `constants`: what is the same for everybody where the file
    says nothing. `generations`, `adults`: answers and what they mean. `interests`: header to topic, the cells rate
    it; `ratings`: words and the rating they mean, 0 for not chosen. `times`: header to slot. `meant`: for a header,
    what stands in a cell and what its writer meant. `addresses`: by name, the own address of somebody who shares
    one. `people_in_columns`: one column is one person, as in the table of 調整さん.
    """

    columns: Mapping[str, Column | None] = field(default_factory=dict)
    constants: Mapping[Column, str] = field(default_factory=dict)
    generations: Mapping[str, Generation] = field(default_factory=dict)
    adults: Mapping[str, bool] = field(default_factory=dict)
    interests: Mapping[str, str] = field(default_factory=dict)
    ratings: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, Slot] = field(default_factory=dict)
    rules: TimeRules = TimeRules()
    meant: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    people_in_columns: bool = False

    def named_headers(self) -> Iterator[str]:
        """Yield each header that must be in the file, as written; those to leave out may be missing."""
        yield from (header for header, column in self.columns.items() if column is not None)
        yield from self.interests
        yield from self.times

    def is_usual(self) -> bool:
        """Return whether the usual spellings of heads and answers read the same, so that nobody need look."""
        plain = FileMapping(columns=self.columns)
        return self == plain and all(column_of(header) == column for header, column in self.columns.items())

    def without_people(self) -> "FileMapping":
        """Return the mapping for the next file: without what stood in the cells of this one's people."""
        return replace(self, meant={}, addresses={})


def keyed(words: Mapping[str, Value]) -> dict[str, Value]:
    """Return the same by what is compared of each text."""
    return {for_comparing(text): meaning for text, meaning in words.items()}


def header_digest(names: tuple[str, ...]) -> str:
    """Return what a form's header row is known by next time: SHA-256 of its headers as compared, in hex."""
    return sha256("\x1f".join(header_key(name) for name in names).encode()).hexdigest()


def _word(text: str) -> str:
    return narrow(text).strip().lower()
