"""One row of a table as one person: every cell read by its column, every slip noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.interests import as_topics
from dialogue.core.mail_address import mail_address
from dialogue.core.roster import cells
from dialogue.core.roster.availability import print_windows
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.cells import CellRefused, Interest
from dialogue.core.roster.errors import ErrorCode, RosterError, roster_error
from dialogue.core.roster.headers import NAME_COLUMNS, Column
from dialogue.core.roster.mapping import ANYWHERE, Slot
from dialogue.core.roster.people import FacilitatorRow, ParticipantRow
from dialogue.core.roster.reading import Reading
from dialogue.core.roster.rows import MAX_CELL, Row
from dialogue.core.roster.timetable import TimeCell, free_windows, read_cell
from dialogue.core.text import for_comparing, visible
from dialogue.core.week import WeeklyWindow

YOUNGEST: Final = 10
OLDEST: Final = 100
ADULT_AGE: Final = 18
SCHOOL_YEAR_ENDS_IN: Final = 3  # March

Value = TypeVar("Value")


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one row by column and notes what is wrong with them."""

    row: Row
    reading: Reading
    errors: list[RosterError] = field(default_factory=list)

    def read(self, column: Column, reader: Callable[[str], Value], otherwise: Value) -> Value:
        """Return the value of a cell, `otherwise` when the column is absent or the cell is refused.

        What is the same for everybody in the file is read where the cell is blank.
        """
        position = self.reading.heading.positions.get(column)
        constant = self.reading.constants.get(column, "")
        if position is None:
            return reader(constant) if constant else otherwise
        if constant and not self._written(position).strip():
            return reader(constant)
        return self.read_at(position, self.reading.heading.name(column), reader, otherwise)

    def read_at(self, position: int, header: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        """Return the value of the cell at a position, `otherwise` when it is refused."""
        text = self._written(position)
        try:
            self._check_plain(position, text)
            return reader(text)
        except CellRefused as refused:
            self._note(header, refused.code, position, **refused.detail)
        except UnreadableAvailability as refused:
            detail = {"part": refused.part, "fault": refused.fault.value}
            if refused.instead:
                detail["instead"] = print_windows(refused.instead)
            self._note(header, ErrorCode.AVAILABILITY, position, **detail)
        return otherwise

    def refuse(self, column: Column, code: ErrorCode, value: str = "", **detail: str) -> None:
        name = self.reading.heading.name(column)
        position = self.reading.heading.positions.get(column)
        cell = "" if position is None else self.row.cell(position)
        self.errors.append(roster_error(code, line=self.row.line, column=name, value=value, cell=cell, **detail))

    def _note(self, header: str, code: ErrorCode, position: int, **detail: str) -> None:
        text = self._written(position)
        cell = self.row.cell(position)
        self.errors.append(roster_error(code, line=self.row.line, column=header, value=text, cell=cell, **detail))

    def _written(self, position: int) -> str:
        """Return what stands in a cell, or what the mapping says was meant by it."""
        text = self.row.cell(position)
        meant = self.reading.meant.get(position)
        return meant.get(visible(text), text) if meant else text

    def _check_plain(self, position: int, text: str) -> None:
        if len(text) > MAX_CELL:
            raise CellRefused(ErrorCode.CELL_TOO_LONG, limit=f"{MAX_CELL:,}")
        is_typed = text != self.row.cell(position)  # by the coordinator, in place of what stands there
        if (position in self.row.formulas and not is_typed) or cells.is_formula(text):
            raise CellRefused(ErrorCode.FORMULA)
        if cells.is_excel_error(text):
            raise CellRefused(ErrorCode.EXCEL_ERROR)


def participant(reader: RowReader, *, today: date, zone: str, words: Mapping[str, Generation] | None) -> ParticipantRow:
    """Return the participant of a row; what is refused is noted in the reader and stands empty here."""
    family, given = _names(reader)
    family_kana, given_kana = _kana(reader)
    generation, is_at_school = reader.read(
        Column.GENERATION, _required(partial(cells.generation, words=words)), (Generation.STUDENT, False)
    )
    birth_year = _birth_year(reader, today)
    return ParticipantRow(
        line=reader.row.line,
        email=reader.read(Column.EMAIL, _required(_address), ""),
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        preferred_name=reader.read(Column.PREFERRED_NAME, cells.name, "") or given or family,
        generation=generation,
        birth_year=birth_year,
        under_18_or_high_school=_is_under(
            reader, today=today, birth_year=birth_year, is_at_school=is_at_school, generation=generation
        ),
        languages=reader.read(Column.LANGUAGES, cells.languages, ()) or ("ja",),
        zone=reader.read(Column.ZONE, cells.zone, "") or zone,
        affiliation=reader.read(Column.AFFILIATION, cells.line_of_text, ""),
        partner=reader.read(Column.PARTNER, cells.line_of_text, ""),
        field=reader.read(Column.FIELD, cells.line_of_text, ""),
        interests=_interests(reader),
        windows=_windows(reader),
        keep_apart=reader.read(Column.KEEP_APART, cells.people, ()),
        keep_together=reader.read(Column.KEEP_TOGETHER, cells.people, ()),
    )


def facilitator(reader: RowReader, *, zone: str) -> FacilitatorRow:
    """Return the facilitator of a row; what is refused is noted in the reader and stands empty here."""
    family, given = _names(reader)
    family_kana, given_kana = _kana(reader)
    return FacilitatorRow(
        line=reader.row.line,
        email=reader.read(Column.EMAIL, _required(_address), ""),
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        preferred_name=reader.read(Column.PREFERRED_NAME, cells.name, "") or given or family,
        languages=reader.read(Column.LANGUAGES, cells.languages, ()) or ("ja",),
        zone=reader.read(Column.ZONE, cells.zone, "") or zone,
        windows=_windows(reader),
        max_cohorts=reader.read(Column.MAX_COHORTS, cells.max_cohorts, 1),
    )


def _required(reader: Callable[[str], Value]) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        if not text or text.isspace():
            raise CellRefused(ErrorCode.REQUIRED)
        return reader(text)

    return read


def _address(text: str) -> str:
    try:
        return mail_address(text)
    except ValueError as error:
        raise CellRefused(ErrorCode.EMAIL) from error


def second_email(reader: RowReader) -> str:
    """Return the second address of a row, "" for none."""
    return reader.read(Column.SECOND_EMAIL, lambda text: "" if cells.is_nothing(text) else _address(text), "")


def _interests(reader: RowReader) -> tuple[Interest, ...]:
    """Read the topics of the file's list, and those that have a column of their own with a rating.

    A word that means a topic becomes that topic, so that 育児 here and 子育て there are one.
    """
    none: tuple[Interest, ...] = ()
    listed = reader.read(Column.INTERESTS, cells.interests, none)
    rate = partial(cells.rating, words=reader.reading.ratings)
    rated = (
        (topic.topic, rating)
        for topic in reader.reading.topics
        if (rating := reader.read_at(topic.position, topic.header, rate, 0))
    )
    by_column, by_list = as_topics(rated), as_topics((each.text, each.rating) for each in listed)
    asked = {for_comparing(word) for word in by_column}
    found = [*by_column.items(), *(one for one in by_list.items() if for_comparing(one[0]) not in asked)]
    return tuple(Interest(word, rating) for word, rating in found)


def _windows(reader: RowReader) -> tuple[WeeklyWindow, ...]:
    reading = reader.reading
    columns = [(each.position, each.header, each.slot) for each in reading.slots]
    free_text = reading.heading.positions.get(Column.AVAILABILITY)
    if free_text is not None:
        columns.append((free_text, reading.heading.name(Column.AVAILABILITY), ANYWHERE))
    read: list[tuple[TimeCell, tuple[WeeklyWindow, ...]]] = []

    def read_one(slot: Slot, text: str) -> tuple[TimeCell, tuple[WeeklyWindow, ...]]:
        cell = TimeCell(slot, text)
        return cell, read_cell(cell, reading.rules, reading.dialect)

    for position, header, slot in columns:
        found = reader.read_at(position, header, partial(read_one, slot), None)
        if found is not None:
            read.append(found)
    return free_windows(read, reading.rules)


def _names(reader: RowReader) -> tuple[str, str]:
    """Read family and given name. A single name, whichever column holds it, is the family name."""
    errors_before = len(reader.errors)
    family = reader.read(Column.FAMILY_NAME, cells.name, "")
    given = reader.read(Column.GIVEN_NAME, cells.name, "")
    if not family and not given:
        family, given = reader.read(Column.FULL_NAME, cells.split_name, ("", ""))
    if not family and not given and len(reader.errors) == errors_before:
        column = next(column for column in NAME_COLUMNS if column in reader.reading.heading.positions)
        reader.refuse(column, ErrorCode.REQUIRED)
    return (family, given) if family else (given, "")


def _kana(reader: RowReader) -> tuple[str, str]:
    family = reader.read(Column.FAMILY_KANA, cells.kana, "")
    given = reader.read(Column.GIVEN_KANA, cells.kana, "")
    if family or given:
        return (family, given) if family else (given, "")
    family, _, given = reader.read(Column.FULL_KANA, cells.kana, "").partition(" ")
    return family, given


def _birth_year(reader: RowReader, today: date) -> int | None:
    def read(text: str) -> int | None:
        year = cells.birth_year(text)
        earliest, latest = today.year - OLDEST, today.year - YOUNGEST
        if year is not None and not earliest <= year <= latest:
            raise CellRefused(
                ErrorCode.BIRTH_YEAR_IMPLAUSIBLE, year=str(year), earliest=str(earliest), latest=str(latest)
            )
        return year

    return reader.read(Column.BIRTH_YEAR, read, None)


def _is_under(
    reader: RowReader, *, today: date, birth_year: int | None, is_at_school: bool, generation: Generation
) -> bool:
    """Return whether to treat the person as under 18 or at 高校.

    The answer to 18歳以上で、高校生ではない decides; without one, the year of birth: whoever may still be 17, or
    in the last year of 高校, counts as under. A student who left the question open and gave no year counts as under.
    """
    answer = reader.read(Column.ADULT, partial(cells.is_adult, words=reader.reading.adults), None)
    turns = None if birth_year is None else today.year - birth_year
    if answer and (is_at_school or (turns is not None and turns < ADULT_AGE)):
        reader.refuse(Column.ADULT, ErrorCode.ADULT_CONTRADICTED)
    if answer is not None:
        return not answer
    if turns is None:
        return is_at_school or (reader.reading.has(Column.ADULT) and generation is Generation.STUDENT)
    return is_at_school or turns <= ADULT_AGE + (1 if today.month <= SCHOOL_YEAR_ENDS_IN else 0)
