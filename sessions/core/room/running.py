"""A room in time: what comes about by itself, and what somebody makes happen."""

from dataclasses import replace

from sessions.core.room.changing import changed, closed
from sessions.core.room.events import Event, Phase
from sessions.core.room.moving import step_over
from sessions.core.room.practice import done, next_deed
from sessions.core.room.state import Room
from sessions.core.room.timing import LINGERS, over_at, waits


def due(room: Room) -> float | None:
    """Return the moment at which something comes about by itself next; None when nothing does any more."""
    deed = next_deed(room)
    moments = [moment for moment in (over_at(room), deed.moment if deed else None) if moment is not None]
    return min(moments, default=None)


def advanced(room: Room, now: float) -> Room:
    """Return the room with what has come about by itself until now; in a practice, with what the others did.

    Steps whose time is over have gone on; rounds wait, because nobody is cut off. The same room for the same moment,
    whether it is asked once or often on the way.
    """
    return _advanced(room, now)


def _advanced(room: Room, now: float, *, earliest: float = 0.0) -> Room:
    while True:
        moment = due(room)
        if moment is None or moment > now:
            return room
        room = _on(room, max(moment, earliest))


def happened(room: Room, event: Event, *, by: int, now: float, whom: int | None = None, steps: int = 0) -> Room:
    """Return the room after somebody did something.

    Args:
        by: who does it, a key of the circle or the leader's.
        whom: whom it is about; of ARRIVE, LEAVE, GIVE_TURN and HAND_OVER.
        steps: of SKIP, how many steps after the running one.

    Raises:
        NotNow: it may not happen now, with the reason; nothing has changed.
    """
    moment = max(now, room.since)
    room = changed(advanced(room, moment), event, by=by, now=moment, whom=whom, steps=steps)
    # A step that has become too short for what it has taken ends now, and not before.
    return _advanced(room, moment, earliest=moment)


def _on(room: Room, moment: float) -> Room:
    """Return the room after what is due at this moment."""
    deed = next_deed(room)
    if deed is not None and deed.moment <= moment:
        return done(room, deed)
    forgotten = room.ends_at + LINGERS / room.pace
    last = room.at + 1 >= len(room.steps)
    if room.phase is not Phase.RUNNING or waits(room) or last or moment >= forgotten:
        return closed(room, moment)
    return replace(step_over(room, moment), undo=None)
