"""Excel workbooks (.xlsx) as rows of text. What Excel would have to calculate is marked, never trusted."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from dialogue.core.roster.errors import ErrorCode, RosterRefused
from dialogue.core.roster.rows import MAX_BYTES, MAX_COLUMNS, Row, filled_rows, refusal

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC: Final = b"PK\x03\x04"
MAX_UNPACKED: Final = 5 * MAX_BYTES


def workbook_sheets(content: bytes) -> dict[str, tuple[Row, ...]]:
    """Return the filled rows of each visible sheet by its title.

    Raises:
        RosterRefused: this is no workbook, it is broken, or it passes a limit.
    """
    import openpyxl  # noqa: PLC0415  weighs 12 MB, which a web process needs for uploads only

    _check_package(content)
    try:
        with warnings.catch_warnings():
            # Drop-down lists and conditional colours are not read; that they are left out is no news to anybody.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return {
                sheet.title: filled_rows(_sheet_rows(sheet))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            }
    except RosterRefused:
        raise
    except Exception as error:  # a broken package makes openpyxl and its XML parser raise nearly anything
        raise refusal(ErrorCode.BROKEN_WORKBOOK) from error


def _check_package(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
            is_workbook = "xl/workbook.xml" in package.namelist()
    except Exception as error:  # zipfile raises more than BadZipFile on damaged directories
        raise refusal(ErrorCode.BROKEN_WORKBOOK) from error
    if not is_workbook:
        raise refusal(ErrorCode.NOT_A_TABLE)
    if unpacked > MAX_UNPACKED:
        raise refusal(ErrorCode.FILE_TOO_LARGE, limit=str(MAX_BYTES // 1_000_000))


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # the size that a file claims for itself is often wrong
    for line, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        width = len(row)
        while width and row[width - 1].value is None:
            width -= 1
        cells = row[:width]
        formulas = frozenset(position for position, cell in enumerate(cells) if cell.data_type == "f")
        yield Row(
            line,
            tuple(_as_text(cell.value) for cell in cells),
            formulas,
        )


def _as_text(value: object) -> str:
    """Return what the cell shows, near enough to be read again: dates as 1965-04-01, times as 19:00."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
            return f"{hours}:{minutes:02}"
        case _:
            return str(value)
