"""Calls for help out of rooms, as the morning page and the mail about one name them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from django.core.cache import cache

CALLS: Final = "room"
"""What the morning page names this kind of thing."""

_SEEN_FOR: Final = 24 * 3600
_MOMENT: Final = "%Y%m%d%H%M%S"


def call_key(session_id: int, at: datetime) -> str:
    """Return the name of a call: a second one from the same room is another."""
    return f"{session_id}-{at.astimezone(UTC):{_MOMENT}}"


def call_of(key: str) -> tuple[int, datetime]:
    """Return the session, by primary key, and the moment of a call."""
    pk, _, moment = key.partition("-")
    return int(pk), datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)


def note_seen(keys: Iterable[str]) -> None:
    """Note that a coordinator has these calls before them. Who it was is not kept."""
    cache.set_many({seen_as(key): True for key in keys}, _SEEN_FOR)


def seen_as(key: str) -> str:
    """Return the name in the cache of a call that was seen."""
    return f"call-seen:{key}"
