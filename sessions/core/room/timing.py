"""How far a room is: seconds of the session that went by and that are left."""

from typing import Final

from sessions.core.guide.arcs import Kind
from sessions.core.room.events import Phase
from sessions.core.room.state import Room

ONE_MORE: Final = 20
"""Seconds of 「まとめの一言」."""

GOODBYE: Final = 60
"""The last step stands for so many seconds at least, however late it has become."""

LINGERS: Final = 30 * 60
"""Seconds after its end at which a room that everybody has forgotten is closed."""


def elapsed(room: Room, now: float) -> float:
    """Return how long the running step or turn has taken, pauses left out."""
    until = now if room.paused_at is None else room.paused_at
    return max(until - room.since, 0.0) * room.pace


def length(room: Room) -> int:
    """Return the seconds of the running step or turn, with what was added to it."""
    return room.step.seconds + room.extra + (ONE_MORE if room.longer else 0)


def left(room: Room, now: float) -> float:
    """Return what is left of the running step or turn; less than nothing after a soft end."""
    return length(room) - elapsed(room, now)


def to_the_end(room: Room, now: float) -> float:
    """Return what is left of the session; less than nothing when it is over. A practice that stands still waits."""
    if room.played and room.paused_at is not None:
        now = room.paused_at
    return (room.ends_at - now) * room.pace


def rest(room: Room, now: float) -> float:
    """Return how long the rest of the guide takes, from now on."""
    running = max(left(room, now), 0.0)
    if room.step.is_round:
        turns = len(room.step.speakers) - room.turn
        running = running + (turns - 1) * room.step.seconds if turns else 0.0
    return running + sum(step.whole for step in room.steps[room.at + 1 :])


def waits(room: Room) -> bool:
    """Tell whether the running step goes on only when somebody says so: nobody is cut off."""
    return room.step.is_round or (room.step.kind is Kind.AGREEMENTS and room.agreed_at is None)


def over_at(room: Room) -> float | None:
    """Return when what runs is over by itself; None when nothing is any more, or a practice waits for its person."""
    forgotten = room.ends_at + LINGERS / room.pace
    if room.phase is Phase.CLOSED or (room.played and room.phase is not Phase.RUNNING):
        return None
    if room.phase is not Phase.RUNNING:
        return forgotten
    over = room.since + length(room) / room.pace
    if room.step.is_round:
        return room.since if room.turn >= len(room.step.speakers) else forgotten
    if waits(room):
        return forgotten
    if room.at + 1 < len(room.steps):
        return over
    return max(over, room.ends_at, room.since + GOODBYE / room.pace)
