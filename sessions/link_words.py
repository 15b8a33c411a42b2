"""A video link as a coordinator chooses it: what it is called, and whether it would end a meeting before its time."""

from django.utils.translation import gettext as _

from dialogue.core.room_lines import Room


def link_words(room: Room, minutes: int | None) -> str:
    """Return the link's name; with the limit where a meeting of so many minutes does not fit. None: nobody knows."""
    called = room.name or room.url
    if minutes is None or room.allows(minutes):
        return called
    return _("%(room)s (ends after %(limit)s minutes, before the end)") % {"room": called, "limit": room.minutes}
