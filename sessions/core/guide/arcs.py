"""How long each step of a session takes, for three to six people in 60, 90 and 120 minutes.

The minutes are those of the dialogue method (docs/dialogue.md, "The arc of a session"): 70 to 84 % of the talk is in
turns of equal length. Those for three, who may hold a mini-session, keep to the same share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The kinds of step, in the order in which they come."""

    ARRIVE = "arrive"
    AGREEMENTS = "agreements"
    CHECK_IN = "check_in"
    SCENE = "scene"
    SILENCE = "silence"
    DECISION = "decision"
    OPEN_QUESTIONS = "open_questions"
    SHIFT = "shift"
    APPRECIATION = "appreciation"
    CHECK_OUT = "check_out"
    CLOSE = "close"
    SURVEY = "survey"


ROUNDS: Final = frozenset({Kind.CHECK_IN, Kind.SCENE, Kind.DECISION, Kind.SHIFT, Kind.APPRECIATION, Kind.CHECK_OUT})
"""The steps in which everybody has a turn of the same length. The rest of the talk is open questions."""

FEWEST: Final = 3
MOST: Final = 6
"""People for whom an arc is written down. Two cohorts that meet together are more; their turns are made to fit."""

MINUTES: Final = (60, 90, 120)

_FIXED: Final = {
    60: {Kind.ARRIVE: 180, Kind.AGREEMENTS: 240, Kind.SILENCE: 60, Kind.CLOSE: 120, Kind.SURVEY: 180},
    90: {Kind.ARRIVE: 240, Kind.AGREEMENTS: 300, Kind.SILENCE: 300, Kind.CLOSE: 120, Kind.SURVEY: 180},
    120: {Kind.ARRIVE: 300, Kind.AGREEMENTS: 360, Kind.SILENCE: 420, Kind.CLOSE: 180, Kind.SURVEY: 240},
}
_TURNS: Final = {
    60: {Kind.CHECK_IN: 45, Kind.SCENE: 120, Kind.APPRECIATION: 45, Kind.CHECK_OUT: 30},
    90: {Kind.CHECK_IN: 60, Kind.SCENE: 150, Kind.SHIFT: 90, Kind.APPRECIATION: 45, Kind.CHECK_OUT: 45},
    120: {Kind.CHECK_IN: 75, Kind.SCENE: 180, Kind.SHIFT: 120, Kind.APPRECIATION: 60, Kind.CHECK_OUT: 60},
}
_DECISION: Final = {
    60: {3: 300, 4: 210, 5: 165, 6: 135},
    90: {3: 480, 4: 300, 5: 240, 6: 200},
    120: {3: 660, 4: 420, 5: 330, 6: 270},
}
_OPEN_MINUTES: Final = {
    60: {3: 11, 4: 12, 5: 9, 6: 7},
    90: {3: 18, 4: 20, 5: 17, 6: 11},
    120: {3: 24, 4: 25, 5: 20, 6: 16},
}


@dataclass(frozen=True, slots=True)
class Arc:
    """Seconds of each step: of the whole step, or of one person's turn where everybody has one."""

    fixed: Mapping[Kind, int]
    turns: Mapping[Kind, int]

    def seconds(self, people: int) -> int:
        """Return how long the arc takes when so many people take their turns."""
        return sum(self.fixed.values()) + people * sum(self.turns.values())


def arc_for(minutes: int, people: int) -> Arc:
    """Return the arc that is written for the longest of 60, 90 and 120 minutes that fits, the 60 for what is shorter.

    Raises:
        ValueError: there are no minutes, or nobody is there.
    """
    if minutes <= 0 or people <= 0:
        raise ValueError(f"no session is held in {minutes} minutes with {people} people")
    length = max((each for each in MINUTES if each <= minutes), default=MINUTES[0])
    size = min(max(people, FEWEST), MOST)
    return Arc(
        fixed={**_FIXED[length], Kind.OPEN_QUESTIONS: 60 * _OPEN_MINUTES[length][size]},
        turns={**_TURNS[length], Kind.DECISION: _DECISION[length][size]},
    )
