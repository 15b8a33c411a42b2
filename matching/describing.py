"""What a row of a proposal says of its cohort, made of what the engine says."""

from collections.abc import Sequence
from typing import Any, Final

from dialogue.core.interests import between
from matching.engine import Generation, PlannedCohort
from matching.engine.explain import explain_cohorts
from matching.inputs import MatchInput, window_of_slot

MOST_INTERESTS: Final = 6


def descriptions(
    read: MatchInput, cohorts: Sequence[PlannedCohort], explanations: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the fields of each cohort's proposal that follow from who is in it.

    Raises:
        KeyError: a cohort names somebody who is not in the problem.
    """
    told = explain_cohorts(read.problem, cohorts)
    return [
        {
            "quality": plain.quality.total,
            "shared_interests": shared_interests(read, cohort.members)[:MOST_INTERESTS],
            "common_windows": [list(window_of_slot(slot)) for slot in plain.hosted_windows],
            "explanation": explanation,
        }
        for cohort, plain, explanation in zip(cohorts, told, explanations, strict=True)
    ]


def shared_interests(read: MatchInput, members: Sequence[str]) -> list[str]:
    """Return the topics that people of both generations named themselves, those that most of them named first."""
    generation = {one.id: one.generation for one in read.problem.participants}
    students, alumni = ([read.answers[one] for one in members if generation.get(one) == side] for side in Generation)
    return list(between(students, alumni).shared)
