"""A cohort says who shares what, what it is made of, what holds it, who would fit, and who is new to whom."""

import pytest

from matching.engine import solve
from matching.engine.company import CompanyReader, Hold, Part
from matching.engine.files import problem_from_document
from matching.engine.score import cohort_quality
from tests.bench.matching.gen import generate
from tests.matching.engine.cast import alumna, cohort, facilitator, four, grown, problem, student

NEAR = {"music": frozenset({"singing"})}


def company(made, *cohorts, **changes):
    return CompanyReader(made, list(cohorts), **changes).company_at(0)


def test_each_pair_across_the_generations_has_its_shared_and_related_interests():
    made = problem(
        student("Aoi", interests={"music": 3, "travel": 1}),
        student("Ren", interests={"tea": 2}),
        alumna("Takeshi", interests={"singing": 5, "travel": 4}),
        alumna("Yumi", interests={"music": 1}),
    )

    told = company(made, cohort("Aoi", "Ren", "Takeshi", "Yumi"), related=NEAR)

    assert [(one.student, one.alumni, one.shared, one.related) for one in told.bridges] == [
        ("Aoi", "Takeshi", ("travel",), (("music", "singing"),)),
        ("Aoi", "Yumi", ("music",), ()),
        ("Ren", "Takeshi", (), ()),
        ("Ren", "Yumi", (), ()),
    ]


def test_the_parts_add_up_to_the_quality_of_every_cohort():
    made = problem_from_document(generate(60, 1, "open"))
    people = {one.id: one for one in made.participants}
    cohorts = grown(made)
    reader = CompanyReader(made, cohorts)

    assert cohorts
    for position, one in enumerate(cohorts):
        parts = reader.company_at(position).parts
        quality = cohort_quality([people[member] for member in one.members], params=made.params)
        assert [part for part, _ in parts] == list(Part)
        assert sum(value for _, value in parts) == pytest.approx(quality.total)


@pytest.mark.parametrize(
    ("waiting", "changes", "hold"),
    [
        ((), {}, Hold.NOBODY_WAITS),
        ((student("Mio", (100, 110)),), {}, Hold.NOBODY_FREE),
        ((student("Mio", languages=("en",)),), {}, Hold.NO_LANGUAGE),
        ((student("Mio"),), {"forbidden": (("Mio", "Aoi"),)}, Hold.KEPT_APART),
        ((student("Mio"),), {}, Hold.OPEN),
        ((student("Mio"),), {"size_max": 4}, Hold.FULL),
        ((student("Mio"), alumna("Ken", (100, 110))), {"together": (("Mio", "Ken"),)}, Hold.OTHER_RULES),
    ],
)
def test_what_keeps_a_cohort_from_growing_is_named(waiting, changes, hold):
    made = problem(*four(), *waiting, **changes)

    assert company(made, cohort("Aoi", "Ren", "Takeshi", "Yumi")).larger == hold


@pytest.mark.parametrize(
    ("hours", "host", "hold"),
    [((20, 23), (20, 26), Hold.ONE_TIME), ((20, 26), (20, 23), Hold.NO_FACILITATOR), ((20, 26), (20, 26), Hold.OPEN)],
)
def test_what_keeps_a_cohort_at_its_time_is_named(hours, host, hold):
    people = (student("Aoi", hours), student("Ren", hours), alumna("Takeshi", hours), alumna("Yumi", hours))
    made = problem(*people, facilitators=(facilitator("Fumi", host),))

    assert company(made, cohort("Aoi", "Ren", "Takeshi", "Yumi")).elsewhere == hold


def test_who_could_be_swapped_in_keeps_the_rules_on_both_sides():
    people = (*four(), student("Mio"), student("Sora"), alumna("Ken"), alumna("Rie"), student("Haru"))
    made = problem(*people, facilitators=(facilitator("Fumi"), facilitator("Nao")), forbidden=(("Mio", "Takeshi"),))
    cohorts = [cohort("Aoi", "Ren", "Takeshi", "Yumi"), cohort("Mio", "Sora", "Ken", "Rie", facilitator="Nao")]

    told = {(one.leaves, one.comes, one.other) for one in company(made, *cohorts).swaps}

    assert ("Aoi", "Haru", None) in told
    assert ("Aoi", "Sora", 1) in told
    assert not any(comes == "Mio" for _, comes, _ in told)  # Takeshi stays, and they are kept apart
    assert not any(comes == "Haru" for leaves, comes, _ in told if leaves in {"Takeshi", "Yumi"})


def test_new_faces_count_whom_somebody_has_not_met():
    made = problem(*four(), met=(("Aoi", "Takeshi"),))

    told = dict(company(made, cohort("Aoi", "Ren", "Takeshi", "Yumi")).new_faces)

    assert told == {"Aoi": 2, "Ren": 3, "Takeshi": 2, "Yumi": 3}


def test_an_empty_plan_explains_nothing_and_does_not_fall():
    made = problem(*four())

    assert solve(made, seed=1).placed == 4
    with pytest.raises((KeyError, IndexError)):
        CompanyReader(made, []).company_at(0)
