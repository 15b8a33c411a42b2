"""Fitting the rest of a session anew, so that it ends when it was said to end."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sessions.core.guide.arcs import Kind
from sessions.core.guide.fitting import GRAIN, LEAST, LEAST_TURN, fitted
from sessions.core.guide.planned import unfitted
from sessions.core.guide.steps import Caution, Step
from sessions.core.room.state import Room
from sessions.core.room.timing import GOODBYE, elapsed, left, length, to_the_end

_ORDER: Final = list(Kind)
_TOO_TIGHT: Final = frozenset({Caution.SHIFT_DROPPED, Caution.TURNS_SHORTENED, Caution.STEPS_DROPPED})


def refitted(room: Room, now: float) -> Room:
    """Return the room with the steps ahead made for those who are there and the time that is left.

    The running round keeps its speakers; its turns become shorter only where nothing ahead could give way any more.
    """
    if not room.here:
        return room
    ahead = _ahead(room)
    seconds = int(to_the_end(room, now))
    running = _running_round(room, now, ahead, seconds) if room.step.is_round else _running(room, now, ahead, seconds)
    behind = room.steps[: room.at]
    room = replace(room, steps=(*behind, running))
    taken = max(left(room, now), 0.0) + (len(running.speakers) - room.turn - 1) * running.seconds * running.is_round
    return replace(room, steps=(*behind, running, *_fitted(ahead, seconds - taken, room.quiet)))


def first_steps(room: Room, now: float) -> tuple[Step, ...]:
    """Return the whole guide for those who are there and the time that is left, which is some."""
    return fitted(_whole_arc(room), seconds=max(int(to_the_end(room, now)), 1)).steps


def after_step(room: Room, now: float) -> Room:
    """Return the room with the steps ahead fitted as if the running one were over."""
    if not room.here:
        return room
    rest = _fitted(_ahead(room), int(to_the_end(room, now)), room.quiet)
    return replace(room, steps=(*room.steps[: room.at + 1], *rest))


def _whole_arc(room: Room) -> list[Step]:
    missing = [seat for seat in room.seats if seat.key not in room.here]
    steps = unfitted(minutes=room.minutes, seats=room.seats, session=room.number, missing=missing)
    return [step for step in steps if step.kind not in room.skipped]


def _ahead(room: Room) -> list[Step]:
    place = _ORDER.index(room.step.kind)
    return [step for step in _whole_arc(room) if _ORDER.index(step.kind) > place]


def _fitted(ahead: Sequence[Step], seconds: float, quiet: float) -> tuple[Step, ...]:
    """Return the steps ahead in so many seconds. What nobody used of a turn goes to the next silence, or to nobody."""
    if not ahead:
        return ()
    if seconds < 1:
        return tuple(replace(step, seconds=0) for step in ahead if step.kind is Kind.CLOSE)
    silence = next((step.seconds for step in ahead if step.kind is Kind.SILENCE), None)
    kept = int(quiet if silence is None else min(quiet, silence))
    if kept and seconds - kept >= 1:
        guide = fitted(ahead, seconds=int(seconds - kept))
        if not _TOO_TIGHT & set(guide.cautions):
            longer = {Kind.SILENCE: kept}
            return tuple(replace(step, seconds=step.seconds + longer.get(step.kind, 0)) for step in guide.steps)
    return fitted(ahead, seconds=int(seconds)).steps


def _running(room: Room, now: float, ahead: Sequence[Step], seconds: int) -> Step:
    """Return the running step, shorter where that is the next to give way: open questions, then silence."""
    needed = sum(step.whole for step in ahead)
    if room.step.kind is not Kind.OPEN_QUESTIONS:
        needed -= sum(step.seconds - LEAST[step.kind] for step in ahead if step.kind is Kind.OPEN_QUESTIONS)
    stays = max(left(room, now), 0.0)
    least = max(LEAST.get(room.step.kind, room.step.seconds) - elapsed(room, now), 0.0)
    over = min(max(stays + needed - seconds, 0.0), max(stays - least, 0.0))
    return _shorter(room.step, max(over, min(stays, stays + _last_words(ahead) - seconds)))


def _last_words(ahead: Sequence[Step]) -> int:
    """Return the seconds in which everybody has a last word, and the session is closed."""
    words = sum(LEAST_TURN * len(step.speakers) for step in ahead if step.kind is Kind.CHECK_OUT)
    return words + sum(GOODBYE for step in ahead if step.kind is Kind.CLOSE)


def _shorter(step: Step, seconds: float) -> Step:
    return step if seconds <= 0 else replace(step, seconds=step.seconds - int(-(-seconds // 1)))


def _running_round(room: Room, now: float, ahead: Sequence[Step], seconds: int) -> Step:
    """Return the running round, its turns no longer than leaves everybody a last word and the close."""
    turns = len(room.step.speakers) - room.turn
    last = _last_words(ahead)
    gone = elapsed(room, now) - (length(room) - room.step.seconds)

    def whole(turn: int) -> float:
        return max(turn - gone, 0.0) + (turns - 1) * turn

    turn = room.step.seconds
    while turn > LEAST_TURN and whole(turn) > seconds - last:
        turn = max((turn - 1) // GRAIN * GRAIN, LEAST_TURN)
    return room.step if turn == room.step.seconds else replace(room.step, seconds=turn)
