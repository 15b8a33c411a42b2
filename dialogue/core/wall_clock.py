"""What a wall clock in a zone shows: local day and minute turned into one moment in UTC, clock changes included."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTE: Final = timedelta(minutes=1)


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone of this name.

    Raises:
        ValueError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # zoneinfo raises all three, OSError for a name that is a folder
        raise ValueError(f"{name!r} is not the name of a time zone") from error


def moment_at(*, day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC at which a clock in `zone` shows `minute` minutes after the midnight of `day`.

    `minute` may pass 1440 and then counts into the following days by wall clock. A time that a clock change skips
    moves forward to the first minute that exists (02:30 in New York in March is 03:00; a noon on the day that
    Samoa left out in 2011 is the next midnight). A time that occurs twice is the first of the two (PEP 495, fold 0).

    Raises:
        OverflowError: the moment lies beyond the year 9999.
    """
    wall = datetime.combine(day, time.min) + minute * MINUTE
    while True:
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        wall += MINUTE
