"""What the engine answers: cohorts, how far they are proven, and who is not in one."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCohort:
    """Members, a facilitator, and the slot at which their window starts."""

    members: tuple[str, ...]
    facilitator: str
    start: int


class BoundMethod(StrEnum):
    """How the upper bound on placed people was reached."""

    CAPACITY = "capacity"
    REACHABLE = "reachable-people"
    RELAXATION = "relaxation"
    PACKING = "packing"


class UnplacedReason(StrEnum):
    """Why somebody is in no cohort; exactly one holds."""

    NO_AVAILABILITY = "no-availability"
    NO_LONG_ENOUGH_WINDOW = "no-long-enough-window"
    NO_FACILITATOR_IN_WINDOWS = "no-facilitator-in-windows"
    NO_SHARED_LANGUAGE = "no-shared-language"
    TOGETHER_PAIR_SPLIT = "together-pair-split"
    NO_VALID_COHORT = "no-valid-cohort"
    NOT_ENOUGH_PLACES = "not-enough-places"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Somebody without a cohort, and why."""

    participant: str
    reason: UnplacedReason


class Finding(StrEnum):
    """Something in the input that keeps cohorts from forming."""

    NO_PARTICIPANTS = "no-participants"
    NO_STUDENTS = "no-students"
    NO_ALUMNI = "no-alumni"
    NO_FACILITATORS = "no-facilitators"
    FACILITATOR_WITHOUT_LOAD = "facilitator-without-load"
    FACILITATOR_WITHOUT_WINDOW = "facilitator-without-window"
    TOGETHER_BUT_FORBIDDEN = "together-but-forbidden"
    TOGETHER_WITHOUT_COMMON_WINDOW = "together-without-common-window"
    TOGETHER_WITHOUT_COMMON_LANGUAGE = "together-without-common-language"
    TOGETHER_TOO_MANY = "together-too-many"
    PARTICIPANT_WITHOUT_AVAILABILITY = "participant-without-availability"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFinding:
    """One finding about the people it names (none when it is about the whole input)."""

    finding: Finding
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One plan. `quality` is the mean over placed people, from 0 to 1.

    `quality_bound`: no plan that places as many is worth more for each of them (None: not known); it bounds the
    quality only under the usual options. `proven` says that no plan places more. `stopped_early` says that a wall
    limit cut the search, so that another run may differ.
    """

    problem: str
    engine_version: str
    seed: int
    cohorts: tuple[PlannedCohort, ...]
    placed: int
    quality: float
    upper_bound: int
    bound_method: BoundMethod
    stopped_early: bool
    unplaced: tuple[Unplaced, ...]
    findings: tuple[InputFinding, ...]
    quality_bound: float | None = None

    @property
    def proven(self) -> bool:
        return self.placed == self.upper_bound
