"""What a row of a proposal says of its cohort, made of what the engine says."""

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.interests import between
from dialogue.services.cohorts import MOST_SHARED
from matching.engine import Generation, PlannedCohort
from matching.explaining import Explained
from matching.inputs import MatchInput, window_of_slot


def descriptions(read: MatchInput, cohorts: Sequence[PlannedCohort], told: Explained) -> list[dict[str, Any]]:
    """Return the fields of each cohort's proposal that follow from who is in it.

    Raises:
        KeyError: a cohort names somebody who is not in the problem.
    """
    generation = generations_of(read)
    return [
        {
            "quality": plain.quality.total,
            "shared_interests": shared_interests(read, cohort.members, generation)[:MOST_SHARED],
            "common_windows": [list(window_of_slot(slot)) for slot in plain.hosted_windows],
            "explanation": explanation,
        }
        for cohort, plain, explanation in zip(cohorts, told.plain, told.cohorts, strict=True)
    ]


def generations_of(read: MatchInput) -> Mapping[str, Generation]:
    return {one.id: one.generation for one in read.problem.participants}


def shared_interests(read: MatchInput, members: Sequence[str], generation: Mapping[str, Generation]) -> list[str]:
    """Return the topics that people of both generations named themselves, those that most of them named first."""
    students, alumni = ([read.answers[one] for one in members if generation.get(one) == side] for side in Generation)
    return list(between(students, alumni).shared)
