"""What may go on in a room: random circles, lengths and events at random moments, and somebody who watches."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.room import Event, NotNow, Phase, Room, advanced, due, happened, opened
from sessions.core.room.rights import last_reader
from sessions.core.room.timing import ONE_MORE
from tests.sessions.core.guide.test_order import seats

LEADER = 99
START = 1_700_000_000.0

RARE = (
    Event.ARRIVE, Event.ARRIVE, Event.LEAVE, Event.PAUSE, Event.MORE, Event.SKIP, Event.EXTEND, Event.GIVE_TURN,
    Event.HAND_OVER, Event.HELP, Event.BEGIN, Event.RESUME, Event.BACK, Event.BACK, Event.BACK, Event.GIVE_TURN,
    Event.GENTLY, Event.WISH_CAPTIONS,
)  # fmt: skip
USUAL = {
    "paused": (Event.RESUME, Event.RESUME, Event.RESUME, Event.ARRIVE),
    "agreements": (Event.AGREE, Event.AGREE, Event.NEXT),
    "round": (Event.DONE, Event.DONE, Event.DONE, Event.NEXT, Event.PASS),
    "step": (Event.NEXT, Event.DONE, Event.EXTEND),
}
"""What leads on, by where the room stands: drawn more often than the rest, so that stories get far."""


@dataclass
class Story:
    """A room and what is going to be tried in it: seconds to wait, which event, who, whom, how many steps."""

    room: Room
    tries: list[tuple[int, int, int, int, int]]


@st.composite
def stories(draw: Any, *, tries: int = 40) -> Story:
    students = draw(st.integers(0, 4))
    alumni = draw(st.integers(2 if students == 0 else 1, 4))
    minutes = draw(st.sampled_from([60, 90, 120]))
    led = draw(st.booleans())
    pace = draw(st.sampled_from([1.0, 6.0]))
    circle = seats(students, alumni)
    room = opened(
        seats=circle,
        number=draw(st.integers(1, 12)),
        minutes=minutes,
        ends_at=START + minutes * 60 / pace,
        leader=LEADER if led else None,
        minors=led and draw(st.booleans()),
        pace=pace,
    )
    come = draw(st.integers(1, len(circle)))
    if led:
        room = happened(room, Event.ARRIVE, by=LEADER, now=START - 60)
    for seat in circle[:come]:
        room = happened(room, Event.ARRIVE, by=seat.key, now=START - 60)
    late = draw(st.sampled_from([0, 0, 60, 480, 1500]))
    room = happened(room, Event.BEGIN, by=LEADER if led else 0, now=START + late / pace)
    one = st.tuples(st.integers(0, 300), st.integers(0, 59), st.integers(0, 9), st.integers(0, 9), st.integers(0, 3))
    return Story(room, draw(st.lists(one, min_size=tries // 2, max_size=tries)))


@dataclass
class Watcher:
    """Somebody with a stop watch beside the room, who knows nothing of how it counts."""

    talked: Counter[int] = field(default_factory=Counter)
    offered: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    had: Counter[tuple[int, int]] = field(default_factory=Counter)

    def sees(self, room: Room, seconds: float) -> None:
        """Note who had the word for so many seconds of the clock."""
        if room.phase is Phase.RUNNING and room.speaker is not None:
            self.offered[room.at].add(room.speaker)
            self.talked[room.speaker] += seconds * room.pace


def told(story: Story, watcher: Watcher) -> Iterator[tuple[Room, Event, Room, float]]:
    """Yield what has happened: the room before, the event, the room after, and when."""
    room = story.room
    now = room.since
    for wait, which, who, whom, steps in story.tries:
        target = now + wait / room.pace
        room, now = watched(room, now, target, watcher)
        event = _event(room, which)
        by = _who(room, event, who)
        beside = _beside(room, event, who, whom)
        by, other = beside if beside else (by, _whom(room, event, whom))
        after = tried(room, event, by=by, now=now, whom=other, steps=steps)
        if after is None:
            continue
        watcher.sees(room, 0)
        watcher.sees(after, 0)
        yield room, event, after, now
        room = after


def watched(room: Room, now: float, target: float, watcher: Watcher) -> tuple[Room, float]:
    """Let time pass with an eye on every moment at which something comes about."""
    while (moment := due(room)) is not None and moment <= target:
        moment = max(moment, now)
        watcher.sees(room, moment - now)
        room, now = advanced(room, moment), moment
    watcher.sees(room, target - now)
    return room, target


def tried(room: Room, event: Event, **more: Any) -> Room | None:
    try:
        return happened(room, event, **more)
    except NotNow:
        return None


def _event(room: Room, which: int) -> Event:
    if which < len(RARE):
        return RARE[which]
    if room.phase is Phase.PAUSED:
        usual = USUAL["paused"]
    elif room.step.kind is Kind.AGREEMENTS:
        usual = USUAL["agreements"]
    else:
        usual = USUAL["round" if room.step.is_round else "step"]
    return usual[which % len(usual)]


def _who(room: Room, event: Event, who: int) -> int:
    """Return who tries it: mostly the one who may, so that stories get far."""
    if event in {Event.DONE, Event.PASS, Event.MORE} and room.speaker is not None and who < 8:
        return room.speaker
    everybody = [seat.key for seat in room.seats]
    if event is Event.AGREE and who < 7:
        return last_reader(room) or everybody[0]
    if event is Event.BACK and room.undo is not None and who < 4:
        return room.undo.by
    if event is Event.ARRIVE:
        away = [key for key in everybody if key not in room.here]
        return (away or everybody)[who % len(away or everybody)]
    if room.leader is not None and who >= 4:
        return room.leader
    return everybody[who % len(everybody)]


def _beside(room: Room, event: Event, who: int, whom: int) -> tuple[int, int] | None:
    """Return who seats whom beside them, now and then: somebody of the circle, or whoever leads."""
    if event is not Event.ARRIVE or who < 7 or not room.here:
        return None
    others = [*(seat.key for seat in room.seats), *([room.leader] if room.leader is not None else [])]
    return room.here[whom % len(room.here)], others[whom % len(others)]


def _whom(room: Room, event: Event, whom: int) -> int | None:
    if event not in {Event.GIVE_TURN, Event.HAND_OVER}:
        return None
    return room.seats[whom].key if whom < len(room.seats) else None


def soft(room: Room) -> float:
    """Return the seconds that a running round cannot do without: turns are not made shorter than twenty seconds."""
    turns = len(room.step.speakers) - room.turn if room.step.is_round else 0
    return 20 * turns + room.extra + ONE_MORE * room.longer


def names(circle: tuple[Seat, ...]) -> list[int]:
    return [seat.key for seat in circle]
