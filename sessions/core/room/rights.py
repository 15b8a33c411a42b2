"""Who may do what in a room."""

from typing import Final

from sessions.core.room.events import NotNow, Phase, Reason
from sessions.core.room.state import Room

LEADER_LATE: Final = 10 * 60
"""Seconds after the start at which a circle of grown-ups no longer waits for whoever was to lead it."""


def has_lead(room: Room, by: int) -> bool:
    """Tell whether somebody leads: the facilitator, and whom they handed the lead to."""
    return by in {room.leader, room.lead}


def leads(room: Room, by: int, now: float) -> bool:
    """Tell whether somebody may lead now.

    Where nobody facilitates, whoever is here may; so too where whoever facilitates has dropped out or does not come.
    Never where somebody is under 18.
    """
    if has_lead(room, by):
        return True
    if room.minors or by not in room.here or room.lead is not None or room.leader_here:
        return False
    begun = room.phase in {Phase.RUNNING, Phase.PAUSED}
    return room.leader is None or begun or (now - room.starts_at) * room.pace >= LEADER_LATE


def speaks_for(room: Room, by: int) -> bool:
    """Tell whether the turn is somebody's own, or of somebody with whom they share their device."""
    speaker = room.speaker
    return speaker is not None and by in {speaker, room.shares.get(speaker)}


def check_led(room: Room) -> None:
    """Refuse to let a room run without its leader where somebody is under 18.

    Raises:
        NotNow: with the reason.
    """
    if room.minors and not room.leader_here:
        raise NotNow(Reason.NEEDS_LEADER)


def check_leads(room: Room, by: int, now: float) -> None:
    """Refuse what only whoever leads may do.

    Raises:
        NotNow: with the reason.
    """
    if not leads(room, by, now):
        raise NotNow(Reason.LEADERS_ALONE)
