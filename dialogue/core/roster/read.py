"""The whole road of a roster: a file in, people out, or everything that is wrong with it. Never a part of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Generic

from dialogue.core.generation import Generation
from dialogue.core.roster import cells
from dialogue.core.roster.cells import CellRefused
from dialogue.core.roster.errors import ErrorCode, RosterError, RosterRefused, roster_error
from dialogue.core.roster.headers import FACILITATOR_COLUMNS, PARTICIPANT_COLUMNS, Column
from dialogue.core.roster.mapping import FileMapping
from dialogue.core.roster.own_addresses import with_own_addresses
from dialogue.core.roster.people import FacilitatorRow, ParticipantRow, Person, Roster
from dialogue.core.roster.person import RowReader, facilitator, participant, second_email
from dialogue.core.roster.reading import Reading, lay_over, score
from dialogue.core.roster.rows import MAX_CELL, Row, refusal
from dialogue.core.roster.table import Table, read_table
from dialogue.core.roster.wishes import resolve_wishes

Columns = Mapping[str, Column | None]


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Person]):
    """What could be read of a file, for looking at: `people` are whole only where no error names their line."""

    people: tuple[Person, ...]
    errors: tuple[RosterError, ...]
    ignored_columns: tuple[str, ...]


def read_participants(
    *,
    content: bytes,
    filename: str,
    today: date,
    default_zone: str = "Asia/Tokyo",
    mapping: FileMapping | Columns | None = None,
    generation_words: Mapping[str, Generation] | None = None,
) -> Roster[ParticipantRow]:
    """Return every participant of a roster file.

    `today` is needed to judge years of birth. `mapping` says how the file is to be read; of headers alone, what they
    mean that are not known here, None to leave a column out. `generation_words` are the programme's own labels.

    Raises:
        RosterRefused: something in the file is wrong; nothing of it is read.
    """
    how = _mapping(mapping)
    table = _opened(content, filename, how)
    people, errors, reading = _participants(table, how, today, default_zone, generation_words)
    return _roster(people, errors, reading, table)


def read_facilitators(
    *,
    content: bytes,
    filename: str,
    default_zone: str = "Asia/Tokyo",
    mapping: FileMapping | Columns | None = None,
) -> Roster[FacilitatorRow]:
    """Return every facilitator of a roster file. `mapping` as in `read_participants`.

    Raises:
        RosterRefused: something in the file is wrong; nothing of it is read.
    """
    how = _mapping(mapping)
    table = _opened(content, filename, how)
    people, errors, reading = _facilitators(table, how, default_zone)
    return _roster(people, errors, reading, table)


def try_participants(
    table: Table, mapping: FileMapping, *, today: date, default_zone: str = "Asia/Tokyo"
) -> Attempt[ParticipantRow]:
    """Return what a mapping makes of a file that is open, with everything that could not be read. Takes nothing in."""
    return _attempt(lambda: _participants(table, mapping, today, default_zone, None), table)


def try_facilitators(
    table: Table, mapping: FileMapping, *, default_zone: str = "Asia/Tokyo"
) -> Attempt[FacilitatorRow]:
    """Return what a mapping makes of a file of facilitators. As `try_participants`."""
    return _attempt(lambda: _facilitators(table, mapping, default_zone), table)


def _attempt(
    read: Callable[[], tuple[Sequence[Person], Sequence[RosterError], Reading]], table: Table
) -> Attempt[Person]:
    try:
        people, errors, reading = read()
    except RosterRefused as refused:
        return Attempt((), refused.errors, ())
    return Attempt(tuple(people), _placed(errors, table), reading.heading.ignored)


def _participants(
    table: Table,
    mapping: FileMapping,
    today: date,
    default_zone: str,
    words: Mapping[str, Generation] | None,
) -> tuple[list[ParticipantRow], list[RosterError], Reading]:
    zone = _default_zone(default_zone)
    reading = _reading(table, mapping, wanted=PARTICIPANT_COLUMNS, required=(Column.EMAIL, Column.GENERATION))
    labels = {**(words or {}), **reading.generations}
    people, errors = _people(table, reading, lambda reader: participant(reader, today=today, zone=zone, words=labels))
    people, refused_wishes = resolve_wishes(people, reading.heading)
    return people, errors + refused_wishes, reading


def _facilitators(
    table: Table, mapping: FileMapping, default_zone: str
) -> tuple[list[FacilitatorRow], list[RosterError], Reading]:
    zone = _default_zone(default_zone)
    reading = _reading(table, mapping, wanted=FACILITATOR_COLUMNS, required=(Column.EMAIL,))
    people, errors = _people(table, reading, partial(facilitator, zone=zone))
    return people, errors, reading


def _people(
    table: Table, reading: Reading, read: Callable[[RowReader], Person]
) -> tuple[list[Person], list[RosterError]]:
    errors: list[RosterError] = []
    people: list[Person] = []
    seconds: dict[int, str] = {}
    for row in _whole_rows(table, errors):
        errors += _endless_cells(row, table, reading)
        reader = RowReader(row, reading, errors)
        people.append(read(reader))
        if second := second_email(reader):
            seconds[row.line] = second
    people, shared = with_own_addresses(people, seconds, by_name=reading.addresses, heading=reading.heading)
    return people, errors + shared


def _mapping(mapping: FileMapping | Columns | None) -> FileMapping:
    return mapping if isinstance(mapping, FileMapping) else FileMapping(columns=mapping or {})


def _default_zone(default_zone: str) -> str:
    try:
        return cells.zone(default_zone) or "Asia/Tokyo"
    except CellRefused as error:
        raise RosterRefused([roster_error(ErrorCode.UNKNOWN_ZONE_SETTING, value=default_zone)]) from error


def _opened(content: bytes, filename: str, mapping: FileMapping) -> Table:
    return read_table(
        content=content,
        filename=filename,
        score=partial(score, mapping=mapping),
        people_in_columns=mapping.people_in_columns,
    )


def _reading(table: Table, mapping: FileMapping, *, wanted: frozenset[Column], required: Sequence[Column]) -> Reading:
    reading, errors = lay_over(table, mapping, wanted=wanted, required=required)
    if errors:
        raise RosterRefused(_placed(errors, table))
    if not table.rows:
        raise refusal(ErrorCode.NO_PEOPLE, line=table.header.line)
    return reading


def _whole_rows(table: Table, errors: list[RosterError]) -> list[Row]:
    """Return the rows that fit their header; a comma without quotes shifts all that follows it."""
    width = len(table.header.cells)
    whole: list[Row] = []
    for row in table.rows:
        extra = [cell for cell in row.cells[width:] if cell.strip()] if table.is_separated_text else []
        if extra:
            errors.append(roster_error(ErrorCode.EXTRA_CELLS, line=row.line, value=extra[0]))
        else:
            whole.append(row)
    return whole


def _endless_cells(row: Row, table: Table, reading: Reading) -> list[RosterError]:
    """Return what is too long in columns that nobody reads; what is read says so itself."""
    read = {*reading.heading.positions.values(), *(each.position for each in (*reading.topics, *reading.slots))}
    return [
        roster_error(ErrorCode.CELL_TOO_LONG, line=row.line, column=name, limit=f"{MAX_CELL:,}")
        for position, (name, cell) in enumerate(zip(table.names, row.cells, strict=False))
        if len(cell) > MAX_CELL and position not in read
    ]


def _placed(errors: Sequence[RosterError], table: Table) -> tuple[RosterError, ...]:
    return tuple(replace(error, in_column=True) for error in errors) if table.is_turned else tuple(errors)


def _roster(people: Sequence[Person], errors: Sequence[RosterError], reading: Reading, table: Table) -> Roster[Person]:
    if errors:
        raise RosterRefused(_placed(errors, table))
    return Roster(tuple(people), reading.heading.ignored)
