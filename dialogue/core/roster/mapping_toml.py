"""A mapping from TOML, as `plan --mapping` takes it: what is wrong with it is named by key and line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, Final, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.cells import MAX_RATING, MAX_TEXT
from dialogue.core.roster.dialect import DAY_ENDS, DAY_STARTS, Hours
from dialogue.core.roster.headers import Column, header_key
from dialogue.core.roster.mapping import CONSTANT_COLUMNS, Answer, FileMapping, Says, Slot, TimeRules
from dialogue.core.roster.mapping_text import BARE_KEY, read_hours_of, slot_from
from dialogue.core.roster.rows import MAX_CELL
from dialogue.core.roster.timetable import unreadable_mix
from dialogue.core.text import short

MAX_CHARACTERS: Final = 100_000
MAX_KEYS: Final = 2_000
MAX_ERRORS: Final = 100
MAX_SLOT: Final = 12 * 60
MAX_DOTS: Final = 20
_TABLES: Final = (
    "file", "columns", "constants", "generations", "adults", "interests", "ratings", "times", "meant", "addresses",
)  # fmt: skip
_TIME_KEYS: Final = ("says", "day", "empty", "maybe", "slot", "clock", "columns", "words", "answers")
_PEOPLE: Final = {"rows": False, "columns": True}
_EMPTY: Final = {"free": True, "unknown": False}
_MAYBE: Final = {"free": True, "no": False}
_CONSTANTS: Final = {column.value: column for column in CONSTANT_COLUMNS}
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')

Value = TypeVar("Value")


class MappingFault(StrEnum):
    """Why a mapping cannot be used. The comment names the `detail` keys."""

    TOO_LARGE = "too_large"  # limit
    NOT_TEXT = "not_text"
    NOT_TOML = "not_toml"
    TOO_DEEP = "too_deep"
    UNKNOWN_KEY = "unknown_key"  # known
    NOT_A_TABLE = "not_a_table"
    NOT_A_TEXT = "not_a_text"
    UNKNOWN_WORD = "unknown_word"  # value, known
    NO_HOURS = "no_hours"  # value
    NO_SLOT = "no_slot"  # value
    NO_NUMBER = "no_number"  # lowest, highest
    TOO_LONG = "too_long"  # limit
    TOO_MANY = "too_many"  # limit
    HEADER_TWICE = "header_twice"
    COLUMN_TWICE = "column_twice"  # value, other
    BUSY_SLOT = "busy_slot"


@dataclass(frozen=True, slots=True)
class MappingError:
    """One thing to put right in a mapping. `key` is the way to it (times.columns."月"), `line` 0 where unknown."""

    fault: MappingFault
    key: str = ""
    line: int = 0
    detail: Mapping[str, str] = field(default_factory=dict)


class MappingRefused(Exception):
    """The mapping cannot be used."""

    def __init__(self, errors: list[MappingError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.line))
        super().__init__(f"{len(errors)} things to put right in the mapping, first: {self.errors[:1]}")


def mapping_from_toml(text: str) -> FileMapping:
    """Return the mapping that a text writes down. What it leaves out stays as `FileMapping` has it.

    Raises:
        MappingRefused: it is no TOML, or names what no mapping has.
    """
    if len(text) > MAX_CHARACTERS:
        raise MappingRefused([MappingError(MappingFault.TOO_LARGE, detail={"limit": f"{MAX_CHARACTERS:,}"})])
    if any(_dots(line) > MAX_DOTS for line in text.splitlines()):
        # a key of fifty thousand parts keeps tomllib busy for minutes
        raise MappingRefused([MappingError(MappingFault.TOO_DEEP)])
    try:
        written = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise MappingRefused([MappingError(MappingFault.NOT_TOML, line=int(found[1]) if found else 0)]) from error
    except (RecursionError, ValueError) as error:  # a date such as 2026-99-99 is a ValueError of its own
        raise MappingRefused([MappingError(MappingFault.TOO_DEEP)]) from error
    reader = _Reader(text, written)
    mapping = reader.mapping()
    if reader.errors:
        raise MappingRefused(reader.errors)
    return mapping


Path = tuple[str, ...]


class _Slip(Exception):
    """One value cannot be read."""

    def __init__(self, fault: MappingFault, **detail: str) -> None:
        self.fault = fault
        self.detail = detail
        super().__init__(fault.value)


class _Reader:
    """Reads the tables of a mapping and notes every slip with its key and line."""

    def __init__(self, text: str, written: Mapping[str, Any]) -> None:
        self.text = text
        self.written = written
        self.errors: list[MappingError] = []

    @cached_property
    def places(self) -> dict[Path, int]:
        return _places(self.text)

    def mapping(self) -> FileMapping:
        self._only((), _TABLES)
        self._only(("file",), ("people",))
        self._only(("times",), _TIME_KEYS)
        columns = self._entries(("columns",), _column)
        interests = self._entries(("interests",), _short)
        slots = self._entries(("times", "columns"), _slot)
        rules = self._rules()
        self._check_headers(columns, interests, slots, rules)
        constants = self._entries(("constants",), _short)
        return FileMapping(
            columns=columns,
            constants={_CONSTANTS[name]: text for name, text in constants.items() if name in _CONSTANTS},
            generations=self._entries(("generations",), partial(_one_of, {each.value: each for each in Generation})),
            adults=self._entries(("adults",), _yes_or_no),
            interests=interests,
            ratings=self._entries(("ratings",), partial(_number, 0, MAX_RATING)),
            times=slots,
            rules=rules,
            meant={header: self._entries(("meant", header), _cell) for header in self._table(("meant",))},
            addresses=self._entries(("addresses",), _short),
            people_in_columns=self._one(("file", "people"), partial(_one_of, _PEOPLE), False),
        )

    def _rules(self) -> TimeRules:
        self._only(("constants",), tuple(_CONSTANTS))
        return TimeRules(
            says=self._one(("times", "says"), partial(_one_of, {each.value: each for each in Says}), Says.FREE),
            day=self._one(("times", "day"), _hours, (DAY_STARTS, DAY_ENDS)),
            empty_is_free=self._one(("times", "empty"), partial(_one_of, _EMPTY), False),
            maybe_is_free=self._one(("times", "maybe"), partial(_one_of, _MAYBE), False),
            slot_minutes=self._one(("times", "slot"), partial(_number, 0, MAX_SLOT), 0),
            clock=self._one(("times", "clock"), _clock, 0),
            words=self._entries(("times", "words"), _hours),
            answers=self._entries(("times", "answers"), partial(_one_of, {each.value: each for each in Answer})),
        )

    def _check_headers(
        self,
        columns: Mapping[str, Column | None],
        interests: Mapping[str, str],
        slots: Mapping[str, Slot],
        rules: TimeRules,
    ) -> None:
        """Note a header that stands twice, two for one column, and slots of which nobody can be busy."""
        seen: set[str] = set()
        for path, headers in ((("columns",), columns), (("interests",), interests), (("times", "columns"), slots)):
            for header in headers:
                if (key := header_key(header)) in seen:
                    self._note(MappingFault.HEADER_TWICE, (*path, header))
                seen.add(key)
        taken: dict[Column, str] = {}
        for header, column in columns.items():
            if column and taken.setdefault(column, header) != header:
                self._note(MappingFault.COLUMN_TWICE, ("columns", header), value=column.value, other=taken[column])
        if busy := unreadable_mix(slots, rules):
            self._note(MappingFault.BUSY_SLOT, ("times", "columns", busy))

    def _table(self, path: Path) -> Mapping[str, Any]:
        """Return the table at a path, empty where it is missing or is none."""
        table: Mapping[str, Any] = self.written
        for name in path:
            inner = table.get(name, {})
            if not isinstance(inner, dict):
                self._note(MappingFault.NOT_A_TABLE, path)
                return {}
            table = inner
        if len(table) > MAX_KEYS:
            self._note(MappingFault.TOO_MANY, path, limit=f"{MAX_KEYS:,}")
            return {}
        return table

    def _only(self, path: Path, known: Iterable[str]) -> None:
        for name in self._table(path):
            if name not in known:
                self._note(MappingFault.UNKNOWN_KEY, (*path, name), known=", ".join(known))

    def _entries(self, path: Path, read: Callable[[Any], Value]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, value in self._table(path).items():
            try:
                if len(name) > MAX_CELL:
                    raise _Slip(MappingFault.TOO_LONG, limit=f"{MAX_CELL:,}")
                found[name] = read(value)
            except _Slip as slip:
                self._note(slip.fault, (*path, name), **slip.detail)
        return found

    def _one(self, path: Path, read: Callable[[Any], Value], otherwise: Value) -> Value:
        table = self._table(path[:-1])
        if path[-1] not in table:
            return otherwise
        try:
            return read(table[path[-1]])
        except _Slip as slip:
            self._note(slip.fault, path, **slip.detail)
            return otherwise

    def _note(self, fault: MappingFault, path: Path, **detail: str) -> None:
        error = MappingError(
            fault,
            ".".join(name if BARE_KEY.fullmatch(name) else f'"{short(name)}"' for name in path),
            self.places.get(path, 0),
            {key: short(text) for key, text in detail.items()},
        )
        if error not in self.errors and len(self.errors) < MAX_ERRORS:
            self.errors.append(error)


def _dots(line: str) -> int:
    return _STRING.sub("", line).split("#")[0].count(".")


def _places(text: str) -> dict[Path, int]:
    """Return the line on which each table and key stands, as near as one line alone tells."""
    places: dict[Path, int] = {}
    within: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        keys = _keys_of(line.strip())
        if keys is None:
            continue
        is_table = line.lstrip().startswith("[")
        within = keys if is_table else within
        path = keys if is_table else (*within, *keys)
        for length in range(1, len(path) + 1):
            places.setdefault(path[:length], number)
    return places


def _keys_of(line: str) -> Path | None:
    """Return the keys that one line names, None where it is no line of its own."""
    if len(line) > MAX_CELL:
        return None
    try:
        table: Any = tomllib.loads(line)
    except (ValueError, RecursionError):
        return None
    keys: list[str] = []
    while isinstance(table, dict) and len(table) == 1:
        [(key, table)] = table.items()
        keys.append(key)
    return tuple(keys)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Slip(MappingFault.NOT_A_TEXT)
    return value


def _short(value: Any) -> str:
    if len(_text(value)) > MAX_TEXT:
        raise _Slip(MappingFault.TOO_LONG, limit=str(MAX_TEXT))
    return _text(value)


def _cell(value: Any) -> str:
    if len(_text(value)) > MAX_CELL:
        raise _Slip(MappingFault.TOO_LONG, limit=f"{MAX_CELL:,}")
    return _text(value)


def _column(value: Any) -> Column | None:
    return None if _text(value) == "" else _one_of({column.value: column for column in Column}, value)


def _one_of(known: Mapping[str, Value], value: Any) -> Value:
    if _text(value) not in known:
        raise _Slip(MappingFault.UNKNOWN_WORD, value=value, known=", ".join(known))
    return known[value]


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Slip(MappingFault.UNKNOWN_WORD, value=str(value)[:MAX_TEXT], known="true, false")
    return value


def _number(lowest: int, highest: int, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise _Slip(MappingFault.NO_NUMBER, lowest=str(lowest), highest=str(highest))
    return value


def _clock(value: Any) -> int:
    if value not in (12, 24) or isinstance(value, float):
        raise _Slip(MappingFault.UNKNOWN_WORD, value=short(str(value)[:MAX_TEXT]), known="12, 24")
    return int(value)


def _hours(value: Any) -> Hours:
    try:
        return read_hours_of(_short(value))
    except UnreadableAvailability as error:
        raise _Slip(MappingFault.NO_HOURS, value=_text(value)) from error


def _slot(value: Any) -> Slot:
    try:
        return slot_from(_short(value))
    except UnreadableAvailability as error:
        raise _Slip(MappingFault.NO_SLOT, value=_text(value)) from error
