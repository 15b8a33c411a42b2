"""What may become of a sign-up: where it stands, and which decision leads where. One table holds all of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a sign-up stands, as a coordinator would say it."""

    INVITED = "invited"
    """Handed on from another term; the person has not agreed to this one yet."""
    NEW = "new"
    ASKED_BACK = "asked_back"
    HELD = "held"
    ACCEPTED = "accepted"
    PLACED = "placed"
    HANDED_ON = "handed_on"
    DECLINED = "declined"
    GUARDIAN_REFUSED = "guardian_refused"
    LEFT = "left"


class Move(StrEnum):
    """What a coordinator can decide."""

    ACCEPT = "accept"
    ASK_BACK = "ask_back"
    HOLD = "hold"
    DECLINE = "decline"
    HAND_ON = "hand_on"
    POINT_ON = "point_on"
    """Decline, and name another programme where the person could ask."""
    REOPEN = "reopen"


LEADS_TO: Final[Mapping[Move, Stage]] = {
    Move.ACCEPT: Stage.ACCEPTED,
    Move.ASK_BACK: Stage.ASKED_BACK,
    Move.HOLD: Stage.HELD,
    Move.DECLINE: Stage.DECLINED,
    Move.HAND_ON: Stage.HANDED_ON,
    Move.POINT_ON: Stage.DECLINED,
    Move.REOPEN: Stage.NEW,
}
"""Where each decision leads, from wherever it may be taken."""


def _to(*moves: Move) -> Mapping[Move, Stage]:
    return {move: LEADS_TO[move] for move in moves}


ALLOWED_MOVES: Final[Mapping[Stage, Mapping[Move, Stage]]] = {
    Stage.INVITED: {},
    Stage.NEW: _to(Move.ACCEPT, Move.ASK_BACK, Move.HOLD, Move.DECLINE, Move.HAND_ON, Move.POINT_ON),
    Stage.ASKED_BACK: _to(
        Move.ACCEPT, Move.ASK_BACK, Move.HOLD, Move.DECLINE, Move.HAND_ON, Move.POINT_ON, Move.REOPEN
    ),
    Stage.HELD: _to(Move.ACCEPT, Move.ASK_BACK, Move.DECLINE, Move.HAND_ON, Move.POINT_ON, Move.REOPEN),
    Stage.ACCEPTED: _to(Move.HOLD, Move.DECLINE, Move.HAND_ON, Move.POINT_ON, Move.REOPEN),
    # Somebody who has a cohort leaves the term by ending their participation, which frees their sessions too.
    Stage.PLACED: {},
    Stage.HANDED_ON: _to(Move.REOPEN),
    Stage.DECLINED: _to(Move.REOPEN),
    Stage.GUARDIAN_REFUSED: _to(Move.REOPEN),
    Stage.LEFT: {},
}


class IllegalMove(Exception):
    """A decision that leads nowhere from where the sign-up stands."""


def stage_after(stage: Stage, move: Move) -> Stage:
    """Return where a decision leads.

    Raises:
        IllegalMove: it leads nowhere from here.
    """
    try:
        return ALLOWED_MOVES[stage][move]
    except KeyError:
        raise IllegalMove(f"{move} leads nowhere from {stage}.") from None


def stage_of(*, status: str, waiting_reason: str, end_reason: str) -> Stage:
    """Return where a participation stands, from what is stored of it.

    Raises:
        ValueError: no participation has such a status.
    """
    if status == "applied":
        return _APPLIED.get(waiting_reason, Stage.NEW)
    if status == "ended":
        return _ENDED.get(end_reason, Stage.LEFT)
    if status not in _OTHERS:
        raise ValueError(f"no participation is {status!r}")
    return _OTHERS[status]


_APPLIED: Final = {"asked_back": Stage.ASKED_BACK, "held": Stage.HELD, "consent": Stage.INVITED}
_ENDED: Final = {"declined": Stage.DECLINED, "guardian_refused": Stage.GUARDIAN_REFUSED}
_OTHERS: Final = {"accepted": Stage.ACCEPTED, "placed": Stage.PLACED, "relayed": Stage.HANDED_ON}


def reason_when_applied(*, under_18: bool, guardian_agreed: bool) -> str:
    """Return what somebody waits for whom nobody has decided about."""
    return "guardian" if under_18 and not guardian_agreed else "acceptance"


def reason_when_accepted(*, has_consent: bool, under_18: bool, guardian_agreed: bool) -> str:
    """Return what somebody waits for who is accepted and has no cohort."""
    if not has_consent:
        return "consent"
    return "guardian" if under_18 and not guardian_agreed else "matching"
