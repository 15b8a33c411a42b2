"""What is kept of a plan is found again in the next one, and the rest is formed by all the rules."""

from dataclasses import replace
from random import Random

import pytest

from matching.engine import Options, PlannedCohort, Problem, solve
from matching.engine.keeping import Keep, KeptFrame, solve_keeping
from matching.engine.rules import Rulebook
from tests.matching.engine.terms import random_term

QUICK = Options(improve_batches=0, prove=False)


@pytest.fixture(scope="module")
def term() -> Problem:
    return random_term(Random(4), people=36, hosts=5, load=2)


@pytest.fixture(scope="module")
def cohorts(term) -> tuple[PlannedCohort, ...]:
    found = solve(term, seed=1, options=QUICK).cohorts
    assert len(found) >= 3
    return found


def formed(term, keep, seed=2):
    found = solve_keeping(term, keep, seed=seed, options=QUICK)
    assert Rulebook(term).check_plan(found.cohorts) == []
    assert found.placed == sum(len(cohort.members) for cohort in found.cohorts) <= found.upper_bound
    seated = {member for cohort in found.cohorts for member in cohort.members}
    waiting = {one.participant for one in found.unplaced}
    assert seated | waiting == {one.id for one in term.participants}
    assert not seated & waiting
    return found.cohorts


def test_a_whole_cohort_is_kept(term, cohorts):
    for cohort in cohorts:
        assert cohort in formed(term, Keep(cohorts=(cohort,)))


def test_everything_can_be_kept(term, cohorts):
    assert set(cohorts) <= set(formed(term, Keep(cohorts=cohorts)))


@pytest.mark.parametrize("people", [0, 1, 3])
def test_a_time_and_some_of_its_people_are_kept(people, term, cohorts):
    for cohort in cohorts:
        kept = cohort.members[:people]

        after = formed(term, Keep(frames=(KeptFrame(cohort=cohort, people=kept),)))

        [same] = [one for one in after if (one.facilitator, one.start) == (cohort.facilitator, cohort.start)]
        assert set(kept) <= set(same.members)


def test_several_things_are_kept_at_once(term, cohorts):
    keep = Keep(
        cohorts=cohorts[:1], frames=tuple(KeptFrame(cohort=one, people=one.members[:1]) for one in cohorts[1:3])
    )

    after = formed(term, keep)

    assert cohorts[0] in after
    for frame in keep.frames:
        [home] = [one for one in after if frame.people[0] in one.members]
        assert (home.facilitator, home.start) == (frame.cohort.facilitator, frame.cohort.start)


def test_a_pair_stays_together(term, cohorts):
    for cohort in cohorts:
        one, other = cohort.members[:2]

        homes = [set(found.members) for found in formed(term, Keep(pairs=((one, other),)))]

        assert all((one in home) == (other in home) for home in homes)


def test_a_cohort_that_breaks_a_rule_by_now_is_given_up(term, cohorts):
    gone = cohorts[0].members[0]
    pairs = tuple(pair for pair in term.forbidden if gone not in (pair.first, pair.second))
    left = replace(
        term,
        participants=tuple(one for one in term.participants if one.id != gone),
        forbidden=pairs,
        together=tuple(pair for pair in term.together if gone not in (pair.first, pair.second)),
    )

    formed(left, Keep(cohorts=cohorts[:1], frames=(KeptFrame(cohort=cohorts[0], people=()),)))


def test_with_nothing_kept_the_plan_is_the_usual_one(term, cohorts):
    assert solve_keeping(term, Keep(), seed=1, options=QUICK).cohorts == cohorts
