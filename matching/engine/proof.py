"""Closing the gap between the people placed and the bound, where groups can be enumerated."""

from collections.abc import Callable
from dataclasses import dataclass

from matching.engine.exact import ExactSearch, TooManySteps
from matching.engine.groups import TooManyGroups, valid_groups
from matching.engine.plan import Plan
from matching.engine.prices import price_bound
from matching.engine.solution import BoundMethod
from matching.engine.week import bits

# Beyond this many people the groups are far too many to enumerate wherever a gap was ever seen.
MOST_PEOPLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A plan at least as large as before, and a bound at most as high."""

    plan: Plan
    bound: int
    method: BoundMethod


def prove(
    plan: Plan,
    *,
    possible: int,
    bound: int,
    method: BoundMethod,
    stop: Callable[[], bool],
    report: Callable[[float], None],
) -> Proof:
    """Lower the bound by prices, then settle what is left by exact search, if it is little enough."""
    unchanged = Proof(plan=plan, bound=bound, method=method)
    model = plan.model
    if model.people_in(possible) > MOST_PEOPLE or stop():
        return unchanged
    try:
        groups = valid_groups(model, possible=possible, stop=stop)
    except TooManyGroups:
        return unchanged
    priced = price_bound(model, groups, placed=plan.placed, stop=stop, report=report)
    if priced.bound < bound:
        bound, method = priced.bound, BoundMethod.PRICES
    if plan.placed == bound:
        return Proof(plan=plan, bound=bound, method=method)
    search = ExactSearch(model, plan.placed)
    try:
        search.run(priced.groups)
    except TooManySteps:
        return Proof(plan=_better(plan, search), bound=bound, method=method)
    return Proof(plan=_better(plan, search), bound=search.placed, method=BoundMethod.EXACT)


def _better(plan: Plan, search: ExactSearch) -> Plan:
    """Return the search's plan if it places more than the given one."""
    if not search.best:
        return plan
    better = Plan(plan.model)
    for units, host, start in search.best:
        number = better.open(host, start)
        for unit in bits(units):
            better.add(unit, number)
    return better
