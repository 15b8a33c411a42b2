"""What a room is: who sits there, which step and whose turn it is, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.planned import planned
from sessions.core.guide.steps import Step
from sessions.core.room.events import Phase


@dataclass(frozen=True, slots=True)
class Undo:
    """What the last tap that ended a turn or a step has changed, so that it can be taken back."""

    by: int
    moment: float
    """When it was tapped."""
    at: int
    turn: int
    step: Step
    speaker: int | None
    elapsed: float
    """Seconds that the turn or step had taken, pauses left out."""
    passed: tuple[int, ...]
    longer: bool
    extra: int
    quiet: float
    skipped: tuple[Kind, ...]
    agreed_at: float | None
    offers: int
    passes: int


@dataclass(frozen=True, slots=True)
class Room:
    """A running session. Moments are seconds since 1970, UTC; lengths are seconds of the session."""

    seats: tuple[Seat, ...]
    """The whole circle, in the order of its series. Keys are whole numbers."""
    number: int
    minutes: int
    ends_at: float
    leader: int | None
    """Who facilitates, and has no seat; None where the circle leads itself."""
    minors: bool
    """Whether somebody is under 18: then the room does not run without its leader."""
    pace: float
    """How many seconds of the session pass in one second: 1, and more in a practice."""
    steps: tuple[Step, ...]
    since: float
    """When the running step or turn began. A pause moves it on."""
    phase: Phase = Phase.WAITING
    here: tuple[int, ...] = ()
    """Who of the circle is there, in the order of arrival."""
    leader_here: bool = False
    lead: int | None = None
    """Whom the leader has handed the lead to."""
    shares: Mapping[int, int] = field(default_factory=dict)
    """Who has no device of their own, and whose they share. Whoever leads can be one of them."""
    at: int = 0
    turn: int = 0
    """Whose turn it is: a place in the speakers of the running round."""
    passed: tuple[int, ...] = ()
    """Who has passed in the running round and is asked once more."""
    longer: bool = False
    extra: int = 0
    """Seconds that were added to the running step or turn."""
    quiet: float = 0.0
    """Seconds of turns that nobody used, kept for the next silence."""
    skipped: tuple[Kind, ...] = ()
    agreed_at: float | None = None
    paused_at: float | None = None
    help: bool = False
    caller: int | None = None
    """Who called for help, for whom alone it is to be read; None when nobody calls."""
    called_at: float | None = None
    undo: Undo | None = None
    """None while there is nothing to take back: nothing was tapped, or time has gone on by itself since."""
    gently: bool = False
    """Whether every page shows time without seconds."""
    captions: bool = False
    """Whether somebody would like captions, and nobody has said yet that they are there."""
    wished_at: float | None = None
    """When that was said in a practice, for whoever is played and leads. Elsewhere no moment hints at who it was."""
    offers: int = 0
    """Turns that somebody has had or passed."""
    passes: int = 0
    """How many of these were passed, whoever passed them."""
    played: tuple[int, ...] = ()
    """Whom a script plays; in a practice alone."""
    lines: int = 0
    """How many lines of the script's open questions have been said."""
    measures: bool = False
    """Whether the browsers of this session count how long each speaks. Once it is off, it stays off."""
    spoken: Mapping[int, float] = field(default_factory=dict)
    """Seconds that each had the word. Never shown, and dropped when the cohort's figure is made."""

    @property
    def step(self) -> Step:
        """Return the step that runs."""
        return self.steps[self.at]

    @property
    def speaker(self) -> int | None:
        """Return whose turn it is, in a round that runs."""
        speakers = self.step.speakers if self.phase in {Phase.RUNNING, Phase.PAUSED} else ()
        return key_of(speakers[self.turn]) if self.turn < len(speakers) else None

    @property
    def is_deserted(self) -> bool:
        """Tell whether nobody of the circle is there; in a practice, whether nobody is but those who are played."""
        if not self.played:
            return not self.here
        led = self.leader_here and self.leader not in self.played
        return not led and all(key in self.played for key in self.here)

    @property
    def starts_at(self) -> float:
        """Return when the session was said to start."""
        return self.ends_at - self.minutes * 60 / self.pace

    @property
    def present(self) -> list[Seat]:
        """Return the seats of those who are there, in the order of the series."""
        return [seat for seat in self.seats if seat.key in self.here]


def key_of(seat: Seat) -> int:
    """Return the key of a seat in a room, where all are whole numbers."""
    assert isinstance(seat.key, int)  # noqa: S101  `opened` has seen to it
    return seat.key


def opened(
    *,
    seats: Sequence[Seat],
    number: int,
    minutes: int,
    ends_at: float,
    leader: int | None,
    minors: bool,
    pace: float = 1.0,
) -> Room:
    """Return a room that waits, with the guide for the whole circle.

    Raises:
        ValueError: nobody sits in it, somebody twice or with a key that is no number; or no time is given.
    """
    keys = [seat.key for seat in seats]
    if len(set(keys)) < len(keys) or not all(isinstance(key, int) for key in keys) or leader in keys or pace <= 0:
        raise ValueError("a room needs each person once, named by a number, and a pace")
    guide = planned(minutes=minutes, seats=seats, session=number)
    starts_at = ends_at - minutes * 60 / pace
    return Room(tuple(seats), number, minutes, ends_at, leader, minors, pace, guide.steps, starts_at)
