"""What can be wrong with a roster file. Codes only: the sentences are `dialogue.roster_errors`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dialogue.core.text import short

MAX_ERRORS: Final = 200


class ErrorCode(StrEnum):
    """Every reason for refusing a file. The comment behind each names its `detail` keys."""

    # the file
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"  # limit (megabytes)
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105 a code, not a secret
    NOT_A_TABLE = "not_a_table"
    BROKEN_WORKBOOK = "broken_workbook"
    SEVERAL_SHEETS = "several_sheets"  # sheets
    UNKNOWN_ENCODING = "unknown_encoding"
    NUL_CHARACTER = "nul_character"
    BROKEN_QUOTES = "broken_quotes"
    NO_HEADER = "no_header"
    NO_PEOPLE = "no_people"
    MISSING_HEADER = "missing_header"  # header (a Column, or "name")
    REPEATED_HEADER = "repeated_header"  # other (the first header that means the same)
    UNKNOWN_MAPPING = "unknown_mapping"
    TOO_MANY_ROWS = "too_many_rows"  # limit
    TOO_MANY_COLUMNS = "too_many_columns"  # limit
    UNKNOWN_ZONE_SETTING = "unknown_zone_setting"
    # a row
    EXTRA_CELLS = "extra_cells"
    REPEATED_PERSON = "repeated_person"  # first (line)
    SHARED_ADDRESS = "shared_address"  # first (line), name
    # a cell
    CELL_TOO_LONG = "cell_too_long"  # limit (characters)
    FORMULA = "formula"
    EXCEL_ERROR = "excel_error"
    REQUIRED = "required"
    EMAIL = "email"
    INVISIBLE_NAME = "invisible_name"
    KANA = "kana"
    GENERATION = "generation"
    BIRTH_YEAR = "birth_year"
    BIRTH_YEAR_IMPLAUSIBLE = "birth_year_implausible"  # year, earliest, latest
    ADULT = "adult"
    ADULT_CONTRADICTED = "adult_contradicted"
    LANGUAGE = "language"  # part
    ZONE = "zone"
    INTEREST_RATING = "interest_rating"  # part
    RATING = "rating"  # part
    TOO_MANY_ITEMS = "too_many_items"  # limit
    AVAILABILITY = "availability"  # part, fault (an AvailabilityFault)
    PERSON_UNKNOWN = "person_unknown"  # part
    PERSON_AMBIGUOUS = "person_ambiguous"  # part
    PERSON_IS_SELF = "person_is_self"  # part
    APART_AND_TOGETHER = "apart_and_together"  # email
    MAX_COHORTS = "max_cohorts"  # limit


@dataclass(frozen=True, slots=True)
class RosterError:
    """One thing to put right, at a place the coordinator can find.

    `line` is the row number that Excel shows, 0 for the whole file; with `in_column` it is the number of a column,
    A = 1, for files with a column for each person. `column` is the header as the file has it, "" for a whole row or
    file. `value` is what stands there, at most 60 visible characters. `cell` is all of it where a mapping can say
    what was meant.
    """

    line: int
    column: str
    code: ErrorCode
    value: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    cell: str = ""
    in_column: bool = False


def roster_error(
    code: ErrorCode, *, line: int = 0, column: str = "", value: str = "", cell: str = "", **detail: str
) -> RosterError:
    """Return the error with everything that came from the file made safe to quote."""
    return RosterError(
        line=line,
        column=short(column),
        code=code,
        value=short(value),
        detail={key: short(text) for key, text in detail.items()},
        cell=cell,
    )


class RosterRefused(Exception):
    """The file was not taken. Nothing of it may be used.

    `errors` are the first 200 by line, `total` is how many there are.
    """

    def __init__(self, errors: Sequence[RosterError]) -> None:
        self.errors: tuple[RosterError, ...] = tuple(sorted(errors, key=lambda error: error.line)[:MAX_ERRORS])
        self.total: int = len(errors)
        super().__init__(f"{self.total} things to put right in the roster, first: {self.errors[:1]}")
