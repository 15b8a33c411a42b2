"""The bytes of a file as one table: a header row and the rows below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from dialogue.core.roster.errors import ErrorCode
from dialogue.core.roster.layout import Score, find_header, turned, unique_names
from dialogue.core.roster.rows import MAX_BYTES, MAX_ROWS, Row, filled_rows, refusal
from dialogue.core.roster.separated import separated_rows
from dialogue.core.roster.workbook import OLE_MAGIC, ZIP_MAGIC, workbook_sheets

_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx")
_OTHER_NAMES = (".pdf", ".doc", ".docx", ".ods", ".numbers", ".zip", ".jpg", ".png")


@dataclass(frozen=True, slots=True)
class Table:
    """A header row and the filled rows below it. In separated text a row wider than its header is a slip.

    `names` are the heads of the columns, each once; `is_turned` means that the file has one column for each person,
    so that the lines of these rows are numbers of columns.
    """

    header: Row
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    is_separated_text: bool
    is_turned: bool = False


def read_table(*, content: bytes, filename: str, score: Score, people_in_columns: bool = False) -> Table:
    """Return the one table that a file holds.

    What the bytes are counts before what the name says. The header is what scores best near the top, so that a
    title may stand above it; of a workbook's sheets only one may have a header.

    Raises:
        RosterRefused: the file cannot be read as one table with a header, or passes a limit.
    """
    _check_kind(content, PurePath(filename).suffix.lower())
    is_text = not content.startswith(ZIP_MAGIC)
    if is_text:
        sheets = {"": filled_rows(separated_rows(content, score))}
    else:
        sheets = {title: rows for title, rows in workbook_sheets(content).items() if rows}
        if not sheets:
            raise refusal(ErrorCode.EMPTY_FILE)
    if people_in_columns:
        sheets = {title: turned(rows) for title, rows in sheets.items()}
    headed = [title for title, rows in sheets.items() if find_header(rows, score)]
    if len(headed) > 1:
        # Reading the first alone would drop the people of the second in silence.
        raise refusal(ErrorCode.SEVERAL_SHEETS, sheets=", ".join(headed))
    rows = sheets[headed[0]] if headed else next(iter(sheets.values()))
    return _with_header(rows, score, is_separated_text=is_text and not people_in_columns, is_turned=people_in_columns)


def _check_kind(content: bytes, suffix: str) -> None:
    if len(content) > MAX_BYTES:
        raise refusal(ErrorCode.FILE_TOO_LARGE, limit=str(MAX_BYTES // 1_000_000))
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;"):
        raise refusal(ErrorCode.EMPTY_FILE)
    if content.startswith(OLE_MAGIC):
        # Excel wraps a workbook with a password into the old container.
        raise refusal(ErrorCode.PASSWORD if suffix in _WORKBOOK_NAMES else ErrorCode.OLD_EXCEL)
    if suffix == ".xls":
        raise refusal(ErrorCode.OLD_EXCEL)
    if content.startswith(ZIP_MAGIC):
        return
    if suffix in _WORKBOOK_NAMES:
        raise refusal(ErrorCode.BROKEN_WORKBOOK)
    if suffix in _OTHER_NAMES or content.startswith(b"%PDF"):
        raise refusal(ErrorCode.NOT_A_TABLE)


def _with_header(rows: Sequence[Row], score: Score, *, is_separated_text: bool, is_turned: bool) -> Table:
    found = find_header(rows, score)
    if found is None:
        raise refusal(ErrorCode.NO_HEADER, line=rows[0].line if rows else 0)
    header, below = found
    if len(rows) - below > MAX_ROWS:
        raise refusal(ErrorCode.TOO_MANY_ROWS, line=rows[below + MAX_ROWS].line, limit=f"{MAX_ROWS:,}")
    people = rows[below:] if not is_turned else [row for row in rows[below:] if not row.is_blank]
    return Table(header, tuple(people), unique_names(header.cells), is_separated_text, is_turned)
