"""The life of a dialogue session: which status may follow which."""

from collections.abc import Mapping
from typing import Final

ALLOWED_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "proposed": frozenset({"confirmed", "cancelled"}),
    "confirmed": frozenset({"held", "missed", "cancelled", "proposed"}),  # postponed: it waits for a new date
    "held": frozenset({"missed"}),  # a facilitator corrects the record
    "missed": frozenset({"held"}),
    "cancelled": frozenset(),
}


class IllegalMove(Exception):
    """A session was asked to take a status that cannot follow its present one."""


def check_move(current: str, target: str) -> None:
    """Pass if a session may go from `current` to `target`.

    Raises:
        IllegalMove: the table does not allow it, or knows no such status.
    """
    if target not in ALLOWED_MOVES.get(current, frozenset()):
        raise IllegalMove(f"A {current} session cannot become {target}.")
