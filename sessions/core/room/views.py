"""What every page shows of a room: keys and seconds, no words and never how long somebody has spoken."""

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat, circle
from sessions.core.guide.pairing import asking
from sessions.core.room.events import Phase
from sessions.core.room.practice import says
from sessions.core.room.rights import TAKES_BACK, last_reader
from sessions.core.room.running import advanced
from sessions.core.room.state import Room, key_of
from sessions.core.room.timing import left, length


def view(room: Room, now: float) -> dict[str, object]:
    """Return the room as it is now, ready for JSON.

    `left` is what is left of the running step or turn, less than nothing after a soft end; it passes `pace` times as
    fast as a clock, and stands still while `phase` is not "running".
    """
    room = advanced(room, now)
    step = room.step
    begun = room.phase is not Phase.WAITING
    order = [key_of(seat) for seat in _order(room)]
    speaker = room.speaker
    line = says(room)
    return {
        "now": now,
        "phase": room.phase.value,
        "number": room.number,
        "minutes": room.minutes,
        "pace": room.pace,
        "starts_at": room.starts_at,
        "ends_at": room.ends_at,
        "at": room.at,
        "kind": step.kind.value,
        "seconds": length(room),
        "left": left(room, now) if begun else float(length(room)),
        "turn": speaker,
        "order": order,
        "said": sorted({*order[: room.turn], *room.passed} - {speaker}, key=order.index)
        if step.is_round and begun
        else [],
        "again": speaker in room.passed,
        "reader": last_reader(room) if step.kind is Kind.AGREEMENTS else None,
        "asks": _asks(room),
        "back": {"by": room.undo.by, "until": room.undo.moment + TAKES_BACK} if room.undo else None,
        "longer": room.longer,
        "paused": room.phase is Phase.PAUSED,
        "here": list(room.here),
        "leader": room.leader,
        "leader_here": room.leader_here,
        "lead": room.lead,
        "shares": {str(key): device for key, device in room.shares.items()},
        "practice": bool(room.played),
        "says": {"by": line.by, "line": line.name} if line else None,
        "help": room.help,
        "gently": room.gently,
        "captions": room.captions,
        "measures": room.measures,
        "agreed": room.agreed_at is not None,
        "steps": [
            {"kind": one.kind.value, "seconds": one.seconds, "count": len(one.speakers) if one.is_round else 1}
            for one in room.steps
        ],
    }


def _asks(room: Room) -> list[list[list[int]]]:
    """Return who asks whom while questions are open: of each group the students and the alumni who are there."""
    if room.step.kind is not Kind.OPEN_QUESTIONS:
        return []
    away = [seat for seat in room.seats if seat.key not in room.here]
    groups = asking(room.seats, session=room.number, missing=away)
    return [[[key_of(seat) for seat in side] for side in (one.students, one.alumni)] for one in groups]


def _order(room: Room) -> list[Seat]:
    """Return who speaks in the running round, or who reads the agreements in turn, one line each and round again."""
    if room.step.kind is Kind.AGREEMENTS:
        return circle(room.present)
    return list(room.step.speakers) if room.step.is_round else []
