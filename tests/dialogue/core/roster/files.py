"""Small roster files for tests, in every format that coordinators send."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import openpyxl

from dialogue.core.roster import ParticipantRow, Roster, RosterError, RosterRefused, read_participants

TODAY = date(2026, 4, 1)
HEADER = ("メールアドレス", "氏名", "世代")
AOI = ("aoi@example.org", "田中 葵", "学生")
TAKESHI = ("takeshi@example.org", "山田 武", "セカンドキャリア")


def csv_bytes(*rows: Sequence[str], encoding: str = "utf-8", separator: str = ",") -> bytes:
    page = io.StringIO(newline="")
    csv.writer(page, delimiter=separator).writerows(rows)
    return page.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object], **other_sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for title, sheet_rows in other_sheets.items():
        sheet = book.create_sheet(title)
        for row in sheet_rows:
            sheet.append(list(row))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def read(content: bytes, filename: str = "roster.csv", **options: object) -> Roster[ParticipantRow]:
    return read_participants(content=content, filename=filename, today=TODAY, **options)


def errors_of(content: bytes, filename: str = "roster.csv", **options: object) -> tuple[RosterError, ...]:
    try:
        read(content, filename, **options)
    except RosterRefused as refused:
        return refused.errors
    return ()


def codes_of(content: bytes, filename: str = "roster.csv", **options: object) -> list[str]:
    return [error.code.value for error in errors_of(content, filename, **options)]


def person(**cells: str) -> ParticipantRow:
    """Read one participant from the given columns, added to a valid row."""
    columns = {**dict(zip(HEADER, AOI, strict=True)), **cells}
    return read(csv_bytes(tuple(columns), tuple(columns.values()))).rows[0]


def only_error(**cells: str) -> RosterError:
    """Return the only error of one participant with the given columns."""
    columns = {**dict(zip(HEADER, AOI, strict=True)), **cells}
    (error,) = errors_of(csv_bytes(tuple(columns), tuple(columns.values())))
    return error
