"""What every list that becomes a file holds to: one file's bound, and moments by the clock of the term."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogue.core.sheet import Cell
from dialogue.downloads import MOST_ROWS


class TooLong(Exception):
    """A list has more rows than one file takes."""


def whole(rows: Any) -> Any:
    """Return the rows, if one file takes them.

    Raises:
        TooLong: it does not.
    """
    if rows.count() > MOST_ROWS:
        raise TooLong
    return rows


def moment(at: datetime | None, zone: ZoneInfo) -> tuple[Cell, Cell]:
    """Return day and hour by the term's clock; empty cells for no moment."""
    return (at.astimezone(zone).date(), clock_of(at, zone)) if at else (None, None)


def clock_of(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
