"""From turn to turn and from step to step."""

from collections.abc import Callable
from dataclasses import replace

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.steps import Step
from sessions.core.room.events import Phase
from sessions.core.room.refitting import after_step, refitted
from sessions.core.room.state import Room, Undo, key_of
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
    """Return the room in which somebody of the running round has the next turn, once more if they have had one.

    The time of a second turn comes out of what turns did not use.
    """
    if seat in room.step.speakers[: room.turn]:
        room = replace(room, turn=room.turn - 1, quiet=max(room.quiet - room.step.seconds, 0.0))
    return _with_speakers(room, lambda speakers: _placed_next(speakers, seat, room.turn))


def _placed_next(speakers: tuple[Seat, ...], seat: Seat, turn: int) -> tuple[Seat, ...]:
    others = [one for one in speakers if one != seat]
    return (*others[: turn + 1], seat, *others[turn + 1 :])


def way_back(room: Room, *, by: int, now: float) -> Undo:
    """Return what takes back the tap that somebody makes now."""
    return Undo(
        by=by,
        moment=now,
        at=room.at,
        turn=room.turn,
        step=room.step,
        speaker=room.speaker,
        elapsed=elapsed(room, now),
        passed=room.passed,
        longer=room.longer,
        extra=room.extra,
        quiet=room.quiet,
        skipped=room.skipped,
        agreed_at=room.agreed_at,
        offers=room.offers,
        passes=room.passes,
    )


def taken_back(room: Room, last: Undo, now: float) -> Room:
    """Return the room in the turn or step that the last tap had ended, with the time that was left of it.

    What has gone by since was whoever's turn ran. Those who have come since are asked, those who have gone are not.
    """
    spoken = dict(noted(room, now).spoken)
    if last.speaker is not None:  # it runs on, and is noted when it is over
        spoken[last.speaker] = max(spoken.get(last.speaker, 0.0) - last.elapsed, 0.0)
    room = replace(
        room,
        steps=(*room.steps[: last.at], last.step),
        at=last.at,
        turn=last.turn,
        since=_mark(room, now) - last.elapsed / room.pace,
        passed=last.passed,
        longer=last.longer,
        extra=last.extra,
        quiet=last.quiet,
        skipped=last.skipped,
        agreed_at=last.agreed_at,
        offers=last.offers,
        passes=last.passes,
        spoken=spoken,
        undo=None,
    )
    for seat in room.seats:
        room = joins_round(room, seat) if seat.key in room.here else leaves_round(room, seat, now)
    return refitted(room, now) if room.phase is not Phase.CLOSED else room


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
