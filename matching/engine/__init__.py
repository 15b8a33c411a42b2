"""The cohort-forming engine: people, facilitators and rules in, a proven plan out.

Pure: no Django, no database. `solve` is the only entry to forming cohorts; `rules` checks
plans that come from anywhere; `explain` says why.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from matching.engine.options import Options, Progress, Weights
from matching.engine.problem import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    Problem,
    Strictness,
    TogetherPair,
)
from matching.engine.solution import (
    BoundMethod,
    Finding,
    InputFinding,
    PlannedCohort,
    Solution,
    Unplaced,
    UnplacedReason,
)

ENGINES: Final = {"v3": "matching.engine.v3"}
"""Each version's module. It is imported by the first `solve`: numpy and HiGHS weigh 40 MB,
which a web process never needs."""

ENGINE_VERSION: Final = "v3"


def solve(
    problem: Problem,
    *,
    seed: int,
    options: Options | None = None,
    progress: Progress | None = None,
    seconds: float | None = None,
    version: str = ENGINE_VERSION,
) -> Solution:
    """Form cohorts: as many people as possible, then as well as possible.

    Budgets are iterations, so the same input gives the same plan; `seconds` (wall time)
    may only end the search early, and the solution then says `stopped_early`.
    `progress` receives a stage ("bound", "place", "prove", "improve", "explain") and a fraction from 0 to 1.

    Raises:
        KeyError: no engine of this version is registered.
    """
    silent: Callable[[str, float], None] = lambda stage, fraction: None  # noqa: E731
    solution: Solution = import_module(ENGINES[version]).solve(
        problem, seed=seed, options=options or Options(), progress=progress or silent, seconds=seconds
    )
    return solution


__all__ = [
    "ENGINES",
    "ENGINE_VERSION",
    "BoundMethod",
    "Facilitator",
    "Finding",
    "ForbiddenPair",
    "ForbiddenReason",
    "Generation",
    "InputFinding",
    "Options",
    "Params",
    "Participant",
    "PlannedCohort",
    "Problem",
    "Progress",
    "Solution",
    "Strictness",
    "TogetherPair",
    "Unplaced",
    "UnplacedReason",
    "Weights",
    "solve",
]
