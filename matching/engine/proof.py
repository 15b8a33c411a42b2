"""Settling small problems: how many can be placed, and the best company for that many."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.groups import Groups, TooManyGroups, valid_groups
from matching.engine.model import Model
from matching.engine.packing import Packing, groups_of_plan, plan_of
from matching.engine.plan import Plan
from matching.engine.solution import BoundMethod

# Beyond these numbers of people the groups are too many to list: to close a gap in the count it is worth more trying.
MOST_PEOPLE = 120
MOST_PEOPLE_FOR_QUALITY = 72
COUNT_NODES = 200
COLUMNS_FOR_COUNT = 12_000
COLUMNS_LOOKED_AT = 1_500
COLUMNS_FOR_QUALITY = 900
COLUMNS_BEYOND = 1_500
QUALITY_NODES = 20
LIKELY_SHARE = 0.05
FIRST_SLACK = 0.12
CLOSE_ENOUGH = 0.01
SETTLED = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A plan at least as large as before, and a bound at most as high."""

    plan: Plan
    bound: int
    method: BoundMethod


def list_groups(model: Model, *, possible: int, most_people: int, stop: Callable[[], bool]) -> Groups | None:
    """Return every valid group, or None when there are too many to list."""
    if model.people_in(possible) > most_people or stop():
        return None
    try:
        return valid_groups(model, possible=possible, stop=stop)
    except TooManyGroups:
        return None


def settle_count(
    plan: Plan,
    groups: Groups,
    *,
    bound: int,
    method: BoundMethod,
    exact: bool,
    seconds: float | None,
    again: Callable[[int], Plan] | None = None,
) -> Proof:
    """Lower the bound by the relaxation, then look for plans that place more than the given one.

    `again` searches anew for a plan of so many people; it is cheaper than the packing, so it is asked first.
    """
    model = plan.model
    people = groups.people.astype(np.float64)
    packing = Packing(model, groups, people)
    relaxed = packing.relax(groups_of_plan(plan, groups))
    if math.isfinite(relaxed) and math.floor(relaxed) < bound:
        bound, method = math.floor(relaxed), BoundMethod.RELAXATION
    if again is not None and plan.placed < bound:
        other = again(bound)
        plan = other if other.placed >= bound else plan
    limits = (COLUMNS_LOOKED_AT, len(people) if exact else COLUMNS_FOR_COUNT)
    for columns in limits:
        while plan.placed < bound:
            among = packing.within(relaxed - (plan.placed + 1))
            offered = packing.nearest(among, count=columns)
            choice = packing.choose(
                offered, least=plan.placed + 0.5, nodes=None if exact else COUNT_NODES, seconds=seconds
            )
            if choice is not None and choice.groups:
                plan = plan_of(model, groups, choice.groups)
            if choice is not None and choice.finished and len(offered) == len(among):
                bound, method = plan.placed, BoundMethod.PACKING
            if choice is None or not choice.groups:
                break
    return Proof(plan=plan, bound=max(bound, plan.placed), method=method)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestCompany:
    """A plan of as many people, its worth, and a bound on the worth of every plan of that many."""

    plan: Plan
    worth: float
    bound: float


def best_company(
    plan: Plan,
    groups: Groups,
    worth: NDArray[np.float64],
    *,
    most: int | None,
    exact: bool,
    patient: bool,
    seconds: float | None,
) -> BestCompany:
    """Return the best choice of groups for the people count of a plan; `exact` searches until it is proven.

    Otherwise the search ends where the columns become too many; a `patient` one goes on beyond that while more than
    `CLOSE_ENOUGH` of the bound is missing.
    """
    model = plan.model
    mine = groups_of_plan(plan, groups)
    best = float(worth[mine].sum())
    packing = Packing(model, groups, worth, placed=plan.placed, most=most)
    if not math.isfinite(packing.relax(mine)):
        return BestCompany(plan=plan, worth=best, bound=math.inf)
    relaxed = bound = packing.tighten(enough=best + SETTLED)
    slack = min(relaxed - best, FIRST_SLACK)
    while bound - best > SETTLED:
        among = packing.within(slack)
        too_many = not exact and len(among) > COLUMNS_FOR_QUALITY
        if too_many:
            # Too many to search through: take what the likeliest of them hold.
            better = packing.within(relaxed - best)
            beyond = patient and bound - best > CLOSE_ENOUGH * bound
            if len(better) > LIKELY_SHARE * len(worth) and not beyond:
                break
            count = COLUMNS_BEYOND if beyond else COLUMNS_FOR_QUALITY
            among = np.union1d(packing.nearest(better, count=count), mine)
        choice = packing.choose(
            among,
            least=(best if too_many else max(best, relaxed - slack)) + SETTLED,
            nodes=None if exact else QUALITY_NODES,
            seconds=seconds,
        )
        if choice is not None and choice.groups:
            plan, best = plan_of(model, groups, choice.groups), choice.worth
        if too_many or choice is None or not choice.finished:
            break
        # Every plan worth more than the relaxation less `slack` was on offer.
        bound = max(best, relaxed - slack)
        slack = min(relaxed - best, 2 * slack)
    return BestCompany(plan=plan, worth=best, bound=max(bound, best))
