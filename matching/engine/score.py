"""The quality of a cohort and its four parts, each from 0 to 1."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from matching.engine.problem import Generation, Params, Participant
from matching.engine.week import disjoint_windows, window_starts

AFFINITY_WEIGHT = 0.50
ROBUST_WEIGHT = 0.20
BALANCE_WEIGHT = 0.15
DIVERSITY_WEIGHT = 0.15
SPARE_CAP = 3
CROSS_GENERATION_WEIGHT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The parts of a cohort's quality.

    affinity: mean cosine of interests over pairs, cross-generation pairs counted twice;
    robust: spare windows that do not overlap, up to three;
    balance: how even the generations are; diversity: distinct backgrounds per member.
    """

    affinity: float
    robust: float
    balance: float
    diversity: float

    @property
    def total(self) -> float:
        return (
            AFFINITY_WEIGHT * self.affinity
            + ROBUST_WEIGHT * self.robust
            + BALANCE_WEIGHT * self.balance
            + DIVERSITY_WEIGHT * self.diversity
        )


def common_starts(members: Sequence[Participant], *, params: Params, maybe: bool = False) -> int:
    """Return the mask of starts at which every member is free for a whole window.

    With `maybe`, slots that would do if need be count as free; quality never counts them.
    """
    free = (1 << params.week_slots) - 1
    for member in members:
        free &= member.availability | member.maybe if maybe else member.availability
    return window_starts(free, week_slots=params.week_slots, window_slots=params.window_slots)


def cohort_quality(members: Sequence[Participant], *, params: Params) -> Quality:
    """Return the quality of at least one member meeting together; the facilitator does not count."""
    size = len(members)
    weighed = weight_sum = 0.0
    for one, other in combinations(members, 2):
        weight = 1 if one.generation == other.generation else CROSS_GENERATION_WEIGHT
        weighed += weight * _cosine(one, other)
        weight_sum += weight
    starts = common_starts(members, params=params)
    windows = disjoint_windows(starts, week_slots=params.week_slots, window_slots=params.window_slots)
    students = sum(member.generation == Generation.STUDENT for member in members)
    return Quality(
        affinity=weighed / weight_sum if weight_sum else 0.0,
        robust=min(SPARE_CAP, max(0, windows - 1)) / SPARE_CAP,
        balance=1 - abs(2 * students - size) / size,
        diversity=len({member.background for member in members}) / size,
    )


def _cosine(one: Participant, other: Participant) -> float:
    lengths = _length(one) * _length(other)
    if not lengths:
        return 0.0
    return sum(weight * other.interests.get(tag, 0) for tag, weight in one.interests.items()) / lengths


def _length(person: Participant) -> float:
    return math.sqrt(sum(weight * weight for weight in person.interests.values()))
