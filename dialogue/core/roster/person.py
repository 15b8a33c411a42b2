"""One row of a table as one person: every cell read by its column, every slip noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.mail_address import mail_address
from dialogue.core.roster import cells
from dialogue.core.roster.availability import UnreadableAvailability, read_windows
from dialogue.core.roster.cells import CellRefused
from dialogue.core.roster.errors import ErrorCode, RosterError, roster_error
from dialogue.core.roster.headers import NAME_COLUMNS, Column, Heading
from dialogue.core.roster.people import FacilitatorRow, ParticipantRow
from dialogue.core.roster.rows import MAX_CELL, Row

YOUNGEST: Final = 10
OLDEST: Final = 100
ADULT_AGE: Final = 18
SCHOOL_YEAR_ENDS_IN: Final = 3  # March

Value = TypeVar("Value")


@dataclass(slots=True)
class RowReader:
    """Reads the cells of one row by column and notes what is wrong with them."""

    row: Row
    heading: Heading
    errors: list[RosterError] = field(default_factory=list)

    def read(self, column: Column, reader: Callable[[str], Value], otherwise: Value) -> Value:
        """Return the value of a cell, `otherwise` when the column is absent or the cell is refused."""
        position = self.heading.positions.get(column)
        if position is None:
            return otherwise
        text = self.row.cell(position)
        try:
            self._check_plain(position, text)
            return reader(text)
        except CellRefused as refused:
            self.refuse(column, refused.code, text, **refused.detail)
        except UnreadableAvailability as refused:
            self.refuse(column, ErrorCode.AVAILABILITY, text, part=refused.part, fault=refused.fault.value)
        return otherwise

    def refuse(self, column: Column, code: ErrorCode, value: str = "", **detail: str) -> None:
        name = self.heading.name(column)
        self.errors.append(roster_error(code, line=self.row.line, column=name, value=value, **detail))

    def _check_plain(self, position: int, text: str) -> None:
        if len(text) > MAX_CELL:
            raise CellRefused(ErrorCode.CELL_TOO_LONG, limit=f"{MAX_CELL:,}")
        if position in self.row.formulas or cells.is_formula(text):
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
        email=_email(reader),
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
        interests=reader.read(Column.INTERESTS, cells.interests, ()),
        windows=reader.read(Column.AVAILABILITY, read_windows, ()),
        keep_apart=reader.read(Column.KEEP_APART, cells.people, ()),
        keep_together=reader.read(Column.KEEP_TOGETHER, cells.people, ()),
    )


def facilitator(reader: RowReader, *, zone: str) -> FacilitatorRow:
    """Return the facilitator of a row; what is refused is noted in the reader and stands empty here."""
    family, given = _names(reader)
    family_kana, given_kana = _kana(reader)
    return FacilitatorRow(
        line=reader.row.line,
        email=_email(reader),
        family_name=family,
        given_name=given,
        family_kana=family_kana,
        given_kana=given_kana,
        preferred_name=reader.read(Column.PREFERRED_NAME, cells.name, "") or given or family,
        languages=reader.read(Column.LANGUAGES, cells.languages, ()) or ("ja",),
        zone=reader.read(Column.ZONE, cells.zone, "") or zone,
        windows=reader.read(Column.AVAILABILITY, read_windows, ()),
        max_cohorts=reader.read(Column.MAX_COHORTS, cells.max_cohorts, 1),
    )


def _required(reader: Callable[[str], Value]) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        if not text or text.isspace():
            raise CellRefused(ErrorCode.REQUIRED)
        return reader(text)

    return read


def _email(reader: RowReader) -> str:
    def read(text: str) -> str:
        try:
            return mail_address(text)
        except ValueError as error:
            raise CellRefused(ErrorCode.EMAIL) from error

    return reader.read(Column.EMAIL, _required(read), "")


def _names(reader: RowReader) -> tuple[str, str]:
    """Read family and given name. A single name, whichever column holds it, is the family name."""
    errors_before = len(reader.errors)
    family = reader.read(Column.FAMILY_NAME, cells.name, "")
    given = reader.read(Column.GIVEN_NAME, cells.name, "")
    if not family and not given:
        family, given = reader.read(Column.FULL_NAME, cells.split_name, ("", ""))
    if not family and not given and len(reader.errors) == errors_before:
        column = next(column for column in NAME_COLUMNS if column in reader.heading.positions)
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
    answer = reader.read(Column.ADULT, cells.is_adult, None)
    turns = None if birth_year is None else today.year - birth_year
    if answer and (is_at_school or (turns is not None and turns < ADULT_AGE)):
        reader.refuse(Column.ADULT, ErrorCode.ADULT_CONTRADICTED)
    if answer is not None:
        return not answer
    if turns is None:
        return is_at_school or (Column.ADULT in reader.heading.positions and generation is Generation.STUDENT)
    return is_at_school or turns <= ADULT_AGE + (1 if today.month <= SCHOOL_YEAR_ENDS_IN else 0)
