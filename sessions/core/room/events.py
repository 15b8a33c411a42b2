"""What can happen in a room, when it may, and why it may not."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    """Where a room stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


class Event(StrEnum):
    """What somebody does in a room. `whom` is a key of the circle, `steps` how many steps ahead of the running one."""

    ARRIVE = "arrive"
    """Be there: oneself, or `whom` who sits beside one and shares the device."""
    LEAVE = "leave"
    AGREE = "agree"
    """Whoever read the last line, or leads, confirms the agreements, once for all."""
    BEGIN = "begin"
    DONE = "done"
    PASS = "pass"  # noqa: S105  no password
    MORE = "more"
    """One sentence more: twenty seconds, once in a turn."""
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    HELP = "help"
    """Call for help; whoever called takes it back, whoever leads clears it."""
    GENTLY = "gently"
    """Show seconds on nobody's page any more."""
    TO_THE_SECOND = "to_the_second"
    """Show seconds again."""
    WISH_CAPTIONS = "wish_captions"
    """Say that somebody would like captions. Who it was is not kept."""
    CAPTIONS_SEEN_TO = "captions_seen_to"
    SKIP = "skip"
    """Leave out the running step, or the one that comes `steps` after it; before it begins, one after the first."""
    EXTEND = "extend"
    """Two minutes more for the running step or turn, out of open questions."""
    GIVE_TURN = "give_turn"
    """`whom` speaks next, also where they have had their turn in this round."""
    BACK = "back"
    """Take the last tap back that ended a turn or a step: one's own soon after it, or any by whoever leads."""
    HAND_OVER = "hand_over"
    """Give the lead to `whom`; to nobody takes it back."""
    CLOSE = "close"


class Reason(StrEnum):
    """Why something may not happen now."""

    CLOSED = "closed"
    NOT_BEGUN = "not_begun"
    ALREADY_BEGUN = "already_begun"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    NOT_IN_CIRCLE = "not_in_circle"
    NOT_HERE = "not_here"
    NOBODY_HERE = "nobody_here"
    NEEDS_LEADER = "needs_leader"
    """Somebody is under 18: there is no session without whoever leads it."""
    LEADERS_ALONE = "leaders_alone"
    """For whoever leads."""
    OTHERS_TURN = "others_turn"
    TIME_RUNS = "time_runs"
    """The turn's time is not over yet."""
    OTHER_STEP = "other_step"
    NOT_AGREED = "not_agreed"
    OTHERS_CONFIRM = "others_confirm"
    """Whoever reads the last line confirms, or whoever leads."""
    ONCE_ONLY = "once_only"
    NO_TIME_LEFT = "no_time_left"
    NOT_WAITING = "not_waiting"
    """They speak already, or are not here."""
    LAST_STEP = "last_step"
    NOTHING_BACK = "nothing_back"
    """There is nothing that this person could take back any more."""
    LEADER_COMES_IN = "leader_comes_in"
    """Somebody is under 18: nobody else says of whoever leads that they are here."""


class NotNow(Exception):
    """Something may not happen now. Nothing has changed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_ALWAYS = frozenset({Event.ARRIVE, Event.LEAVE, Event.HELP, Event.HAND_OVER, Event.CLOSE}) | {
    Event.GENTLY,
    Event.TO_THE_SECOND,
    Event.WISH_CAPTIONS,
    Event.CAPTIONS_SEEN_TO,
}

ALLOWED: Final[Mapping[Phase, frozenset[Event]]] = {
    Phase.WAITING: _ALWAYS | {Event.BEGIN, Event.SKIP},
    Phase.RUNNING: frozenset(Event) - {Event.BEGIN, Event.RESUME},
    Phase.PAUSED: _ALWAYS | {Event.RESUME, Event.BACK},
    Phase.CLOSED: frozenset(),
}
"""What may happen in which phase."""


def check_phase(phase: Phase, event: Event) -> None:
    """Refuse what does not fit the phase.

    Raises:
        NotNow: with the reason.
    """
    if event in ALLOWED[phase]:
        return
    if phase is Phase.CLOSED:
        raise NotNow(Reason.CLOSED)
    if event is Event.BEGIN:
        raise NotNow(Reason.ALREADY_BEGUN)
    if phase is Phase.WAITING:
        raise NotNow(Reason.NOT_BEGUN)
    raise NotNow(Reason.NOT_PAUSED if event is Event.RESUME else Reason.PAUSED)
