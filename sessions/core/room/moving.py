"""From turn to turn and from step to step."""

from collections.abc import Callable
from dataclasses import replace

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.steps import Step
from sessions.core.room.events import Phase
from sessions.core.room.refitting import after_step, refitted
from sessions.core.room.state import Room, key_of
from sessions.core.room.timing import elapsed


def turn_over(room: Room, now: float, *, had: bool = True) -> Room:
    """Return the room after the running turn; the next one, or the next step, begins.

    What the turn did not use becomes quiet for everyone, and what it took beyond its time comes out of that.

    Args:
        had: False where somebody had to go before they could speak to the end: if they come back, they are asked again.
    """
    unused = room.step.seconds + room.extra - elapsed(room, now)
    room = noted(room, now)
    if had:
        room = replace(room, turn=room.turn + 1, quiet=max(room.quiet + unused, 0.0), offers=room.offers + 1)
    else:
        room = _with_speakers(room, lambda speakers: speakers[: room.turn] + speakers[room.turn + 1 :])
    return _next_turn(room, now)


def passed(room: Room, now: float) -> Room:
    """Return the room after somebody passed: they are asked once more at the end of the round, then no more."""
    key = room.speaker
    room = replace(room, passes=room.passes + 1)
    if key is None or key in room.passed:
        return turn_over(room, now)
    room = replace(noted(room, now), passed=(*room.passed, key), offers=room.offers + 1)
    turn = room.turn
    room = _with_speakers(room, lambda speakers: (*speakers[:turn], *speakers[turn + 1 :], speakers[turn]))
    return _next_turn(room, now)


def step_over(room: Room, now: float) -> Room:
    """Return the room in its next step, or closed after the last one."""
    if room.speaker is not None:
        room = noted(room, now)
    return _next_step(room, now)


def joins_round(room: Room, seat: Seat) -> Room:
    """Return the room in which somebody who came late is asked in the running round, before those who passed are."""
    speakers = room.step.speakers
    if not room.step.is_round or seat in speakers:
        return room
    place = len(speakers)
    while place > room.turn + 1 and key_of(speakers[place - 1]) in room.passed:
        place -= 1
    return _with_speakers(room, lambda speakers: (*speakers[:place], seat, *speakers[place:]))


def leaves_round(room: Room, seat: Seat, now: float) -> Room:
    """Return the room in which somebody is no longer asked in the running round. A turn that they had stays theirs."""
    speakers = room.step.speakers
    if seat not in speakers[room.turn :]:
        return room
    room = replace(room, passed=tuple(key for key in room.passed if key != seat.key))
    if room.speaker == seat.key:
        return turn_over(room, now, had=False)
    return _with_speakers(room, lambda speakers: tuple(one for one in speakers if one != seat))


def speaks_next(room: Room, seat: Seat) -> Room:
    """Return the room in which somebody who waits for their turn has the next one."""
    turn = room.turn + 1
    rest = tuple(one for one in room.step.speakers[turn:] if one != seat)
    return _with_speakers(room, lambda speakers: (*speakers[:turn], seat, *rest))


def noted(room: Room, now: float) -> Room:
    """Return the room with the running turn's time noted."""
    key = room.speaker
    if key is None:
        return room
    return replace(room, spoken={**room.spoken, key: room.spoken.get(key, 0.0) + elapsed(room, now)})


def _with_speakers(room: Room, change: Callable[[tuple[Seat, ...]], tuple[Seat, ...]]) -> Room:
    step = replace(room.step, speakers=change(room.step.speakers))
    return with_step(room, step)


def with_step(room: Room, step: Step) -> Room:
    """Return the room with its running step changed."""
    return replace(room, steps=(*room.steps[: room.at], step, *room.steps[room.at + 1 :]))


def _next_turn(room: Room, now: float) -> Room:
    if room.turn >= len(room.step.speakers):
        return _next_step(room, now)
    return refitted(replace(room, since=_mark(room, now), longer=False, extra=0), now)


def _next_step(room: Room, now: float) -> Room:
    room = after_step(room, now)
    if room.at + 1 >= len(room.steps):
        return replace(room, phase=Phase.CLOSED, paused_at=None)
    room = replace(room, at=room.at + 1, turn=0, since=_mark(room, now), passed=(), longer=False, extra=0)
    return replace(room, quiet=0.0) if room.step.kind is Kind.SILENCE else room


def _mark(room: Room, now: float) -> float:
    """Return when what begins now began: while the clock stands still, the moment at which it stopped."""
    return now if room.paused_at is None else room.paused_at
