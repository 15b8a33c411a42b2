"""When a series is half over or over, and when a letter that can wait should come."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MORNING: Final = time(10)
FEWEST_WITH_A_MIDDLE: Final = 4
WEEK: Final = timedelta(days=7)
RECORD_AGAIN_AFTER: Final = (timedelta(days=2), timedelta(days=5))
"""After a session, when its record is asked for once more. Then it is each week."""


def is_halfway(*, held: int, of: int) -> bool:
    """Whether just this many sessions make half of a series. A short series has no middle worth a letter."""
    return of >= FEWEST_WITH_A_MIDDLE and held == -(-of // 2)


def asked_again(*, age: timedelta) -> timedelta | None:
    """Return how long after its session a record was last asked for again, when the session has been over for `age`.

    After two days, after five, and then every seven; None before the first of these.
    """
    first, second = RECORD_AGAIN_AFTER
    if age >= second:
        return second + (age - second) // WEEK * WEEK
    return first if age >= first else None


def next_morning(*, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first ten o'clock by the reader's clock that comes after a moment, in the zone of that clock."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), MORNING, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
