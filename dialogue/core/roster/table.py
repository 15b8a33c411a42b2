"""The bytes of a file as one table: a header row and the rows below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from dialogue.core.roster.errors import ErrorCode
from dialogue.core.roster.rows import HEADER_WITHIN, MAX_BYTES, MAX_ROWS, Row, filled_rows, refusal
from dialogue.core.roster.separated import separated_rows
from dialogue.core.roster.workbook import OLE_MAGIC, ZIP_MAGIC, workbook_sheets

_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx")
_OTHER_NAMES = (".pdf", ".doc", ".docx", ".ods", ".numbers", ".zip", ".jpg", ".png")


@dataclass(frozen=True, slots=True)
class Table:
    """A header row and the filled rows below it. In separated text a row wider than its header is a slip."""

    header: Row
    rows: tuple[Row, ...]
    is_separated_text: bool


def read_table(*, content: bytes, filename: str, score: Callable[[Sequence[str]], int]) -> Table:
    """Return the one table that a file holds.

    What the bytes are counts before what the name says. The header is the row that scores best among the first
    ten filled ones, so that a title may stand above it; of a workbook's sheets only one may have a header.

    Raises:
        RosterRefused: the file cannot be read as one table with a header, or passes a limit.
    """
    _check_kind(content, PurePath(filename).suffix.lower())
    if not content.startswith(ZIP_MAGIC):
        return _with_header(filled_rows(separated_rows(content, score)), score, is_separated_text=True)
    sheets = {title: rows for title, rows in workbook_sheets(content).items() if rows}
    if not sheets:
        raise refusal(ErrorCode.EMPTY_FILE)
    headed = [title for title, rows in sheets.items() if _header_index(rows, score) is not None]
    if len(headed) > 1:
        # Reading the first alone would drop the people of the second in silence.
        raise refusal(ErrorCode.SEVERAL_SHEETS, sheets=", ".join(headed))
    return _with_header(sheets[headed[0]] if headed else next(iter(sheets.values())), score, is_separated_text=False)


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


def _with_header(rows: Sequence[Row], score: Callable[[Sequence[str]], int], *, is_separated_text: bool) -> Table:
    index = _header_index(rows, score)
    if index is None:
        raise refusal(ErrorCode.NO_HEADER, line=rows[0].line if rows else 0)
    if len(rows) - index - 1 > MAX_ROWS:
        raise refusal(ErrorCode.TOO_MANY_ROWS, line=rows[index + MAX_ROWS + 1].line, limit=f"{MAX_ROWS:,}")
    return Table(rows[index], tuple(rows[index + 1 :]), is_separated_text)


def _header_index(rows: Sequence[Row], score: Callable[[Sequence[str]], int]) -> int | None:
    scores = [score(row.cells) for row in rows[:HEADER_WITHIN]]
    # One known word can stand in a title by chance (参加者名); two in one row make a header.
    return scores.index(max(scores)) if scores and max(scores) >= 2 else None
