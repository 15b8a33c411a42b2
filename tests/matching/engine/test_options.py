"""What a caller may wish beside the rules: slots that would do, nobody alone, few facilitators, weights."""

from dataclasses import replace

import pytest

from matching.engine import Options, Weights, solve
from matching.engine.rules import BrokenRule, Rulebook
from tests.matching.engine.cast import alumna, cohort, facilitator, four, free, problem, student

NIGHT = (40, 46)


def willing(person, *ranges):
    return replace(person, maybe=free(*ranges))


def test_a_slot_that_would_do_is_used_where_only_it_places_somebody():
    people = [*four()[:3], willing(alumna("Yumi", (100, 106)), (20, 26))]
    made = problem(*people)

    solution = solve(made, seed=1)

    assert solution.placed == solution.upper_bound == 4
    assert Rulebook(made).check_plan(solution.cohorts) == []


def test_slots_that_would_do_give_as_many_windows_as_the_rules_ask():
    people = [*four()[:3], willing(alumna("Yumi", (100, 106)), (20, 26))]
    made = problem(*people, min_windows=2)

    solution = solve(made, seed=1)

    assert solution.placed == 4
    assert Rulebook(made).check_plan(solution.cohorts) == []


def test_a_slot_that_would_do_is_left_alone_where_free_time_places_as_many():
    people = [willing(person, NIGHT) for person in four()]
    made = problem(*people, facilitators=(facilitator("Fumi", (20, 26), NIGHT),))

    for seed in range(4):
        assert 20 <= solve(made, seed=seed).cohorts[0].start < 26


def test_no_more_people_give_such_slots_than_are_needed():
    flexible = [willing(person, NIGHT) for person in four()]
    late = [student("S1", NIGHT), alumna("A1", NIGHT), alumna("A2", NIGHT)]
    one_more = willing(student("S2", (200, 206)), NIGHT)
    made = problem(*flexible, *late, one_more, facilitators=(facilitator("Fumi", (20, 26), NIGHT, max_load=2),))

    solution = solve(made, seed=1)

    assert solution.placed == 8
    at = {member: one.start for one in solution.cohorts for member in one.members}
    assert all(20 <= at[name] < 26 for name in ("Aoi", "Ren", "Takeshi", "Yumi"))
    assert at["S2"] >= 40


def test_somebody_left_out_with_such_slots_only_is_not_told_that_they_gave_no_time():
    made = problem(*four(), replace(student("Mio"), availability=0, maybe=free((100, 106))))

    assert [one.reason for one in solve(made, seed=1).unplaced] == ["no-facilitator-in-windows"]


def test_the_rules_accept_a_window_in_such_slots_and_no_other():
    people = [*four()[:3], willing(alumna("Yumi", (100, 106)), (20, 24))]
    made = problem(*people)
    names = [person.id for person in people]

    assert Rulebook(made).check_cohort(cohort(*names, start=20)) == []
    assert Rulebook(made).check_cohort(cohort(*names, start=22))[0].rule == BrokenRule.MEMBER_NOT_FREE


def test_nobody_is_alone_in_a_respect_when_that_is_asked_for():
    from_where = {"S0": "in", "S1": "in", "S2": "out", "S3": "out", "A0": "in", "A1": "in", "A2": "out", "A3": "out"}
    people = [
        replace(student(n) if n[0] == "S" else alumna(n), attributes={"prefecture": where})
        for n, where in from_where.items()
    ]
    # Shared interests alone would mix them.
    people = [replace(one, interests={"abcd"[int(one.id[1]) % 2]: 5}) for one in people]
    made = problem(*people, facilitators=(facilitator("Fumi", max_load=2), facilitator("Sora", max_load=2)), size_max=4)

    solution = solve(made, seed=1, options=Options(alone_cost=1.0))

    assert solution.placed == 8
    for one in solution.cohorts:
        places = [from_where[member] for member in one.members]
        assert all(places.count(value) > 1 for value in places)


def test_a_cost_for_every_cohort_spares_facilitators_and_places_as_many():
    people = [*(student(f"S{n}") for n in range(6)), *(alumna(f"A{n}") for n in range(6))]
    hosts = tuple(facilitator(f"F{n}") for n in range(4))
    made = problem(*people, facilitators=hosts)

    plain = solve(made, seed=1)
    dear = solve(made, seed=1, options=Options(cohort_cost=5.0))

    assert (plain.placed, len(plain.cohorts)) == (12, 3)
    assert (dear.placed, len(dear.cohorts)) == (12, 2)


def test_weights_decide_what_company_is_sought():
    people = [
        *(student(f"S{n}", interests={"ab"[n % 2]: 5}, background="xy"[n // 2 % 2]) for n in range(4)),
        *(alumna(f"A{n}", interests={"ab"[n % 2]: 5}, background="xy"[n // 2 % 2]) for n in range(4)),
    ]
    made = problem(*people, facilitators=(facilitator("Fumi"), facilitator("Sora")), size_max=4)
    interest = {one.id: next(iter(one.interests)) for one in people}
    alike = Weights(affinity=1.0, robust=0.0, balance=0.0, diversity=0.0)

    solution = solve(made, seed=1, options=Options(weights=alike))

    assert all(len({interest[member] for member in one.members}) == 1 for one in solution.cohorts)


def test_a_weight_below_nothing_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        Weights(affinity=-0.1)
