"""What a run says would help the term is true of the term, not of the plan that happened to be kept."""

from dataclasses import replace

import pytest

from matching.engine import Strictness, solve
from matching.engine.solution import Unplaced, UnplacedReason
from matching.explaining import explained
from tests.matching.engine.cast import alumna, facilitator, problem, student


@pytest.mark.parametrize(("keeps", "blamed"), [(True, []), (False, [["student-affiliation", 4]])])
def test_no_rule_is_blamed_for_what_is_kept_of_an_earlier_plan(keeps, blamed):
    people = (student("1", affiliation="u1"), student("2", affiliation="u2"), alumna("3"), alumna("4"))
    made = problem(*people, facilitators=(facilitator("9"),), student_affiliation=Strictness.HARD)
    nobody = tuple(Unplaced(participant=one.id, reason=UnplacedReason.NO_VALID_COHORT) for one in people)
    kept = replace(solve(made, seed=1), cohorts=(), placed=0, upper_bound=0, unplaced=nobody)

    told = explained(made, kept, answers={one.id: {} for one in people}, seed=1, keeps=keeps)

    assert told.hints["rules"] == blamed
