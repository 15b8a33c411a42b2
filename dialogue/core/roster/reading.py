"""A mapping laid over the header of one file: which column is read how."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from dialogue.core.generation import Generation
from dialogue.core.roster import cells as cells_of
from dialogue.core.roster.cells import CellRefused
from dialogue.core.roster.dialect import Dialect
from dialogue.core.roster.errors import RosterError, roster_error
from dialogue.core.roster.headers import Column, Heading, column_of, header_key, read_heading
from dialogue.core.roster.mapping import ANYWHERE, FileMapping, Slot, TimeRules, keyed
from dialogue.core.roster.table import Table
from dialogue.core.text import for_comparing, visible

PLAIN: Final = FileMapping()


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that is read by what its head says: the topic it rates, or the times it offers."""

    position: int
    header: str
    topic: str = ""
    slot: Slot = ANYWHERE


@dataclass(frozen=True, slots=True)
class Reading:
    """How each cell of one file is read. Words stand as they are compared."""

    heading: Heading
    constants: Mapping[Column, str]
    generations: Mapping[str, Generation]
    adults: Mapping[str, bool]
    ratings: Mapping[str, int]
    topics: tuple[ReadColumn, ...]
    slots: tuple[ReadColumn, ...]
    rules: TimeRules
    dialect: Dialect
    meant: Mapping[int, Mapping[str, str]]
    addresses: Mapping[str, str]

    def has(self, column: Column) -> bool:
        return column in self.heading.positions or column in self.constants


def lay_over(
    table: Table, mapping: FileMapping, *, wanted: frozenset[Column], required: Sequence[Column]
) -> tuple[Reading, list[RosterError]]:
    """Return how the file is read, and what its header lacks of what is required or mapped."""
    constants = {column: text for column, text in mapping.constants.items() if column in wanted}
    own = {header_key(header): None for header in (*mapping.interests, *mapping.times)}
    columns = {header_key(header): column for header, column in mapping.columns.items()}
    heading, errors = read_heading(
        table.header.cells,
        names=table.names,
        line=table.header.line,
        wanted=wanted,
        required=[column for column in required if column not in constants],
        columns={**columns, **own},
        named=mapping.named_headers(),
    )
    errors += _constant_errors(constants, mapping)
    places = {header_key(name): position for position, name in enumerate(table.names) if name}
    topics = _read_columns(table, places, mapping.interests) if Column.INTERESTS in wanted else ()
    slots = _read_columns(table, places, mapping.times)
    read = {each.position for each in (*topics, *slots)}
    heading = Heading(
        heading.positions,
        heading.written,
        tuple(name[:60] for position, name in enumerate(table.names) if name and position not in read
              and position not in heading.positions.values()),
    )  # fmt: skip
    return Reading(
        heading=heading,
        constants=constants,
        generations=keyed(mapping.generations),
        adults=keyed(mapping.adults),
        ratings=keyed(mapping.ratings),
        topics=topics,
        slots=slots,
        rules=mapping.rules,
        dialect=mapping.rules.dialect(),
        meant={
            places[header_key(header)]: {visible(text): meaning for text, meaning in meanings.items()}
            for header, meanings in mapping.meant.items()
            if header_key(header) in places
        },
        addresses={for_comparing(name): address for name, address in mapping.addresses.items()},
    ), errors


def score(cells: Sequence[str], mapping: FileMapping) -> int:
    """Return how much a row looks like the header that a mapping is for: what it names, and the usual spellings."""
    own = {header_key(header) for header in (*mapping.interests, *mapping.times)}
    columns = {header_key(header): column for header, column in mapping.columns.items()}
    keys = {header_key(cell) for cell in cells}
    return len(keys & own) + len(known_columns(cells, columns))


def known_columns(cells: Sequence[str], columns: Mapping[str, Column | None]) -> set[Column]:
    """Return the different columns that a row names, by the keys of a mapping first."""
    from_mapping = {columns[key] for cell in cells if (key := header_key(cell)) in columns}
    return {column for column in from_mapping if column} | {
        column for cell in cells if header_key(cell) not in columns and (column := column_of(cell))
    }


def _constant_errors(constants: Mapping[Column, str], mapping: FileMapping) -> Iterator[RosterError]:
    """Yield what is wrong with what the mapping says of everybody, once and not for each row."""
    readers: Mapping[Column, Callable[[str], object]] = {
        Column.GENERATION: partial(cells_of.generation, words=keyed(mapping.generations)),
        Column.ADULT: partial(cells_of.is_adult, words=keyed(mapping.adults)),
        Column.ZONE: cells_of.zone,
        Column.LANGUAGES: cells_of.languages,
    }
    for column, text in constants.items():
        try:
            readers.get(column, cells_of.line_of_text)(text)
        except CellRefused as refused:
            yield roster_error(refused.code, line=0, column=column.value, value=text, cell="", **refused.detail)


def _read_columns(
    table: Table, places: Mapping[str, int], of_mapping: Mapping[str, str] | Mapping[str, Slot]
) -> tuple[ReadColumn, ...]:
    found: list[ReadColumn] = []
    for header, meaning in of_mapping.items():
        position = places.get(header_key(header))
        if position is not None:
            name = table.names[position]
            found.append(
                ReadColumn(position, name, slot=meaning)
                if isinstance(meaning, Slot)
                else ReadColumn(position, name, topic=meaning)
            )
    return tuple(sorted(found, key=lambda each: each.position))
