"""A room as JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from dialogue.core.generation import Generation
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.steps import Step
from sessions.core.room.events import Phase
from sessions.core.room.state import Room


def as_json(room: Room) -> dict[str, Any]:
    """Return all of a room in values that JSON knows."""
    held = {one.name: getattr(room, one.name) for one in fields(room)}
    return held | {
        "seats": [_seat_out(seat) for seat in room.seats],
        "steps": [
            {**asdict(step), "kind": step.kind.value, "speakers": [seat.key for seat in step.speakers]}
            for step in room.steps
        ],
        "phase": room.phase.value,
        "skipped": [kind.value for kind in room.skipped],
        "here": list(room.here),
        "passed": list(room.passed),
        "played": list(room.played),
        "shares": {str(key): device for key, device in room.shares.items()},
        "spoken": {str(key): seconds for key, seconds in room.spoken.items()},
    }


def from_json(held: Mapping[str, Any]) -> Room:
    """Return the room that was kept.

    Raises:
        KeyError, TypeError, ValueError: this is no room.
    """
    seats = {one["key"]: Seat(one["key"], Generation(one["generation"])) for one in held["seats"]}
    steps = tuple(
        Step(Kind(one["kind"]), one["seconds"], tuple(seats[key] for key in one["speakers"])) for one in held["steps"]
    )
    read = {
        "seats": tuple(seats.values()),
        "steps": steps,
        "phase": Phase(held["phase"]),
        "skipped": tuple(Kind(kind) for kind in held["skipped"]),
        "here": tuple(held["here"]),
        "passed": tuple(held["passed"]),
        "played": tuple(held["played"]),
        "shares": {int(key): device for key, device in held["shares"].items()},
        "spoken": {int(key): seconds for key, seconds in held["spoken"].items()},
    }
    return Room(**{**held, **read})


def _seat_out(seat: Seat) -> dict[str, object]:
    return {"key": seat.key, "generation": seat.generation.value}
