"""Settling small problems: how many can be placed, and the best company for that many."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.branching import Branching
from matching.engine.groups import Groups, TooManyGroups, valid_groups
from matching.engine.model import Model
from matching.engine.packing import ROUNDING, Floats, Packing, groups_of_plan, plan_of
from matching.engine.plan import Plan
from matching.engine.solution import BoundMethod
from matching.engine.worth import Worth

# Beyond these numbers of people the groups are too many to list: to close a gap in the count it is worth more trying.
MOST_PEOPLE = 120
MOST_PEOPLE_FOR_QUALITY = 72
CASES_FOR_COUNT = 150
CASES_FOR_QUALITY = 60
CASES_OF_THE_PATIENT = 800
CASES_FOR_EVENNESS = 60
CLOSE_ENOUGH = 0.01
EVEN = (0.85, 0.8)
"""Shares of the mean quality that the worst cohort should reach, the most wanted first."""
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
    worth: Worth,
    *,
    bound: int,
    method: BoundMethod,
    exact: bool,
    stop: Callable[[], bool],
) -> Proof:
    """Lower the bound by the relaxation, then look for plans that place more than the given one.

    Of plans of as many people those of more `worth` are looked for: the relaxation is then of two minds less often.
    """
    model = plan.model
    packing = Packing(model, groups, groups.people.astype(np.float64))
    relaxed = packing.relax(groups_of_plan(plan, groups))
    if math.isfinite(relaxed) and math.floor(relaxed) < bound:
        bound, method = math.floor(relaxed), BoundMethod.RELAXATION
    while plan.placed < bound:
        values = worth.of_groups(groups, model)
        short = _more_than_any(values, model)
        packing = Packing(model, groups, values, placed=bound, short=short)
        packing.relax(groups_of_plan(plan, groups))
        search = Branching(packing, best=-short / 2, stop=stop)
        search.run(cases=None if exact else CASES_FOR_COUNT, until=lambda search: search.choice is not None)
        if search.choice is not None:
            plan = plan_of(model, groups, search.choice.groups)
        elif search.bound <= -short / 2 + ROUNDING:
            bound, method = bound - 1, BoundMethod.PACKING
        else:
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
    worth: Worth,
    *,
    most: int | None,
    exact: bool,
    patient: bool,
    stop: Callable[[], bool],
) -> BestCompany:
    """Return the best choice of groups for the people count of a plan; `exact` searches until it is proven.

    Otherwise the search ends after a number of cases; a `patient` one goes on beyond that while more than
    `CLOSE_ENOUGH` of the bound is missing.
    """
    model = plan.model
    mine, values = groups_of_plan(plan, groups), worth.of_groups(groups, model)
    best = float(values[mine].sum())
    packing = Packing(model, groups, values, placed=plan.placed, most=most)
    if not math.isfinite(packing.relax(mine)) or not math.isfinite(packing.tighten(enough=best + SETTLED)):
        return BestCompany(plan=plan, worth=best, bound=math.inf)
    search = Branching(packing, best=best, stop=stop)
    search.run(cases=None if exact else CASES_FOR_QUALITY, until=lambda search: search.missing <= SETTLED)
    if patient and not exact:
        search.run(cases=CASES_OF_THE_PATIENT, until=lambda search: search.missing <= CLOSE_ENOUGH * search.bound)
    if search.choice is not None:
        plan = plan_of(model, groups, search.choice.groups)
    return BestCompany(plan=plan, worth=search.best, bound=search.bound)


def evened(
    plan: Plan,
    groups: Groups,
    worth: Worth,
    quality: Floats,
    *,
    most: int | None,
    stop: Callable[[], bool],
) -> Plan:
    """Return the plan of most `worth` found whose worst cohort is not far below the mean, for as many people.

    `quality` is that of each group. What is best on the whole may sacrifice a cohort: then the weak groups are left
    out, and the others are chosen from anew. The plan itself comes back where none of as many people is more even.
    """
    model, mine = plan.model, groups_of_plan(plan, groups)
    people = groups.people[mine]
    mean, worst = float((quality[mine] * people).sum() / people.sum()), float(quality[mine].min())
    values = worth.of_groups(groups, model)
    short = _more_than_any(values, model)
    for share in EVEN:
        if worst >= share * mean - ROUNDING or stop():
            break
        strong = np.flatnonzero(quality >= share * mean - ROUNDING)
        packing = Packing(model, groups.only(strong), values[strong], placed=plan.placed, most=most, short=short)
        packing.relax(np.flatnonzero(np.isin(strong, mine)))
        search = Branching(packing, best=-short / 2, stop=stop)
        search.run(cases=CASES_FOR_EVENNESS, until=lambda search: search.missing <= SETTLED)
        if search.choice is not None:
            return plan_of(model, groups.only(strong), search.choice.groups)
    return plan


def _more_than_any(values: Floats, model: Model) -> float:
    """Return more than all that any plan of these people could be worth, or lack."""
    return 1.0 + 2.0 * float(np.abs(values).max(initial=0.0)) * model.people_in(model.everyone)
