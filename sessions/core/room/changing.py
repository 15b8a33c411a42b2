"""What each event does. Nothing here lets time pass: `running` does that before and after."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.steps import Step
from sessions.core.room import moving
from sessions.core.room.events import Event, NotNow, Phase, Reason, check_phase
from sessions.core.room.refitting import first_steps, refitted
from sessions.core.room.rights import (
    check_leads,
    check_led,
    confirms,
    facilitates,
    has_lead,
    speaks_for,
    takes_back,
)
from sessions.core.room.state import Room, key_of
from sessions.core.room.timing import left, to_the_end, waits

EXTENSION: Final = 120
"""Seconds by which a step or a turn is extended."""

_ENDS: Final = frozenset({Event.AGREE, Event.DONE, Event.PASS, Event.NEXT, Event.SKIP})
"""What ends a turn or a step, and can be taken back."""


def changed(room: Room, event: Event, *, by: int, now: float, whom: int | None = None, steps: int = 0) -> Room:
    """Return the room after an event.

    Raises:
        NotNow: it may not happen; with the reason.
    """
    check_phase(room.phase, event)
    if by != room.leader and _seat(room, by).key not in room.here and event not in {Event.ARRIVE, Event.LEAVE}:
        raise NotNow(Reason.NOT_HERE)
    if by == room.leader and event is not Event.LEAVE:
        room = replace(room, leader_here=True, shares=_without(room, by))
    after = _CHANGES[event](room, by, now, whom, steps)
    if event in _ENDS and steps == 0 and by not in room.played:
        return replace(after, undo=moving.way_back(room, by=by, now=now))
    moved = event in {Event.SKIP, Event.GIVE_TURN} or _place(room) != _place(after)
    return replace(after, undo=None) if moved else after


def _place(room: Room) -> tuple[int, int, int | None]:
    return room.at, room.turn, room.speaker


def _without(room: Room, key: int) -> dict[int, int]:
    """Return who shares whose device, without one of them."""
    return {one: device for one, device in room.shares.items() if one != key}


def _seat(room: Room, key: int | None) -> Seat:
    for seat in room.seats:
        if seat.key == key:
            return seat
    raise NotNow(Reason.NOT_IN_CIRCLE)


def _arrive(room: Room, by: int, now: float, whom: int | None, _steps: int) -> Room:
    if whom in {None, by}:
        if by == room.leader:
            return room
        return _come(replace(room, shares=_without(room, by)), _seat(room, by), now)
    if by not in room.here and by != room.leader:
        raise NotNow(Reason.NOT_HERE)
    if whom == room.leader:
        return _leader_beside(room, by)
    seat = _seat(room, whom)
    if seat.key in room.here:
        return room
    # A microphone between two tells nothing of either.
    return _come(replace(room, shares={**room.shares, key_of(seat): by}, measures=False), seat, now)


def _leader_beside(room: Room, by: int) -> Room:
    """Return the room in which whoever leads sits beside somebody, whose device does for them what they do."""
    if room.minors:
        raise NotNow(Reason.LEADER_COMES_IN)
    if room.leader is None or room.leader_here:
        return room
    return replace(room, leader_here=True, shares={**room.shares, room.leader: by}, measures=False)


def _come(room: Room, seat: Seat, now: float) -> Room:
    if seat.key in room.here:
        return room
    room = replace(room, here=(*room.here, key_of(seat)))
    if room.phase is Phase.WAITING:
        return room
    return refitted(moving.joins_round(room, seat), now)


def _leave(room: Room, by: int, now: float, whom: int | None, _steps: int) -> Room:
    if whom is not None and whom != by:
        if room.shares.get(whom) == by:
            return _go_or_leader_goes(room, whom, now)
        key = _key(room, whom)
        check_leads(room, by, now)
        return _go(room, key, now)
    if by in room.shares:  # their own device is gone; they sit at another
        return room
    for key in (by, *(key for key, device in room.shares.items() if device == by)):
        room = _go_or_leader_goes(room, key, now)
    return room


def _go_or_leader_goes(room: Room, key: int, now: float) -> Room:
    if key != room.leader:
        return _go(room, _key(room, key), now)
    room = replace(room, leader_here=False, shares=_without(room, key))
    return _stand_still(room, now) if room.minors or room.is_deserted else room


def _key(room: Room, whom: int | None) -> int:
    return key_of(_seat(room, whom))


def _go(room: Room, key: int, now: float) -> Room:
    if key not in room.here:
        return room
    room = replace(
        room,
        here=tuple(one for one in room.here if one != key),
        shares=_without(room, key),
        lead=None if room.lead == key else room.lead,
    )
    if room.phase is Phase.WAITING:
        return room
    if room.is_deserted:
        return _stand_still(room, now)
    room = moving.leaves_round(room, _seat(room, key), now)
    return refitted(room, now) if room.phase is not Phase.CLOSED else room


def _stand_still(room: Room, now: float) -> Room:
    """Return the room paused, because nobody is there or nobody leads. A turn that runs stays whose it was."""
    return replace(room, phase=Phase.PAUSED, paused_at=now) if room.phase is Phase.RUNNING else room


def _begin(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_led(room)
    check_leads(room, by, now)
    if not room.here:
        raise NotNow(Reason.NOBODY_HERE)
    if to_the_end(room, now) < 1 and not room.played:
        raise NotNow(Reason.NO_TIME_LEFT)
    if room.played:  # a practice takes its time from when it is begun
        room = replace(room, ends_at=now + room.minutes * 60 / room.pace)
    return replace(room, phase=Phase.RUNNING, steps=first_steps(room, now), at=0, turn=0, since=now)


def _agree(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    if room.step.kind is not Kind.AGREEMENTS:
        raise NotNow(Reason.OTHER_STEP)
    if not confirms(room, by, now):
        raise NotNow(Reason.OTHERS_CONFIRM)
    return moving.step_over(replace(room, agreed_at=now), now)


def _done(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    _check_turn(room, by)
    return moving.turn_over(room, now)


def _check_turn(room: Room, by: int, *, leader_too: bool = False) -> None:
    if room.speaker is None:
        raise NotNow(Reason.OTHER_STEP)
    if not (speaks_for(room, by) or (leader_too and has_lead(room, by))):
        raise NotNow(Reason.OTHERS_TURN)


def _pass(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    _check_turn(room, by, leader_too=True)
    return moving.passed(room, now)


def _more(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    _check_turn(room, by, leader_too=True)
    if room.longer:
        raise NotNow(Reason.ONCE_ONLY)
    return refitted(replace(room, longer=True), now)


def _pause(room: Room, _by: int, now: float, _whom: int | None, _steps: int) -> Room:
    return _stand_still(room, now)


def _resume(room: Room, _by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_led(room)
    if not room.here:
        raise NotNow(Reason.NOBODY_HERE)
    for seat in room.seats:
        if seat.key not in room.here:  # where everybody had gone, their turns had stayed
            room = moving.leaves_round(room, seat, now)
    stood = now - (now if room.paused_at is None else room.paused_at)
    if room.played:  # it can be gone on with whenever there is time for it
        room = replace(room, ends_at=room.ends_at + stood)
    return refitted(replace(room, phase=Phase.RUNNING, since=room.since + stood, paused_at=None), now)


def _next(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    if waits(room) and not room.step.is_round:
        raise NotNow(Reason.NOT_AGREED)
    if room.at + 1 >= len(room.steps):
        raise NotNow(Reason.LAST_STEP)
    if room.step.is_round:
        if not (speaks_for(room, by) or has_lead(room, by) or left(room, now) <= 0):
            raise NotNow(Reason.TIME_RUNS)
        return moving.turn_over(room, now)
    check_leads(room, by, now)
    return moving.step_over(room, now)


def _help(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    if not room.help:
        return replace(room, help=True, caller=by, called_at=now)
    if by != room.caller:
        check_leads(room, by, now)
    return replace(room, help=False, caller=None, called_at=None)


def _skip(room: Room, by: int, now: float, _whom: int | None, steps: int) -> Room:
    check_leads(room, by, now)
    if not 0 <= room.at + steps < len(room.steps) or steps < 0:
        raise NotNow(Reason.LAST_STEP)
    if room.phase is Phase.WAITING and steps == 0:
        raise NotNow(Reason.NOT_BEGUN)
    kind = room.steps[room.at + steps].kind
    if kind is Kind.AGREEMENTS and room.agreed_at is None:
        raise NotNow(Reason.NOT_AGREED)
    if (steps == 0 and room.at + 1 == len(room.steps)) or (steps and kind is Kind.CLOSE):
        raise NotNow(Reason.LAST_STEP)
    room = replace(room, skipped=(*room.skipped, kind))
    if room.phase is Phase.WAITING:
        return replace(room, steps=without(room.steps, room.skipped))
    return moving.step_over(room, now) if steps == 0 else refitted(room, now)


def without(steps: tuple[Step, ...], skipped: tuple[Kind, ...]) -> tuple[Step, ...]:
    """Return the steps but for those that are left out."""
    return tuple(step for step in steps if step.kind not in skipped)


def _gently(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_leads(room, by, now)
    return replace(room, gently=True)


def _to_the_second(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_leads(room, by, now)
    return replace(room, gently=False)


def _wish_captions(room: Room, _by: int, now: float, _whom: int | None, _steps: int) -> Room:
    return replace(room, captions=True, wished_at=now if room.played and not room.captions else room.wished_at)


def _captions_seen_to(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_leads(room, by, now)
    return replace(room, captions=False, wished_at=None)


def _extend(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    """Extend where nothing but open questions becomes shorter by it."""
    check_leads(room, by, now)
    if room.step.is_round:
        longer = replace(room, extra=room.extra + EXTENSION)
    else:
        longer = moving.with_step(room, replace(room.step, seconds=room.step.seconds + EXTENSION))
    fitted = refitted(longer, now)
    if _but_open_questions(fitted) != _but_open_questions(refitted(room, now), longer):
        raise NotNow(Reason.NO_TIME_LEFT)
    return fitted


def _but_open_questions(room: Room, running: Room | None = None) -> list[object]:
    """Return the steps from the running one on, without the length of open questions ahead."""
    ahead = [
        (step.kind, step.speakers, None if step.kind is Kind.OPEN_QUESTIONS else step.seconds)
        for step in room.steps[room.at + 1 :]
    ]
    return [(running or room).step, *ahead]


def _give_turn(room: Room, by: int, now: float, whom: int | None, _steps: int) -> Room:
    check_leads(room, by, now)
    if room.speaker is None:
        raise NotNow(Reason.OTHER_STEP)
    seat = _seat(room, whom)
    if seat.key == room.speaker or seat.key not in room.here:
        raise NotNow(Reason.NOT_WAITING)
    return refitted(moving.speaks_next(room, seat), now)


def _back(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    if room.undo is None or not takes_back(room, by, now):
        raise NotNow(Reason.NOTHING_BACK)
    if not room.here:
        raise NotNow(Reason.NOBODY_HERE)
    return moving.taken_back(room, room.undo, now)


def _hand_over(room: Room, by: int, _now: float, whom: int | None, _steps: int) -> Room:
    if not has_lead(room, by) or (whom is not None and not facilitates(room, by)):
        raise NotNow(Reason.LEADERS_ALONE)
    if whom in {None, room.leader}:
        return replace(room, lead=None)
    if _key(room, whom) not in room.here:
        raise NotNow(Reason.NOT_HERE)
    return replace(room, lead=_key(room, whom))


def _close(room: Room, by: int, now: float, _whom: int | None, _steps: int) -> Room:
    check_leads(room, by, now)
    return closed(room, now)


def closed(room: Room, now: float) -> Room:
    """Return the room closed, the running turn counted."""
    if room.speaker is not None:
        room = moving.noted(room, now)
    return replace(room, phase=Phase.CLOSED, paused_at=None)


def reopened(room: Room, *, by: int, now: float) -> Room:
    """Return a room that was closed by mistake, as it stood before.

    It pauses since it was closed, with nobody in it but `by` and who shares their device: the others come back in.
    Seconds of speaking were dropped at the close, so they are not counted any more.

    Args:
        room: as it stood when it was closed.
        by: who opens it again.
        now: when it was closed.
    """
    here = tuple(key for key in room.here if by in {key, room.shares.get(key)})
    shares = {
        key: device for key, device in room.shares.items() if key in here or (device == by and key == room.leader)
    }
    lead = room.lead if room.lead in here else None
    spoken = dict.fromkeys(room.here, 0.0) | dict(room.spoken)  # they belong to the circle's figure, come back or not
    room = replace(
        room, here=here, shares=shares, lead=lead, leader_here=facilitates(room, by), spoken=spoken, measures=False
    )
    return _stand_still(room, now)


_CHANGES: Final[Mapping[Event, Callable[[Room, int, float, int | None, int], Room]]] = {
    Event.ARRIVE: _arrive,
    Event.LEAVE: _leave,
    Event.AGREE: _agree,
    Event.BEGIN: _begin,
    Event.DONE: _done,
    Event.PASS: _pass,
    Event.MORE: _more,
    Event.PAUSE: _pause,
    Event.RESUME: _resume,
    Event.NEXT: _next,
    Event.HELP: _help,
    Event.GENTLY: _gently,
    Event.TO_THE_SECOND: _to_the_second,
    Event.WISH_CAPTIONS: _wish_captions,
    Event.CAPTIONS_SEEN_TO: _captions_seen_to,
    Event.SKIP: _skip,
    Event.EXTEND: _extend,
    Event.GIVE_TURN: _give_turn,
    Event.BACK: _back,
    Event.HAND_OVER: _hand_over,
    Event.CLOSE: _close,
}
