"""What a good order of prompts keeps to, and what it gives up first when a deck and a length do not fit."""

from enum import StrEnum
from typing import Protocol


class Plannable(Protocol):
    """What the planner needs to know of a prompt, whether it was read from a file or from the database."""

    @property
    def slug(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def depth(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def sensitivity(self) -> str: ...


class Wish(StrEnum):
    """A rule that may be given up when a deck and a length do not fit, in this order: the first goes first."""

    VALUE_VARIETY = "no value in three sessions running"
    HARVEST = "the last round looks back"
    LIGHT_SESSION = "one light session in any four"
    STAGE_SHARE = "each stage a quarter of the rounds"
    DOMAIN_BREADTH = "enough different domains"
    NEW_PROMPTS = "no prompt that someone has met"
    DEPTH_FLOOR = "as deep as the ramp asks"
    DOMAIN_CHANGE = "no domain back to back"
    SCENE_THEN_DECISION = "a scene first, a decision second"
    DEPTH_CEILING = "no deeper than the ramp allows"
    EVERY_SESSION = "a prompt for every session"


class Never(StrEnum):
    """What no plan does, however short the deck."""

    REPEATS = "a prompt twice in a cohort"
    REGRET_EARLY = "depth 4 in sessions 1 and 2"
    REGRET_TWICE = "depth 4 in two sessions running"
    HEAVY_END = "a last session beyond depth 2"
    LEFT_OUT = "what the cohort left out, or deeper than it is ready for"


def domains_wanted(*, how_many_sessions: int) -> int:
    """Return how many of the ten domains a series should touch: 4 in 4 sessions, 5 in 6, 6 in 8, 8 in 12 or more."""
    return next(
        (wanted for length, wanted in ((12, 8), (8, 6), (6, 5), (4, 4)) if how_many_sessions >= length),
        how_many_sessions,
    )
