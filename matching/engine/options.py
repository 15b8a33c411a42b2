"""What a caller may ask of the engine beside the problem, and how it tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from matching.engine.score import AFFINITY_WEIGHT, BALANCE_WEIGHT, DIVERSITY_WEIGHT, ROBUST_WEIGHT

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part counts in forming cohorts. What is reported as quality keeps the usual weights."""

    affinity: float = AFFINITY_WEIGHT
    robust: float = ROBUST_WEIGHT
    balance: float = BALANCE_WEIGHT
    diversity: float = DIVERSITY_WEIGHT

    def __post_init__(self) -> None:
        if min(self.affinity, self.robust, self.balance, self.diversity) < 0:
            raise ValueError("No part of quality has a weight below 0.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Budgets in iterations (None: chosen by the size of the problem) and wishes.

    `form_size`: open no more cohorts than this size needs, to spare facilitators; None: as many as serve quality.
    `fair`: weigh bad cohorts more, so that none is sacrificed. `steady`: prefer cohorts that somebody may leave
    without breaking them. `prove`: search small problems until the count
    and the quality are proven, however long that takes.
    Costs are set against the sum of quality over people: `cohort_cost` for every cohort, since each takes a
    facilitator's hours; `alone_cost` for everybody who is the only one of a known attribute's value in a cohort.
    """

    place_rounds: int | None = None
    improve_batches: int | None = None
    form_size: int | None = None
    fair: bool = False
    steady: bool = False
    prove: bool = False
    cohort_cost: float = 0.0
    alone_cost: float = 0.0
    weights: Weights = field(default_factory=Weights)
