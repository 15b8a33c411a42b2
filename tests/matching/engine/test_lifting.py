"""Lifting weak cohorts: over rings of several cohorts, by who waits, never at the cost of a place or a rule."""

import pytest

from matching.engine import Options
from matching.engine.arrays import arrays_of
from matching.engine.bounds import reachable_units
from matching.engine.lifting import LIFT_TO, Lifting
from matching.engine.model import compile_model
from matching.engine.plan import Plan
from matching.engine.rules import Rulebook
from matching.engine.v3 import planned_cohorts
from matching.engine.worth import Worth
from tests.matching.engine.cast import alumna, facilitator, problem, student
from tests.matching.engine.test_regions import beginning, worth_of
from tests.matching.engine.test_solve import term

TIMES = tuple((first, first + 3) for first in range(20, 336, 48))


def core_of(time, tag):
    """Three people who meet at a time and share an interest."""
    shared = {"interests": {tag: 1}}
    return (
        student(f"{tag}1", TIMES[time], **shared),
        alumna(f"{tag}2", TIMES[time], **shared),
        alumna(f"{tag}3", TIMES[time], **shared),
    )


def seated(made, cohorts):
    """A plan in which these people sit together, each at the only start of all, and how it is judged."""
    model = compile_model(made)
    plan = Plan(model)
    unit_of = {made.participants[people[0]].id: unit for unit, people in enumerate(model.members)}
    for host, (names, time) in enumerate(cohorts):
        number = plan.open(host, TIMES[time][0])
        for name in names:
            plan.add(unit_of[name], number)
    return plan, Worth(arrays_of(made, model), Options(fair=True)), reachable_units(model)


def share_of_mean(plan, worth):
    """What the weakest cohort is worth of the mean over people, by quality alone."""
    values = worth_of(plan, worth.plain())
    return values[0][0] * plan.placed / sum(value * people for value, people in values)


def told(made, plan):
    return {frozenset(one.members) for one in planned_cohorts(made, plan)}


def test_a_ring_over_three_cohorts_gives_each_the_one_who_suits():
    tags = "abcdefg"
    cores = [core_of(time, tag) for time, tag in enumerate(tags)]
    # Each of three could also come to the next cohort's time and suits there; no two of them could change places.
    ring = [student(f"to-{tags[(n + 1) % 3]}", TIMES[n], TIMES[(n + 1) % 3], interests={tags[(n + 1) % 3]: 1})
            for n in range(3)]  # fmt: skip
    settled = [student(f"to-{tags[n]}", TIMES[n], interests={tags[n]: 1}) for n in range(3, 7)]
    last = [*ring, *settled]
    people = [person for core in cores for person in core]
    hosts = tuple(facilitator(f"F{n}", time, max_load=1) for n, time in enumerate(TIMES))
    made = problem(*people, *last, facilitators=hosts)
    plan, worth, possible = seated(made, [([*(one.id for one in core), last[n].id], n) for n, core in enumerate(cores)])

    Lifting(worth, plan, possible=possible, seed=1).run(turns=3, stop=lambda: False)

    assert told(made, plan) == {frozenset({f"{tag}1", f"{tag}2", f"{tag}3", f"to-{tag}"}) for tag in tags}


def test_whoever_waits_takes_a_seat_where_it_lifts_and_as_many_are_placed():
    cores = [core_of(time, tag) for time, tag in enumerate("abc")]
    last = [student("stranger", TIMES[0], interests={"z": 1})]
    last += [student(f"to-{tag}", TIMES[n], interests={tag: 1}) for n, tag in enumerate("abc")]
    hosts = tuple(facilitator(f"F{n}", TIMES[n], max_load=1) for n in range(3))
    made = problem(*(person for core in cores for person in core), *last, facilitators=hosts, size_max=4)
    sit = [[*(one.id for one in core), last[n and n + 1].id] for n, core in enumerate(cores)]
    plan, worth, possible = seated(made, [(names, n) for n, names in enumerate(sit)])

    Lifting(worth, plan, possible=possible, seed=1).run(turns=1, stop=lambda: False)

    assert plan.placed == 12
    assert frozenset({"a1", "a2", "a3", "to-a"}) in told(made, plan)


@pytest.mark.parametrize("rules", [{}, {"min_windows": 2}])
def test_lifting_ends_when_all_are_worth_enough_and_loses_nobody(rules):
    made = term(seed=4, **rules)
    plan, worth, possible = beginning(made, options=Options(fair=True))
    placed = plan.placed
    assert share_of_mean(plan, worth) < LIFT_TO

    Lifting(worth, plan, possible=possible, seed=1).run(turns=10, stop=lambda: False)

    assert plan.placed == placed
    assert share_of_mean(plan, worth) >= LIFT_TO
    assert Rulebook(made).check_plan(planned_cohorts(made, plan)) == []


def test_who_is_worth_enough_is_let_be():
    made = term(seed=1)
    plan, worth, possible = beginning(made, options=Options(fair=True))
    before = told(made, plan)
    assert LIFT_TO <= share_of_mean(plan, worth) < 0.85

    Lifting(worth, plan, possible=possible, seed=1).run(turns=10, stop=lambda: False)

    assert told(made, plan) == before


def test_the_same_seed_lifts_the_same_way():
    made = term(seed=4)

    def lifted():
        plan, worth, possible = beginning(made, options=Options(fair=True))
        Lifting(worth, plan, possible=possible, seed=3).run(turns=2, stop=lambda: False)
        return planned_cohorts(made, plan)

    assert lifted() == lifted()
