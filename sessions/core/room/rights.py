"""Who may do what in a room."""

from typing import Final

from sessions.core.guide.order import circle
from sessions.core.room.events import NotNow, Phase, Reason
from sessions.core.room.state import Room, key_of
from sessions.core.room.timing import left

LEADER_LATE: Final = 10 * 60
"""Seconds after the start at which a circle of grown-ups no longer waits for whoever was to lead it."""

LINES: Final = 6
"""Lines of the agreements."""

TAKES_BACK: Final = 30
"""Seconds of the clock in which somebody can take their own tap back."""


def has_lead(room: Room, by: int) -> bool:
    """Tell whether somebody leads: the facilitator, whom they handed the lead to, and whose device these share."""
    return facilitates(room, by) or (room.lead is not None and by in {room.lead, room.shares.get(room.lead)})


def facilitates(room: Room, by: int) -> bool:
    """Tell whether somebody facilitates, or is the one whose device the facilitator shares."""
    return room.leader is not None and by in {room.leader, room.shares.get(room.leader)}


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


def last_reader(room: Room) -> int | None:
    """Return who reads the last line of the agreements; None while nobody is there."""
    readers = circle(room.present)
    return key_of(readers[(LINES - 1) % len(readers)]) if readers else None


def confirms(room: Room, by: int, now: float) -> bool:
    """Tell whether somebody may end the reading of the agreements for all.

    Whoever reads the last line may, and whoever leads; where nobody leads, everybody once its time is over.
    """
    reader = last_reader(room)
    reads = reader is not None and by in {reader, room.shares.get(reader)}
    return reads or has_lead(room, by) or (left(room, now) <= 0 and leads(room, by, now))


def takes_back(room: Room, by: int, now: float) -> bool:
    """Tell whether somebody may take the last tap back: their own soon after it, and any where they lead."""
    if room.undo is None:
        return False
    return has_lead(room, by) or (by == room.undo.by and now - room.undo.moment < TAKES_BACK)


def check_led(room: Room) -> None:
    """Refuse to let a room run without its leader where somebody is under 18.

    Raises:
        NotNow: with the reason.
    """
    if room.minors and (not room.leader_here or room.leader in room.shares):
        raise NotNow(Reason.NEEDS_LEADER)


def check_leads(room: Room, by: int, now: float) -> None:
    """Refuse what only whoever leads may do.

    Raises:
        NotNow: with the reason.
    """
    if not leads(room, by, now):
        raise NotNow(Reason.LEADERS_ALONE)
