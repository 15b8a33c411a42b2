"""Better company by parts: a few cohorts at a time are dissolved and chosen anew, the best way there is.

The people of some cohorts that could change places, and a few who wait, make a problem of their own: every valid
group among them is listed, at the starts that these cohorts and idle facilitators can give, and the best choice of
as many people is found by packing. What comes out is never worse, so the plan only gains.

Method: large neighbourhood search (Shaw 1998) with an exact search of each neighbourhood.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.groups import Groups, TooManyGroups, valid_groups
from matching.engine.model import Model, part_of
from matching.engine.packing import Packing
from matching.engine.plan import Plan
from matching.engine.week import bits
from matching.engine.worth import Worth, Worths

COHORTS_IN_REGION = 8
WAITING_IN_REGION = 4
MOST_GROUPS = 16_000
COLUMNS = 250
NODES = 5
GAIN = 1e-4


@dataclass(slots=True)
class Region:
    """Units of some cohorts and of some who wait, as a problem of its own; `units` names them in the whole."""

    numbers: list[int]
    units: list[int]
    model: Model
    groups: Groups
    worth: Worths
    mine: Ints


class Regions:
    """A plan that is improved region by region. Deterministic for a seed."""

    def __init__(self, worth: Worth, plan: Plan, *, possible: int, seed: int, most: int | None = None) -> None:
        self.worth, self.plan, self.model, self.possible, self.most = worth, plan, plan.model, possible, most
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.cohorts = COHORTS_IN_REGION
        self.free = worth.arrays.free
        self.person = np.array([people[0] for people in self.model.members], np.int64)

    def walk(self, *, regions: int, stop: Callable[[], bool], report: Callable[[float], None]) -> int:
        """Try a number of regions, each cohort in turn as the middle of one; return how many gained."""
        gained = 0
        turn: list[int] = []
        for done in range(regions):
            if stop() or not self.plan.numbers():
                break
            if not turn:
                turn = [self.plan.numbers()[n] for n in self.random.permutation(len(self.plan.numbers()))]
            middle = turn.pop()
            if self.plan.drafts[middle] is None:
                continue
            gained += self.improve(self.around(middle, self.cohorts))
            report(done / regions)
        return gained

    def around(self, middle: int, count: int, *, filled: bool = False) -> list[int]:
        """Draw cohorts whose people and those of the middle one could change places; the likelier the more could.

        `filled`: and as many others as are then missing.
        """
        plan = self.plan
        numbers = [number for number in plan.numbers() if number != middle]
        if not numbers:
            return [middle]
        mine = self.person[plan.draft(middle).units]
        starts = np.array([plan.draft(number).start for number in numbers])
        to_them = self.free[mine][:, starts].sum(axis=0)
        at_mine = self.free[self.person, plan.draft(middle).start]
        to_me = np.array([int(at_mine[plan.draft(number).units].sum()) for number in numbers])
        weight = (to_them * to_me).astype(np.float64)
        key = np.where(weight > 0, self.random.random(len(numbers)) ** (1.0 / np.maximum(weight, 1e-9)), -1.0)
        order = np.argsort(-key, kind="stable")[: count - 1]
        return [middle, *(numbers[place] for place in order.tolist() if filled or weight[place] > 0)]

    def region(self, numbers: list[int]) -> Region | None:
        """Return the problem of some cohorts, or None when it is too large."""
        plan, model = self.plan, self.model
        inside = [unit for number in numbers for unit in plan.draft(number).units]
        starts = [plan.draft(number).start for number in numbers]
        waiting = [
            unit for unit in bits(plan.unplaced & self.possible) if any(model.starts[unit] >> s & 1 for s in starts)
        ]
        if len(waiting) > WAITING_IN_REGION:
            chosen = np.sort(self.random.permutation(len(waiting))[:WAITING_IN_REGION])
            waiting = [waiting[place] for place in chosen.tolist()]
        units = sorted([*inside, *waiting])
        host_starts, load = seats_without(plan, numbers)
        part = part_of(model, units, host_starts=host_starts, host_load=load)
        largest = max(plan.draft(number).size for number in numbers)
        part.params = replace(part.params, size_max=min(part.params.size_max, max(largest, part.params.size_min + 1)))
        try:
            groups = valid_groups(part, possible=part.everyone, stop=lambda: False, most=MOST_GROUPS)
        except TooManyGroups:
            return None
        arrays = self.worth.arrays
        worth = self.worth.of(groups.rows(part, empty=len(arrays.real) - 1))
        place = {unit: number for number, unit in enumerate(units)}
        mine = [sorted(place[unit] for unit in plan.draft(number).units) for number in numbers]
        return Region(numbers, units, part, groups, worth, groups.places_of(mine, units=len(units)))

    def improve(self, numbers: list[int]) -> bool:
        """Choose the company of some cohorts anew; return whether that was worth anything."""
        region = self.region(numbers)
        return region is not None and self.choose(region, columns=COLUMNS, nodes=NODES)

    def choose(self, region: Region, *, columns: int, nodes: int) -> bool:
        """Choose among the groups of a region, if some choice of as many people is worth more; return whether."""
        worth, groups, numbers = region.worth, region.groups, region.numbers
        before, people = float(worth[region.mine].sum()), int(groups.people[region.mine].sum())
        most = None if self.most is None else self.most - len(self.plan.numbers()) + len(numbers)
        packing = Packing(region.model, groups, worth, placed=people, most=most)
        relaxed = packing.relax(region.mine)
        if not math.isfinite(relaxed) or relaxed <= before + GAIN:
            return False
        among = packing.nearest(packing.within(relaxed - before), count=columns)
        choice = packing.choose(np.union1d(among, region.mine), least=before + GAIN, nodes=nodes, seconds=None)
        if choice is None or not choice.groups:
            return False
        for number in numbers:
            self.plan.close(number)
        for group, (host, start) in choice.groups:
            number = self.plan.open(host, start)
            for unit in groups.units[group].tolist():
                if unit < len(region.units):
                    self.plan.add(region.units[unit], number)
        return True


def seats_without(plan: Plan, dissolved: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the starts and the load that facilitators have left once some cohorts are dissolved."""
    model, gone = plan.model, set(dissolved)
    load, host_starts = list(model.host_load), list(model.host_starts)
    for number in plan.numbers():
        if number not in gone:
            draft = plan.draft(number)
            load[draft.host] -= 1
            host_starts[draft.host] &= ~model.near[draft.start]
    return [mask if left > 0 else 0 for mask, left in zip(host_starts, load, strict=True)], load
