"""When the room of a session is open, and from when its prompts may be read."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

OPENS_AHEAD: Final = timedelta(minutes=15)
PROMPTS_AHEAD: Final = timedelta(days=1)


class Door(StrEnum):
    """The way into a session's room at one moment."""

    CLOSED = "closed"  # it opens later
    OPEN = "open"
    OVER = "over"


def door_at(*, starts_at: datetime, ends_at: datetime, now: datetime) -> Door:
    """Return whether the way in is open: from 15 minutes before the start up to, not including, the end."""
    if now >= ends_at:
        return Door.OVER
    return Door.OPEN if now >= opens_at(starts_at=starts_at) else Door.CLOSED


def opens_at(*, starts_at: datetime) -> datetime:
    """Return the moment from which people may go in."""
    return starts_at - OPENS_AHEAD


def prompts_from(*, starts_at: datetime) -> datetime:
    """Return the moment from which the prompts may be read: a day ahead, so that nobody has to prepare for long."""
    return starts_at - PROMPTS_AHEAD
