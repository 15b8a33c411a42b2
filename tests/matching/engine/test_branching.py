"""Branching finds the best choice of groups and proves it, and says how much better a plan could be when cut short."""

import math
from functools import cache

import numpy as np
import pytest

from matching.engine.arrays import arrays_of
from matching.engine.branching import Branching
from matching.engine.groups import valid_groups
from matching.engine.model import compile_model
from matching.engine.options import Options
from matching.engine.packing import Packing, groups_of_plan
from matching.engine.plan import Plan
from matching.engine.proof import EVEN, best_company, evened, settle_count
from matching.engine.solution import BoundMethod
from matching.engine.worth import Worth
from tests.matching.engine.test_guards import keeps_the_rules, searched
from tests.matching.engine.test_solve import term

# Terms where the relaxation is of two minds: they take five to eleven cases.
SEEDS = (6, 9, 10)


@cache
def begun(seed, **rules):
    """A term, a plan of it to begin with, all its groups and what they are worth."""
    made = term(students=7, alumni=9, facilitators=3, seed=seed, **rules)
    model = compile_model(made)
    groups = valid_groups(model, possible=model.everyone, stop=lambda: False)
    return made, searched(made).plan, groups, Worth(arrays_of(made, model), Options())


def best_by_trying_whole_numbers(plan, groups, worth):
    """What the best plan of as many people is worth, by the integer programme over all groups."""
    packing = Packing(plan.model, groups, worth.of_groups(groups, plan.model), placed=plan.placed)
    packing.relax(groups_of_plan(plan, groups))
    return packing.choose(np.arange(len(groups.people)), least=-math.inf, nodes=None, seconds=None).worth


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_company_is_found_and_proven(seed):
    made, plan, groups, worth = begun(seed)

    best = best_company(plan, groups, worth, most=None, exact=True, patient=False, stop=lambda: False)

    assert keeps_the_rules(made, best.plan)
    assert best.plan.placed == plan.placed
    assert best.bound == pytest.approx(best.worth, abs=1e-3)
    assert best.worth == pytest.approx(best_by_trying_whole_numbers(plan, groups, worth), abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_search_cut_short_never_promises_less_than_there_is(seed):
    _, plan, groups, worth = begun(seed)
    values = worth.of_groups(groups, plan.model)
    packing = Packing(plan.model, groups, values, placed=plan.placed)
    mine = groups_of_plan(plan, groups)
    packing.relax(mine)
    most = best_by_trying_whole_numbers(plan, groups, worth)
    search, told = Branching(packing, best=float(values[mine].sum()), stop=lambda: False), []

    while search.cases and len(told) < 200:
        search.run(cases=1, until=lambda search: False)
        told.append((search.best, search.bound))

    assert all(best - 1e-3 <= most <= bound + 1e-3 for best, bound in told)
    assert [bound for _, bound in told] == sorted((bound for _, bound in told), reverse=True)


def test_from_nothing_as_many_are_placed_as_whole_numbers_allow():
    for seed in SEEDS:
        made, plan, groups, worth = begun(seed)
        whole = Packing(plan.model, groups, groups.people.astype(np.float64))
        whole.relax(groups_of_plan(plan, groups))
        most = whole.choose(np.arange(len(groups.people)), least=0.5, nodes=None, seconds=None).worth

        proof = settle_count(
            Plan(plan.model), groups, worth, bound=16, method=BoundMethod.CAPACITY, exact=True, stop=lambda: False
        )

        assert keeps_the_rules(made, proof.plan)
        assert proof.plan.placed == proof.bound == round(most)


def shares(groups, quality, plan):
    """The worst cohort's quality as a share of the mean over the people."""
    mine = groups_of_plan(plan, groups)
    mean = (quality[mine] * groups.people[mine]).sum() / groups.people[mine].sum()
    return quality[mine].min() / mean


def test_a_cohort_is_sacrificed_only_where_nothing_more_even_has_room_for_all():
    lifted = 0
    for seed in range(12):
        made, plan, groups, worth = begun(seed)
        best = best_company(plan, groups, worth, most=None, exact=True, patient=False, stop=lambda: False).plan
        quality = worth.quality_of(groups, plan.model)

        even = evened(best, groups, worth, quality, most=None, stop=lambda: False)

        assert keeps_the_rules(made, even)
        assert even.placed == best.placed
        assert shares(groups, quality, even) >= min(EVEN[1], shares(groups, quality, best)) - 1e-9
        lifted += shares(groups, quality, best) < EVEN[1] <= shares(groups, quality, even)
        if shares(groups, quality, even) < EVEN[1]:
            assert not room_for_all(best, groups, quality, share=EVEN[1])
    assert lifted


def room_for_all(plan, groups, quality, *, share):
    """Whether as many people have places in groups of at least this share of the plan's mean, by whole numbers."""
    mine = groups_of_plan(plan, groups)
    mean = (quality[mine] * groups.people[mine]).sum() / groups.people[mine].sum()
    strong = groups.only(np.flatnonzero(quality >= share * mean))
    whole = Packing(plan.model, strong, strong.people.astype(np.float64))
    whole.relax(np.zeros(0, np.int64))
    choice = whole.choose(np.arange(len(strong.people)), least=0.5, nodes=None, seconds=None)
    return choice is not None and round(choice.worth) >= plan.placed
