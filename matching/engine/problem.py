"""What is to be formed: the people, the facilitators and the rules of one term."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialogue.core.generation import Generation as Generation  # part of a problem: who asks for one asks for both


class Strictness(StrEnum):
    """How a wish about pairs is held: not at all, as a cost, or without exception."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


class ForbiddenReason(StrEnum):
    """Why two people are kept apart. Never shown to either of them."""

    BLOCKED = "blocked"
    MET_BEFORE = "met-before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The rules of a term. Times are in slots of a cyclic week.

    `met_before` tells how pairs that have met are held; blocked pairs are always hard.
    A pair of two generations with one affiliation follows the milder of the two rules.
    """

    week_slots: int = 336
    window_slots: int = 3
    min_windows: int = 1
    size_min: int = 4
    size_max: int = 6
    min_per_generation: int = 2
    common_language: bool = True
    student_affiliation: Strictness = Strictness.OFF
    alumni_affiliation: Strictness = Strictness.SOFT
    met_before: Strictness = Strictness.HARD

    def __post_init__(self) -> None:
        if not 1 <= self.window_slots <= self.week_slots:
            raise ValueError("A window is at least one slot and at most a week.")
        if not 1 <= self.size_min <= self.size_max:
            raise ValueError("size_min is at least 1 and at most size_max.")
        if self.min_per_generation < 0 or 2 * self.min_per_generation > self.size_max:
            raise ValueError("min_per_generation of both generations must fit into size_max.")
        if self.min_windows < 1:
            raise ValueError("min_windows is at least 1.")

    def affiliation_rule(self, one: Generation, other: Generation) -> Strictness:
        """Return how two people of one affiliation are held."""
        rules = {Generation.STUDENT: self.student_affiliation, Generation.ALUMNI: self.alumni_affiliation}
        order = list(Strictness)
        return min(rules[one], rules[other], key=order.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One person to be placed. `availability` is a mask of free slots (see `week`).

    `maybe` are slots that would do if need be: one is used only where it places somebody. `attributes` are respects
    in which nobody should be alone, if the options ask for that (an empty value: not known).
    """

    id: str
    generation: Generation
    availability: int
    interests: Mapping[str, int] = field(default_factory=dict, hash=False)
    languages: tuple[str, ...] = ("ja",)
    affiliation: str | None = None
    background: str = ""
    gender: str = ""
    maybe: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facilitator:
    """One who leads at most `max_load` cohorts, in windows that do not overlap."""

    id: str
    availability: int
    max_load: int = 3
    languages: tuple[str, ...] = ("ja",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForbiddenPair:
    """Two people who are not to share a cohort."""

    first: str
    second: str
    reason: ForbiddenReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherPair:
    """Two people who are placed in one cohort or not at all."""

    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything the engine knows. Pairs naming unknown people are refused.

    Raises:
        ValueError: an id occurs twice, or a pair names somebody unknown or one person twice.
    """

    name: str
    params: Params
    participants: tuple[Participant, ...]
    facilitators: tuple[Facilitator, ...]
    forbidden: tuple[ForbiddenPair, ...] = ()
    together: tuple[TogetherPair, ...] = ()

    def __post_init__(self) -> None:
        known = {person.id for person in self.participants}
        if len(known) != len(self.participants):
            raise ValueError("Two participants share an id.")
        if len({one.id for one in self.facilitators}) != len(self.facilitators):
            raise ValueError("Two facilitators share an id.")
        pairs: tuple[ForbiddenPair | TogetherPair, ...] = (*self.forbidden, *self.together)
        for pair in pairs:
            if pair.first == pair.second or not {pair.first, pair.second} <= known:
                raise ValueError(f"The pair {pair.first}, {pair.second} does not name two participants.")
        limit = 1 << self.params.week_slots
        everyone: tuple[Participant | Facilitator, ...] = (*self.participants, *self.facilitators)
        for one in everyone:
            if not 0 <= one.availability < limit:
                raise ValueError(f"The availability of {one.id} lies outside the week.")
        if any(not 0 <= person.maybe < limit for person in self.participants):
            raise ValueError("A slot that would do if need be lies outside the week.")
