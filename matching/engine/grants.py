"""Slots that would do if need be (△): used only where one places somebody who has no place otherwise.

The term is first planned without any of them. Only if somebody stays without a place are they looked at: the plan
grows with them, and then each one that was used is given up again if as many are placed without it. What is left is
granted, slot by slot, as if it were free time; all that follows (proof, quality) sees no other such slot.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from matching.engine.arrays import arrays_of
from matching.engine.bounds import reachable_units, upper_bound
from matching.engine.model import Model, compile_model
from matching.engine.options import Options
from matching.engine.place import Search
from matching.engine.plan import Plan
from matching.engine.problem import Problem
from matching.engine.proof import MOST_PEOPLE, list_groups, settle_count
from matching.engine.solution import BoundMethod
from matching.engine.week import bits, rotate
from matching.engine.worth import Worth

Grants = dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """The problem with the granted slots as free ones, and how many any use of such slots can place."""

    problem: Problem
    bound: int
    method: BoundMethod


def with_every_maybe(problem: Problem) -> Problem:
    """Return the problem as if every slot that would do were free."""
    return _granting(problem, {index: person.maybe for index, person in enumerate(problem.participants)})


def granted(problem: Problem, *, random: Random, rounds: int, stop: Callable[[], bool]) -> Granted:
    """Return the problem with as few granted slots as the search can find for the people it can place."""
    narrow = compile_model(_granting(problem, {}))
    plan = _placed(Plan(narrow), random, rounds=rounds, stop=stop)
    wide = compile_model(with_every_maybe(problem))
    possible = reachable_units(wide)
    bound, method = upper_bound(wide, possible=possible)
    grants: Grants = {}
    if plan.placed < bound:
        grown = _placed(_carried(plan, wide), random, rounds=rounds, stop=stop)
        groups = None
        if grown.placed < bound:
            groups = list_groups(wide, possible=possible, most_people=MOST_PEOPLE, stop=stop)
        if groups is not None:
            worth = Worth(arrays_of(with_every_maybe(problem), wide), Options())
            proof = settle_count(grown, groups, worth, bound=bound, method=method, exact=False, stop=stop)
            grown, bound, method = proof.plan, proof.bound, proof.method
        if grown.placed > plan.placed:
            grants = _fewest(problem, grown, random, rounds=rounds, stop=stop)
    return Granted(problem=_granting(problem, grants), bound=bound, method=method)


def _fewest(problem: Problem, plan: Plan, random: Random, *, rounds: int, stop: Callable[[], bool]) -> Grants:
    """Give up, one person after the other, what is not needed to place as many."""
    grants = _used(problem, plan)
    for person in sorted(grants):
        if stop():
            break
        fewer = {one: mask for one, mask in grants.items() if one != person}
        without = _carried(plan, compile_model(_granting(problem, fewer)))
        without = _placed(without, random, rounds=rounds, stop=stop)
        if without.placed >= plan.placed:
            plan, grants = without, _used(problem, without)
    return grants


def _placed(plan: Plan, random: Random, *, rounds: int, stop: Callable[[], bool]) -> Plan:
    """Place more people in a plan."""
    model = plan.model
    possible = reachable_units(model)
    search = Search(model, plan, random, possible, model.params.size_min)
    search.construct(stop)
    search.place(bound=model.people_in(possible), rounds=rounds, stop=stop, report=lambda done: None)
    return search.plan


def _carried(plan: Plan, model: Model) -> Plan:
    """Return what of a plan holds in another model of the same people."""
    unit_of = {person: unit for unit, people in enumerate(model.members) for person in people}
    carried = Plan(model)
    for old in map(plan.draft, plan.numbers()):
        number = carried.open(old.host, old.start)
        people = [person for unit in old.units for person in plan.model.members[unit]]
        for unit in sorted({unit_of[person] for person in people if person in unit_of}):
            if carried.can_join(unit, carried.draft(number)):
                carried.add(unit, number)
        draft = carried.draft(number)
        if not carried.is_valid(draft) or draft.common.bit_count() < model.params.min_windows:
            carried.close(number)
    return carried


def _used(problem: Problem, plan: Plan) -> Grants:
    """Return the slots that would do and are used by a plan, by person: those of as many windows as the rules ask."""
    params = problem.params
    used: Grants = {}
    window = (1 << params.window_slots) - 1
    for draft in map(plan.draft, plan.numbers()):
        people = [person for unit in draft.units for person in plan.model.members[unit]]
        slots_at = {start: rotate(window, by=start, week_slots=params.week_slots) for start in bits(draft.common)}

        def asked(start: int, slots_at: dict[int, int] = slots_at, people: list[int] = people) -> int:
            return sum((slots_at[start] & ~problem.participants[one].availability).bit_count() for one in people)

        spare = sorted(slots_at.keys() - {draft.start}, key=lambda start: (asked(start), start))
        slots = 0
        for start in (draft.start, *spare[: params.min_windows - 1]):
            slots |= slots_at[start]
        for person in people:
            needed = slots & ~problem.participants[person].availability
            if needed:
                used[person] = needed  # a person has one place
    return used


def _granting(problem: Problem, grants: Grants) -> Problem:
    people = tuple(
        replace(person, availability=person.availability | grants.get(index, 0), maybe=0) if person.maybe else person
        for index, person in enumerate(problem.participants)
    )
    return replace(problem, participants=people)
