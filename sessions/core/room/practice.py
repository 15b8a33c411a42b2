"""ひとり練習: a room in which a script plays the others. They take turns, pass, come late, and once somebody advises.

A script knows when somebody does something, and no words: `sessions/practice_words.py` has those. The clock goes six
times as fast, so that an hour takes less than ten minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from dialogue.core.generation import Generation
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.room.changing import changed
from sessions.core.room.events import Event, Phase
from sessions.core.room.rights import last_reader
from sessions.core.room.state import Room, opened
from sessions.core.room.timing import length, over_at, waits

PACE: Final = 6.0
MINUTES: Final = 60


class Played(IntEnum):
    """Who is played. The keys are above those of all people."""

    MIZUKI = 2**40 + 1
    SORA = 2**40 + 2
    ROKURO = 2**40 + 3
    NOBUE = 2**40 + 4
    IZUMI = 2**40 + 5
    """Who facilitates, where the person who practises does not."""


SEATS: Final = {
    Played.MIZUKI: Generation.STUDENT,
    Played.SORA: Generation.STUDENT,
    Played.ROKURO: Generation.ALUMNI,
    Played.NOBUE: Generation.ALUMNI,
}

COMES_LATE: Final = Played.MIZUKI
TALKS_LONG: Final = Played.ROKURO
PASSES: Final = (Played.NOBUE, Played.SORA)
"""Who passes the first round: the first of these who is there."""

OPEN_LINES: Final[Sequence[tuple[float, Played]]] = (
    (0.04, Played.ROKURO),
    (0.18, Played.MIZUKI),
    (0.36, Played.ROKURO),
    (0.60, Played.ROKURO),
    (0.80, Played.MIZUKI),
)
"""Who says what in open questions, by the part of the step that has gone by."""

ANSWERS_AFTER: Final = 12
"""Seconds of the clock after which whoever facilitates has looked after a call for help, or a wish for captions."""

ADVICE: Final = 3
"""Which of these lines advises, counted from 1. It is the only one."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a played person does next, and when. Without an event they say a line."""

    moment: float
    by: int
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is said now: by whom, and which line of theirs."""

    by: int
    name: str


def practice(*, me: int, generation: Generation, leads: bool, now: float) -> Room:
    """Return a room in which somebody practises alone: as one of four, or leading four others."""
    others = list(SEATS.items())
    if not leads:  # two of each generation
        others.remove(
            (Played.SORA, Generation.STUDENT) if generation is Generation.STUDENT else (Played.NOBUE, Generation.ALUMNI)
        )
    seats = [Seat(int(key), role) for key, role in others]
    room = opened(
        seats=seats if leads else [Seat(me, generation), *seats],
        number=1,
        minutes=MINUTES,
        ends_at=now + MINUTES * 60 / PACE,
        leader=me if leads else int(Played.IZUMI),
        minors=False,
        pace=PACE,
    )
    played = tuple(int(key) for key, _role in others)
    room = replace(room, played=played if leads else (*played, int(Played.IZUMI)))
    for key in (room.leader, me, *played):
        if key is not None and key != COMES_LATE:
            room = changed(room, Event.ARRIVE, by=key, now=now)
    return room


def next_deed(room: Room) -> Deed | None:
    """Return what one of the played does next by themselves; None while it is not for them to do something."""
    if not room.played or room.is_deserted or room.phase is Phase.CLOSED:
        return None
    deeds = [_answers(room), _sees_to_captions(room)]
    if room.phase is not Phase.PAUSED:
        deeds += [_arrives(room), _leads(room), _speaks(room), _asks(room)]
    found = [deed for deed in deeds if deed is not None]
    return min(found, key=lambda deed: deed.moment, default=None)


def done(room: Room, deed: Deed) -> Room:
    """Return the room after a deed."""
    if deed.event is None:
        return replace(room, lines=room.lines + 1)
    return changed(room, deed.event, by=deed.by, now=max(deed.moment, room.since))


def says(room: Room) -> Line | None:
    """Return what one of the played says at the moment, for a page to put into words."""
    if _is_called(room):
        return Line(int(Played.IZUMI), "help")
    if not room.played or room.phase is not Phase.RUNNING:
        return None
    if room.speaker is not None:
        name = "pass" if _passes(room) else room.step.kind.value
        return Line(room.speaker, name) if room.speaker in room.played else None
    if room.step.kind is Kind.OPEN_QUESTIONS and room.lines:
        return Line(int(OPEN_LINES[room.lines - 1][1]), f"open_{room.lines}")
    return None


def hurried(room: Room, now: float) -> Room:
    """Return the practice so far ahead that what comes next by itself comes now.

    One's own turn, and a practice that stands still, are not hurried.
    """
    if not room.played or room.phase in {Phase.PAUSED, Phase.CLOSED} or _is_mine(room):
        return room
    by_itself = room.phase is Phase.RUNNING and not waits(room)
    deed = next_deed(room)
    moments = [over_at(room) if by_itself else None, deed.moment if deed else None]
    ahead = min((moment for moment in moments if moment is not None), default=now) - now
    if ahead <= 0:
        return room
    called_at = None if room.called_at is None else room.called_at - ahead
    wished_at = None if room.wished_at is None else room.wished_at - ahead
    return replace(
        room, since=room.since - ahead, ends_at=room.ends_at - ahead, called_at=called_at, wished_at=wished_at
    )


def _is_mine(room: Room) -> bool:
    return room.speaker is not None and room.speaker not in room.played


def _after(room: Room, seconds: float) -> float:
    """Return the moment so many seconds of the session after the running step or turn began."""
    return room.since + seconds / room.pace


def _arrives(room: Room) -> Deed | None:
    late = room.phase is Phase.RUNNING and list(Kind).index(room.step.kind) >= list(Kind).index(Kind.SCENE)
    if not late or COMES_LATE in room.here or COMES_LATE not in room.played:
        return None
    return Deed(_after(room, 30), int(COMES_LATE), Event.ARRIVE)


def _leads(room: Room) -> Deed | None:
    """Return what whoever facilitates does: begin, and close when everything is said. Somebody has to agree, too."""
    if room.phase is Phase.RUNNING and room.step.kind is Kind.AGREEMENTS:
        reader = last_reader(room)
        if reader is not None and reader in room.played:
            return Deed(_after(room, 0.75 * length(room)), reader, Event.AGREE)
        if room.leader is not None and room.leader in room.played:  # one may leave it to them
            return Deed(_after(room, length(room)), room.leader, Event.AGREE)
        return None
    if room.leader is None or room.leader not in room.played:
        return None
    if room.phase is Phase.WAITING:
        return Deed(_after(room, 30), room.leader, Event.BEGIN)
    if room.at + 1 == len(room.steps):
        return Deed(_after(room, length(room)), room.leader, Event.CLOSE)
    return None


def _is_called(room: Room) -> bool:
    """Tell whether somebody calls one of the played for help."""
    return room.help and room.leader in room.played and room.caller not in room.played


def _answers(room: Room) -> Deed | None:
    """Return that whoever facilitates looks after a call for help."""
    if not _is_called(room) or room.leader is None or room.called_at is None:
        return None
    return Deed(room.called_at + ANSWERS_AFTER, room.leader, Event.HELP)


def _sees_to_captions(room: Room) -> Deed | None:
    """Return that whoever facilitates says that captions are seen to."""
    if room.wished_at is None or room.leader is None or room.leader not in room.played:
        return None
    return Deed(room.wished_at + ANSWERS_AFTER, room.leader, Event.CAPTIONS_SEEN_TO)


def _speaks(room: Room) -> Deed | None:
    speaker = room.speaker
    if speaker is None or speaker not in room.played:
        return None
    if _passes(room):
        return Deed(_after(room, 12), speaker, Event.PASS)
    if speaker == TALKS_LONG and room.step.kind is Kind.DECISION:
        return Deed(_after(room, length(room) + 60), speaker, Event.DONE)
    return Deed(_after(room, 0.85 * length(room)), speaker, Event.DONE)


def _passes(room: Room) -> bool:
    """Tell whether it is the turn that one of the played passes."""
    passes = next(key for key in PASSES if key in room.played)
    return room.speaker == passes and room.step.kind is Kind.SCENE and passes not in room.passed


def _asks(room: Room) -> Deed | None:
    if room.phase is not Phase.RUNNING or room.step.kind is not Kind.OPEN_QUESTIONS or room.lines >= len(OPEN_LINES):
        return None
    part, speaker = OPEN_LINES[room.lines]
    return Deed(_after(room, part * length(room)), int(speaker))
