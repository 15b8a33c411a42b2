"""Better company by parts: a few cohorts at a time are dissolved and chosen anew, the best way there is.

The people of some cohorts that could change places, and a few who wait, make a problem of their own: every valid
group among them is listed, at the starts that these cohorts and idle facilitators can give, and the best choice of
as many people is found by packing. What comes out is never worse, so the plan only gains.

Method: large neighbourhood search (Shaw 1998) with an exact search of each neighbourhood.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.groups import Groups, TooManyGroups, groups_with_first, valid_groups
from matching.engine.model import Model, part_of
from matching.engine.packing import Packing
from matching.engine.plan import Plan
from matching.engine.week import bits
from matching.engine.worth import Worth, Worths

COHORTS_IN_REGION = 8
COHORTS_ROUND_WEAK = 6
FEWEST_ROUND_WEAK = 4
WAITING_IN_REGION = 4
MOST_GROUPS = 16_000
COLUMNS = 250
NODES = 5
GAIN = 1e-4
TRIES_FOR_WEAK = 20
PARTNERS = 40
BEST_COMPANIES = 60
WEAK_COST = 0.5
LIFT_TO = 0.8


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
        self.values: dict[tuple[int, ...], float] = {}
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

    def lift(self, *, regions: int, stop: Callable[[], bool]) -> None:
        """Give the weakest cohort better company, then who is weakest now, as far as it costs the others little.

        Who is worth `LIFT_TO` of the mean for each person is let be.
        """
        tried: dict[tuple[int, ...], int] = {}
        wanted: dict[tuple[int, ...], list[list[int]]] = {}
        for _ in range(regions):
            values = {number: self._per_person(number) for number in self.plan.numbers()}
            mean = sum(value * self.plan.draft(number).size for number, value in values.items()) / self.plan.placed
            weak = [
                (value, number)
                for number, value in values.items()
                if value < LIFT_TO * mean and tried.get(self._key(number), 0) < TRIES_FOR_WEAK
            ]
            if not weak or stop():
                break
            value, number = min(weak)
            key = self._key(number)
            if key not in wanted:
                wanted[key] = self._wanted_by(number)
            turn = tried[key] = tried.get(key, 0) + 1
            # By turns those who would be the best company, and any who could change places.
            mates = wanted[key][turn // 2] if turn % 2 and turn // 2 < len(wanted[key]) else []
            standing = [one for one in mates if self.plan.drafts[one] is not None]
            numbers = list(dict.fromkeys([number, *standing, *self.around(number, COHORTS_ROUND_WEAK)]))
            numbers = numbers[:COHORTS_ROUND_WEAK]
            region = self.region(numbers)
            while region is None and len(numbers) > max(len(standing) + 1, FEWEST_ROUND_WEAK):
                numbers.pop()
                region = self.region(numbers)
            self._choose(region, above=value + GAIN)

    def _wanted_by(self, number: int) -> list[list[int]]:
        """Return the cohorts whose people would make the best company for somebody of a weak one, the best first."""
        arrays, plan, model = self.worth.arrays, self.plan, self.model
        seat = {unit: one for one in plan.numbers() for unit in plan.draft(one).units}
        ranked: list[tuple[float, tuple[int, ...]]] = []
        for unit in plan.draft(number).units:
            starts, barred = model.starts[unit] & model.hosted, model.barred[unit]
            could = [one for one in seat if one != unit and model.starts[one] & starts and not barred >> one & 1]
            # Summed in one order on however many cores.
            shared = np.einsum("pt,t->p", arrays.vectors[self.person[could]], arrays.vectors[self.person[unit]])
            nearest = np.argsort(-shared, kind="stable")[:PARTNERS]
            names = [unit, *(could[place] for place in nearest.tolist())]
            part = part_of(model, names, host_starts=model.host_starts, host_load=model.host_load)
            groups = groups_with_first(part, most=MOST_GROUPS)
            if not len(groups.people):
                continue
            worth = self.worth.of(groups.rows(part, empty=len(arrays.real) - 1)) / groups.people
            for place in np.argsort(-worth, kind="stable")[:BEST_COMPANIES].tolist():
                units = [names[one] for one in groups.units[place].tolist() if one < len(names)]
                mates = tuple(sorted({seat[one] for one in units} - {number}))
                if len(mates) < COHORTS_ROUND_WEAK:
                    ranked.append((-float(worth[place]), mates))
        return [list(mates) for mates in dict.fromkeys(mates for _, mates in sorted(ranked))]

    def _key(self, number: int) -> tuple[int, ...]:
        return tuple(sorted(self.plan.draft(number).units))

    def _per_person(self, number: int) -> float:
        """Return what a cohort is worth for each of its people."""
        key = self._key(number)
        if key not in self.values:
            people = [person for unit in key for person in self.model.members[unit]]
            empty = len(self.worth.arrays.real) - 1
            row = np.array([[*people, *[empty] * (self.model.params.size_max - len(people))]], np.int64)
            self.values[key] = float(self.worth.of(row)[0]) / len(people)
        return self.values[key]

    def around(self, middle: int, count: int) -> list[int]:
        """Draw cohorts whose people and those of the middle one could change places; the likelier the more could."""
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
        return [middle, *(numbers[place] for place in order.tolist() if weight[place] > 0)]

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
        load, host_starts = list(model.host_load), list(model.host_starts)
        dissolved = set(numbers)
        for number in plan.numbers():
            if number not in dissolved:
                draft = plan.draft(number)
                load[draft.host] -= 1
                host_starts[draft.host] &= ~model.near[draft.start]
        host_starts = [mask if left > 0 else 0 for mask, left in zip(host_starts, load, strict=True)]
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
        return self._choose(self.region(numbers))

    def _choose(self, region: Region | None, *, above: float | None = None) -> bool:
        """Choose among the groups of a region; with `above`, having fewer that are worth less for each person first."""
        if region is None:
            return False
        worth, groups, numbers = region.worth, region.groups, region.numbers
        if above is not None:
            worth = worth - WEAK_COST * (worth < above * groups.people)
        before, people = float(worth[region.mine].sum()), int(groups.people[region.mine].sum())
        most = None if self.most is None else self.most - len(self.plan.numbers()) + len(numbers)
        packing = Packing(region.model, groups, worth, placed=people, most=most)
        relaxed = packing.relax(region.mine)
        if not math.isfinite(relaxed) or relaxed <= before + GAIN:
            return False
        among = packing.nearest(packing.within(relaxed - before), count=COLUMNS)
        choice = packing.choose(np.union1d(among, region.mine), least=before + GAIN, nodes=NODES, seconds=None)
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
