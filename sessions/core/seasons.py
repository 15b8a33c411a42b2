"""When a series is half over or over, and when a letter that can wait should come."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MORNING: Final = time(10)
FEWEST_WITH_A_MIDDLE: Final = 4


def is_halfway(*, held: int, of: int) -> bool:
    """Whether just this many sessions make half of a series. A short series has no middle worth a letter."""
    return of >= FEWEST_WITH_A_MIDDLE and held == -(-of // 2)


def next_morning(*, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first ten o'clock by the reader's clock that comes after a moment, in the zone of that clock."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), MORNING, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
