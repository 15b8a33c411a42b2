"""Everybody left out has one true reason; odd input is reported and never a crash."""

from dataclasses import replace

import pytest

from matching.engine import Finding, Options, Strictness, UnplacedReason, solve
from matching.engine.explain import explain_cohort
from tests.matching.engine.cast import alumna, cohort, facilitator, four, problem, student


def without_time(name):
    return replace(student(name), availability=0)


QUICK = Options(improve_batches=20)


def reasons(made):
    return {one.participant: one.reason for one in solve(made, seed=1, options=QUICK).unplaced}


def findings(made):
    return {(one.finding, one.ids) for one in solve(made, seed=1, options=QUICK).findings}


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (without_time("Mio"), UnplacedReason.NO_AVAILABILITY),
        (student("Mio", (20, 22)), UnplacedReason.NO_LONG_ENOUGH_WINDOW),
        (student("Mio", (100, 110)), UnplacedReason.NO_FACILITATOR_IN_WINDOWS),
        (student("Mio", languages=("en",)), UnplacedReason.NO_SHARED_LANGUAGE),
    ],
)
def test_somebody_who_cannot_come_is_told_why(person, reason):
    assert reasons(problem(*four(), person)) == {"Mio": reason}


def test_somebody_whom_every_cohort_excludes_has_no_valid_cohort():
    made = problem(*four(), student("Mio"), forbidden=(("Mio", "Takeshi"),))

    assert reasons(made) == {"Mio": UnplacedReason.NO_VALID_COHORT}


def test_when_the_places_are_full_the_rest_are_told_so():
    made = problem(*four(), *(student(f"S{n}") for n in range(3)), facilitators=(facilitator(max_load=1),))

    assert list(reasons(made).values()) == [UnplacedReason.NOT_ENOUGH_PLACES]


def test_a_person_is_told_when_only_the_together_pair_keeps_them_out():
    made = problem(*four(), student("Mio"), alumna("Ken", (100, 110)), together=(("Mio", "Ken"),))

    assert reasons(made) == {
        "Mio": UnplacedReason.TOGETHER_PAIR_SPLIT,
        "Ken": UnplacedReason.NO_FACILITATOR_IN_WINDOWS,
    }
    assert (Finding.TOGETHER_WITHOUT_COMMON_WINDOW, ("Mio", "Ken")) in findings(made)


def test_a_together_pair_that_is_also_blocked_is_reported_and_left_out():
    made = problem(*four(), student("Mio"), alumna("Ken"), together=(("Mio", "Ken"),), forbidden=(("Ken", "Mio"),))

    assert findings(made) == {(Finding.TOGETHER_BUT_FORBIDDEN, ("Mio", "Ken"))}
    assert set(reasons(made)) == {"Mio", "Ken"}


@pytest.mark.parametrize(
    ("made", "finding"),
    [
        (problem(facilitators=()), Finding.NO_PARTICIPANTS),
        (problem(facilitators=()), Finding.NO_FACILITATORS),
        (problem(*four()[:2]), Finding.NO_ALUMNI),
        (problem(*four()[2:]), Finding.NO_STUDENTS),
        (problem(*four(), facilitators=(facilitator(max_load=0),)), Finding.FACILITATOR_WITHOUT_LOAD),
        (problem(*four(), facilitators=(facilitator("Fumi", (1, 2)),)), Finding.FACILITATOR_WITHOUT_WINDOW),
        (problem(*four(), without_time("Mio")), Finding.PARTICIPANT_WITHOUT_AVAILABILITY),
        (
            problem(*four(), student("Mio", languages=("en",)), together=(("Aoi", "Mio"),)),
            Finding.TOGETHER_WITHOUT_COMMON_LANGUAGE,
        ),
        (
            problem(
                *(student(f"S{n}") for n in range(7)),
                together=tuple((f"S{n}", f"S{n + 1}") for n in range(6)),
            ),
            Finding.TOGETHER_TOO_MANY,
        ),
    ],
)
def test_odd_input_is_reported_and_never_a_crash(made, finding):
    assert finding in {one for one, _ in findings(made)}


def test_an_explanation_names_windows_interests_and_who_else_could_lead():
    made = problem(
        student("Aoi", interests={"music": 3, "travel": 1}),
        student("Ren", interests={"music": 2}),
        alumna("Takeshi", interests={"music": 1, "travel": 5}),
        alumna("Yumi", interests={"tea": 5}),
        facilitators=(facilitator("Fumi", (20, 24)), facilitator("Nao"), facilitator("Sho", languages=("en",))),
    )

    told = explain_cohort(made, cohort("Aoi", "Ren", "Takeshi", "Yumi"))

    assert told.windows == (20, 21, 22, 23)
    assert told.hosted_windows == (20, 21)
    assert told.other_facilitators == ("Nao",)
    assert told.languages == ("ja",)
    assert [one.tag for one in told.interests] == ["music", "travel"]
    assert told.interests[0].students == ("Aoi", "Ren")
    assert told.quality.balance == 1


def test_soft_wishes_are_avoided_where_possible_and_named_where_not():
    people = [student("Aoi", affiliation="u1"), student("Ren", affiliation="u1"), *four()[2:]]
    made = problem(*people, student_affiliation=Strictness.SOFT)
    members = cohort("Aoi", "Ren", "Takeshi", "Yumi")

    assert solve(made, seed=1, options=QUICK).placed == 4
    assert explain_cohort(made, members).wishes_missed == (("Aoi", "Ren"),)
