"""Every hard rule, kept once and broken once."""

import pytest

from matching.engine import Strictness
from matching.engine.rules import BrokenRule, Rulebook
from tests.matching.engine.cast import alumna, cohort, facilitator, four, problem, student

NAMES = ("Aoi", "Ren", "Takeshi", "Yumi")


def broken(made, *cohorts):
    return [breach.rule for breach in Rulebook(made).check_plan(cohorts)]


def test_a_valid_cohort_breaks_nothing():
    assert broken(problem(*four()), cohort(*NAMES)) == []


CASES = {
    BrokenRule.UNKNOWN_PARTICIPANT: (problem(*four()), [cohort(*NAMES, "Sam")]),
    BrokenRule.UNKNOWN_FACILITATOR: (problem(*four()), [cohort(*NAMES, facilitator="Sam")]),
    BrokenRule.UNKNOWN_START: (problem(*four()), [cohort(*NAMES, start=336)]),
    BrokenRule.SIZE: (problem(*four(), size_min=5), [cohort(*NAMES)]),
    BrokenRule.GENERATION_MINIMUM: (
        problem(student("Aoi"), student("Ren"), student("Mio"), alumna("Takeshi")),
        [cohort("Aoi", "Ren", "Mio", "Takeshi")],
    ),
    BrokenRule.MEMBER_NOT_FREE: (
        problem(student("Aoi", (21, 30)), *four()[1:]),
        [cohort(*NAMES)],
    ),
    BrokenRule.FACILITATOR_NOT_FREE: (
        problem(*four(), facilitators=(facilitator("Fumi", (21, 30)),)),
        [cohort(*NAMES)],
    ),
    BrokenRule.TOO_FEW_WINDOWS: (
        problem(student("Aoi", (20, 23)), *four()[1:], min_windows=2),
        [cohort(*NAMES)],
    ),
    BrokenRule.NO_SHARED_LANGUAGE: (
        problem(student("Aoi", languages=("en",)), *four()[1:]),
        [cohort(*NAMES)],
    ),
    BrokenRule.BLOCKED_PAIR: (problem(*four(), forbidden=(("Yumi", "Aoi"),)), [cohort(*NAMES)]),
    BrokenRule.MET_BEFORE: (problem(*four(), met=(("Yumi", "Aoi"),)), [cohort(*NAMES)]),
    BrokenRule.SAME_AFFILIATION: (
        problem(
            student("Aoi", affiliation="u1"),
            student("Ren", affiliation="u1"),
            *four()[2:],
            student_affiliation=Strictness.HARD,
        ),
        [cohort(*NAMES)],
    ),
    BrokenRule.TOGETHER_SPLIT: (
        problem(*four(), student("Mio"), together=(("Aoi", "Mio"),)),
        [cohort(*NAMES)],
    ),
    BrokenRule.FACILITATOR_OVERLOAD: (
        problem(
            *four(),
            *(alumna(f"A{n}") for n in range(2)),
            *(student(f"S{n}") for n in range(2)),
            facilitators=(facilitator(max_load=1),),
        ),
        [cohort(*NAMES), cohort("A0", "A1", "S0", "S1", start=23)],
    ),
    BrokenRule.FACILITATOR_OVERLAP: (
        problem(*four(), *(alumna(f"A{n}") for n in range(2)), *(student(f"S{n}") for n in range(2))),
        [cohort(*NAMES), cohort("A0", "A1", "S0", "S1", start=22)],
    ),
    BrokenRule.PLACED_TWICE: (
        problem(*four(), *(alumna(f"A{n}") for n in range(2)), *(student(f"S{n}") for n in range(2))),
        [cohort(*NAMES), cohort("A0", "A1", "S0", "Aoi", start=23)],
    ),
}


@pytest.mark.parametrize("rule", list(BrokenRule))
def test_each_broken_rule_is_named_and_nothing_else(rule):
    made, cohorts = CASES[rule]

    assert broken(made, *cohorts) == [rule]


def test_a_member_named_twice_in_one_cohort_is_found():
    assert BrokenRule.PLACED_TWICE in broken(problem(*four()), cohort(*NAMES, "Aoi"))


def test_an_empty_cohort_is_refused_without_a_crash():
    assert BrokenRule.SIZE in broken(problem(*four()), cohort())


@pytest.mark.parametrize("strictness", [Strictness.OFF, Strictness.SOFT])
def test_affiliation_that_is_not_hard_breaks_nothing(strictness):
    people = [student("Aoi", affiliation="u1"), student("Ren", affiliation="u1"), *four()[2:]]

    assert broken(problem(*people, student_affiliation=strictness), cohort(*NAMES)) == []


def test_a_pair_across_generations_follows_the_milder_affiliation_rule():
    people = [student("Aoi", affiliation="u1"), *four()[1:3], alumna("Yumi", affiliation="u1")]
    mixed = {"student_affiliation": Strictness.OFF, "alumni_affiliation": Strictness.HARD}
    hard = {"student_affiliation": Strictness.HARD, "alumni_affiliation": Strictness.HARD}

    assert broken(problem(*people, **mixed), cohort(*NAMES)) == []
    assert broken(problem(*people, **hard), cohort(*NAMES)) == [BrokenRule.SAME_AFFILIATION]


def test_a_together_pair_may_share_an_affiliation():
    people = [student("Aoi", affiliation="u1"), student("Ren", affiliation="u1"), *four()[2:]]
    made = problem(*people, together=(("Ren", "Aoi"),), student_affiliation=Strictness.HARD)

    assert broken(made, cohort(*NAMES)) == []


def test_met_before_held_softly_breaks_nothing_but_a_block_always_does():
    soft = {"met_before": Strictness.SOFT}

    assert broken(problem(*four(), met=(("Aoi", "Yumi"),), **soft), cohort(*NAMES)) == []
    both = problem(*four(), forbidden=(("Aoi", "Yumi"),), met=(("Aoi", "Yumi"),), **soft)
    assert broken(both, cohort(*NAMES)) == [BrokenRule.BLOCKED_PAIR]
