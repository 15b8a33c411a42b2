"""Choosing the company of a few cohorts anew: never worse, never fewer, never against a rule."""

from random import Random

import numpy as np
import pytest

from matching.engine import Options
from matching.engine.anneal import Annealer
from matching.engine.arrays import arrays_of
from matching.engine.bounds import reachable_units
from matching.engine.groups import valid_groups
from matching.engine.model import compile_model, part_of
from matching.engine.packing import Packing, groups_of_plan
from matching.engine.place import Search
from matching.engine.plan import Plan
from matching.engine.regions import Regions
from matching.engine.rules import Rulebook
from matching.engine.v3 import planned_cohorts
from matching.engine.worth import Worth
from tests.matching.engine.test_solve import term


def beginning(made, *, options=None, seed=1):
    """A plan as it is placed, how it is judged, and who is in reach."""
    model = compile_model(made)
    possible = reachable_units(model)
    search = Search(model, Plan(model), Random(seed), possible, 4)
    search.construct(lambda: False)
    return search.plan, Worth(arrays_of(made, model), options or Options()), possible


def worth_of(plan, worth):
    """What each cohort of a plan is worth, for each of its people, the weakest first."""
    empty, size_max = len(worth.arrays.real) - 1, plan.model.params.size_max
    values = []
    for number in plan.numbers():
        people = [person for unit in plan.draft(number).units for person in plan.model.members[unit]]
        row = np.array([[*people, *[empty] * (size_max - len(people))]])
        values.append((float(worth.of(row)[0]) / len(people), len(people)))
    return sorted(values)


def total(plan, worth):
    return sum(value * people for value, people in worth_of(plan, worth))


def walked(made, *, regions=4, seed=1):
    plan, worth, possible = beginning(made)
    before = plan.placed, total(plan, worth)
    walk = Regions(worth, plan, possible=possible, seed=seed)
    gained = walk.walk(regions=regions, stop=lambda: False, report=lambda done: None)
    return plan, worth, before, gained


@pytest.mark.parametrize("rules", [{}, {"min_windows": 2}])
def test_a_walk_keeps_every_rule_and_every_place_and_gains(rules):
    made = term(students=9, alumni=11, facilitators=3, **rules)

    plan, worth, before, gained = walked(made)

    assert gained
    assert plan.placed == before[0]
    assert total(plan, worth) > before[1]
    assert Rulebook(made).check_plan(planned_cohorts(made, plan)) == []


def test_the_same_seed_walks_the_same_way():
    made = term(students=9, alumni=11, facilitators=3)

    assert planned_cohorts(made, walked(made)[0]) == planned_cohorts(made, walked(made)[0])


def test_a_part_knows_the_groups_of_its_units_and_no_other():
    made = term(students=8, alumni=9, facilitators=3)
    model = compile_model(made)
    units = [unit for unit in range(len(model.members)) if unit % 3]
    part = part_of(model, units, host_starts=model.host_starts, host_load=model.host_load)

    def listed(groups, names):
        return {
            (tuple(names[unit] for unit in row if unit < len(names)), groups.seats[kind])
            for row, kind in zip(groups.units.tolist(), groups.kind.tolist(), strict=True)
        }

    whole = listed(valid_groups(model, possible=model.everyone, stop=lambda: False), range(len(model.members)))
    inside = {one for one in whole if set(one[0]) <= set(units)}
    assert listed(valid_groups(part, possible=part.everyone, stop=lambda: False), units) == inside
    assert inside


def test_cuts_sharpen_the_bound_and_cut_off_no_plan():
    made = term(students=11, alumni=13, facilitators=4)
    plan, worth, possible = beginning(made)
    groups = valid_groups(plan.model, possible=possible, stop=lambda: False)
    value = worth.of(groups.rows(plan.model, empty=len(made.participants)))
    mine = groups_of_plan(plan, groups)

    uncut = Packing(plan.model, groups, value, placed=plan.placed)
    relaxed = uncut.relax(mine)
    best = uncut.choose(np.arange(len(value)), least=float(value[mine].sum()) - 1.0, nodes=None, seconds=None)
    bound = uncut.tighten(enough=0.0)

    assert best.finished
    assert bound < relaxed
    assert best.worth <= bound + 1e-4


def test_annealing_s_best_is_what_a_walk_begins_from():
    made = term(students=9, alumni=11, facilitators=3)
    plan, worth, possible = beginning(made)
    annealer = Annealer(worth, [plan], possible=possible, seed=1)
    annealer.run(batches=60, stop=lambda: False, report=lambda done: None)
    best = annealer.best_plan()

    Regions(worth, best, possible=possible, seed=1).walk(regions=4, stop=lambda: False, report=lambda done: None)

    assert total(best, worth) >= annealer.total() - 1e-4
