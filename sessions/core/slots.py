"""Quarter hours: the grain in which people and video rooms are taken, so that two bookings can never share one."""

from datetime import UTC, datetime, timedelta
from typing import Final

QUARTER: Final = timedelta(minutes=15)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def quarters(starts_at: datetime, ends_at: datetime) -> range:
    """Return the quarter hours that a booking touches, numbered from the start of 1970 in UTC.

    A quarter that is covered only in part counts whole. Sessions that follow each other at a quarter hour share none.

    Raises:
        ValueError: a moment has no zone, or the booking does not end after it starts.
    """
    if starts_at.utcoffset() is None or ends_at.utcoffset() is None:
        raise ValueError("a booking needs moments with a time zone")
    since_start, since_end = starts_at - EPOCH, ends_at - EPOCH
    if since_end <= since_start:
        raise ValueError(f"a booking must end after it starts: {starts_at.isoformat()}")
    return range(since_start // QUARTER, -(-since_end // QUARTER))
