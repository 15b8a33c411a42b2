"""A sheet as an answer to a browser: an Excel workbook or CSV, made whole and bounded."""

import io
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from dialogue.core.sheet import Cell, Sheet, csv_of, may_be_formula

MOST_ROWS: Final = 20_000
"""Of one file. Far above any term; it bounds what one request may take."""
FORMS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_LONGEST_SHEET_NAME: Final = 31
_NOT_IN_SHEET_NAMES: Final = str.maketrans("", "", "[]:*?/\\'")


def download(sheet: Sheet, *, form: str, filename: str) -> HttpResponse:
    """Return a sheet as a file that the browser keeps under this name. `form` is a key of `FORMS`."""
    content = xlsx_of(sheet) if form == "xlsx" else csv_of(sheet)
    answer = HttpResponse(content, content_type=FORMS[form])
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def xlsx_of(sheet: Sheet) -> bytes:
    """Return a sheet as an Excel workbook. Texts are stored as texts, whatever they begin with; days as days.

    Raises:
        ValueError: a row has more or fewer cells than there are headings.
    """
    import openpyxl  # noqa: PLC0415  weighs 12 MB, which a web process needs for files only
    from openpyxl.writer.excel import save_workbook  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet.name.translate(_NOT_IN_SHEET_NAMES)[:_LONGEST_SHEET_NAME] or None)
    page.freeze_panes = "A2"
    page.append([_stored(page, heading) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_stored(page, cell) for _heading, cell in zip(sheet.headings, row, strict=True)])
    file = io.BytesIO()
    save_workbook(book, file)
    return file.getvalue()


def _stored(page: Any, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    if cell is None or isinstance(cell, int):
        return cell
    if isinstance(cell, date):
        stored = WriteOnlyCell(page, value=cell)
        stored.number_format = "yyyy-mm-dd"
        return stored
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    stored = WriteOnlyCell(page, value=text)
    stored.data_type = "s"  # openpyxl would make a formula of "=…", and an error of "#N/A"
    if may_be_formula(text):
        stored.quotePrefix = True  # stays a text when somebody edits the cell, or saves the page as CSV
    return stored
