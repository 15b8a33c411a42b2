"""Rows of text cells with the line numbers that Excel shows, and the limits that keep a file readable in seconds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dialogue.core.roster.errors import ErrorCode, RosterRefused, roster_error

MAX_BYTES: Final = 20 * 1000 * 1000
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 5_000
# Blank lines cost time too: a sheet formatted down to row 1,048,576 is refused, not read for a minute.
MAX_LINES: Final = 100_000
HEADER_WITHIN: Final = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file. `formulas` are the positions of cells that Excel would calculate."""

    line: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()

    def cell(self, position: int) -> str:
        return self.cells[position] if position < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not self.formulas and not any(cell and not cell.isspace() for cell in self.cells)


def filled_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows that are not blank.

    Raises:
        RosterRefused: there are too many lines, rows or columns.
    """
    filled: list[Row] = []
    for row in rows:
        if row.line > MAX_LINES or len(filled) > MAX_ROWS + HEADER_WITHIN:
            raise refusal(ErrorCode.TOO_MANY_ROWS, line=row.line, limit=f"{MAX_ROWS:,}")
        if row.is_blank:
            continue
        if len(row.cells) > MAX_COLUMNS and any(row.cells[MAX_COLUMNS:]):
            raise refusal(ErrorCode.TOO_MANY_COLUMNS, line=row.line, limit=str(MAX_COLUMNS))
        filled.append(row)
    return tuple(filled)


def refusal(code: ErrorCode, *, line: int = 0, **detail: str) -> RosterRefused:
    """Return the exception for one thing that is wrong with the file as a whole."""
    return RosterRefused([roster_error(code, line=line, **detail)])


def column_letter(number: int) -> str:
    """Return how a spreadsheet names a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
