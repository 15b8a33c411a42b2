"""A room as JSON, and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from dialogue.core.generation import Generation
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.steps import Step
from sessions.core.room.events import Phase
from sessions.core.room.state import Room, Undo


def as_json(room: Room) -> dict[str, Any]:
    """Return all of a room in values that JSON knows."""
    held = {one.name: getattr(room, one.name) for one in fields(room)}
    return held | {
        "seats": [_seat_out(seat) for seat in room.seats],
        "steps": [_step_out(step) for step in room.steps],
        "undo": None if room.undo is None else _undo_out(room.undo),
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
    read = {
        "seats": tuple(seats.values()),
        "steps": tuple(_step_in(one, seats) for one in held["steps"]),
        "undo": _undo_in(held["undo"], seats) if held.get("undo") else None,
        "phase": Phase(held["phase"]),
        "skipped": tuple(Kind(kind) for kind in held["skipped"]),
        "here": tuple(held["here"]),
        "passed": tuple(held["passed"]),
        "played": tuple(held["played"]),
        "shares": {int(key): device for key, device in held["shares"].items()},
        "spoken": {int(key): seconds for key, seconds in held["spoken"].items()},
    }
    return Room(**{**held, **read})


def _step_out(step: Step) -> dict[str, object]:
    return {**asdict(step), "kind": step.kind.value, "speakers": [seat.key for seat in step.speakers]}


def _step_in(held: Mapping[str, Any], seats: Mapping[int, Seat]) -> Step:
    return Step(Kind(held["kind"]), held["seconds"], tuple(seats[key] for key in held["speakers"]))


def _undo_out(undo: Undo) -> dict[str, object]:
    return asdict(undo) | {
        "step": _step_out(undo.step),
        "passed": list(undo.passed),
        "skipped": [kind.value for kind in undo.skipped],
    }


def _undo_in(held: Mapping[str, Any], seats: Mapping[int, Seat]) -> Undo:
    read = {
        "step": _step_in(held["step"], seats),
        "passed": tuple(held["passed"]),
        "skipped": tuple(Kind(kind) for kind in held["skipped"]),
    }
    return Undo(**{**held, **read})


def _seat_out(seat: Seat) -> dict[str, object]:
    return {"key": seat.key, "generation": seat.generation.value}
