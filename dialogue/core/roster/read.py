"""The whole road of a roster: a file in, people out, or everything that is wrong with it. Never a part of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from dialogue.core.generation import Generation
from dialogue.core.roster import cells
from dialogue.core.roster.cells import CellRefused
from dialogue.core.roster.errors import ErrorCode, RosterError, RosterRefused, roster_error
from dialogue.core.roster.headers import (
    FACILITATOR_COLUMNS,
    PARTICIPANT_COLUMNS,
    Column,
    Heading,
    header_score,
    read_heading,
)
from dialogue.core.roster.people import FacilitatorRow, ParticipantRow, Person, Roster
from dialogue.core.roster.person import RowReader, facilitator, participant
from dialogue.core.roster.rows import Row, refusal
from dialogue.core.roster.table import Table, read_table
from dialogue.core.roster.wishes import resolve_wishes


def read_participants(
    *,
    content: bytes,
    filename: str,
    today: date,
    default_zone: str = "Asia/Tokyo",
    mapping: Mapping[str, Column | None] | None = None,
    generation_words: Mapping[str, Generation] | None = None,
) -> Roster[ParticipantRow]:
    """Return every participant of a roster file.

    `today` is needed to judge years of birth. `mapping` says what headers mean that are not known here, by their
    name as written; None leaves that column out. `generation_words` are the programme's own labels.

    Raises:
        RosterRefused: something in the file is wrong; nothing of it is read.
    """
    zone = _default_zone(default_zone)
    heading, table = _table(
        content, filename, mapping, wanted=PARTICIPANT_COLUMNS, required=(Column.EMAIL, Column.GENERATION)
    )
    people: list[ParticipantRow] = []
    errors: list[RosterError] = []
    for row in _whole_rows(table, errors):
        reader = RowReader(row, heading, errors)
        people.append(participant(reader, today=today, zone=zone, words=generation_words))
    errors.extend(_repeated(people, heading))
    people, refused_wishes = resolve_wishes(people, heading)
    return _roster(people, errors + refused_wishes, heading)


def read_facilitators(
    *,
    content: bytes,
    filename: str,
    default_zone: str = "Asia/Tokyo",
    mapping: Mapping[str, Column | None] | None = None,
) -> Roster[FacilitatorRow]:
    """Return every facilitator of a roster file. `mapping` as in `read_participants`.

    Raises:
        RosterRefused: something in the file is wrong; nothing of it is read.
    """
    zone = _default_zone(default_zone)
    heading, table = _table(content, filename, mapping, wanted=FACILITATOR_COLUMNS, required=(Column.EMAIL,))
    errors: list[RosterError] = []
    people = [facilitator(RowReader(row, heading, errors), zone=zone) for row in _whole_rows(table, errors)]
    errors.extend(_repeated(people, heading))
    return _roster(people, errors, heading)


def _default_zone(default_zone: str) -> str:
    try:
        return cells.zone(default_zone) or "Asia/Tokyo"
    except CellRefused as error:
        raise RosterRefused([roster_error(ErrorCode.UNKNOWN_ZONE_SETTING, value=default_zone)]) from error


def _table(
    content: bytes,
    filename: str,
    mapping: Mapping[str, Column | None] | None,
    *,
    wanted: frozenset[Column],
    required: Sequence[Column],
) -> tuple[Heading, Table]:
    table = read_table(content=content, filename=filename, score=partial(header_score, mapping=mapping))
    heading, errors = read_heading(
        table.header.cells, line=table.header.line, wanted=wanted, required=required, mapping=mapping
    )
    if errors:
        raise RosterRefused(errors)
    if not table.rows:
        raise refusal(ErrorCode.NO_PEOPLE, line=table.header.line)
    return heading, table


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


def _repeated(people: Sequence[Person], heading: Heading) -> list[RosterError]:
    first_lines: dict[str, int] = {}
    return [
        roster_error(
            ErrorCode.REPEATED_PERSON,
            line=person.line,
            column=heading.name(Column.EMAIL),
            value=person.email,
            first=str(first_lines[person.email]),
        )
        for person in people
        if person.email and first_lines.setdefault(person.email, person.line) != person.line
    ]


def _roster(people: Sequence[Person], errors: Sequence[RosterError], heading: Heading) -> Roster[Person]:
    if errors:
        raise RosterRefused(errors)
    return Roster(tuple(people), heading.ignored)
