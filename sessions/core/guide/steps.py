"""What a guide is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sessions.core.guide.arcs import ROUNDS, Kind
from sessions.core.guide.order import Seat


class Caution(StrEnum):
    """What whoever leads the session should know beforehand, the mildest first."""

    TIGHT = "tight"
    OPEN_SHORTENED = "open_shortened"
    SHIFT_DROPPED = "shift_dropped"
    TURNS_SHORTENED = "turns_shortened"
    STEPS_DROPPED = "steps_dropped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `seconds` of it all, or of each turn in a round."""

    kind: Kind
    seconds: int
    speakers: tuple[Seat, ...] = ()

    @property
    def is_round(self) -> bool:
        return self.kind in ROUNDS

    @property
    def whole(self) -> int:
        """Return the seconds of the whole step."""
        return self.seconds * len(self.speakers) if self.is_round else self.seconds


@dataclass(frozen=True, slots=True)
class Guide:
    """The steps of a session, and the seconds that are left over at its end."""

    steps: tuple[Step, ...]
    spare: int
    cautions: tuple[Caution, ...] = ()

    def starts(self) -> Iterator[tuple[int, Step]]:
        """Yield each step with the second at which it begins, counted from the first."""
        at = 0
        for step in self.steps:
            yield at, step
            at += step.whole

    @property
    def equal_share(self) -> float:
        """Return the share of the talk that is in turns of equal length, from 0 to 1."""
        turns = sum(step.whole for step in self.steps if step.is_round)
        talk = turns + sum(step.whole for step in self.steps if step.kind is Kind.OPEN_QUESTIONS)
        return turns / talk if talk else 0.0
