"""A list as a file: rows under headings, as CSV. No cell of it is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

Cell = str | int | date | None

BOM: Final = "\ufeff"
"""Tells a spreadsheet programme that the text is UTF-8; without it Japanese comes out as noise."""
_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list as somebody takes it along. Each row has a cell for each heading."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def may_be_formula(text: str) -> bool:
    """Return whether a spreadsheet programme might work out this text instead of showing it."""
    return text.lstrip(" \u3000").startswith(_STARTS_FORMULA)


def written(cell: Cell) -> str:
    """Return a cell as CSV holds it: days as 2026-12-01, and an apostrophe before what might be a formula."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and may_be_formula(text) else text


def csv_of(sheet: Sheet) -> bytes:
    """Return a sheet as CSV (RFC 4180, UTF-8 with BOM).

    Raises:
        ValueError: a row has more or fewer cells than there are headings.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(written(heading) for heading in sheet.headings)
    for row in sheet.rows:
        writer.writerow(written(cell) for _heading, cell in zip(sheet.headings, row, strict=True))
    return f"{BOM}{file.getvalue()}".encode()
