"""Fairness at the end of a search: cohorts far below the mean are dissolved, and their people seated better.

What holds a cohort down is mostly somebody who is seldom free. Any good cohort for them takes people out of others,
which then need somebody from still others. So the choice is made over dozens of cohorts at once: every better group
found for each person of the weak cohort, and all that lies near the other cohorts (`near.py`), packed to as many
people, with a price on what each group is short of the floor.

Method: large neighbourhood search (Shaw 1998) over cyclic transfers (Thompson and Orlin 1989).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import numpy as np

from matching.engine.arrays import Ints
from matching.engine.groups import Groups, groups_with_first, joined
from matching.engine.model import part_of
from matching.engine.near import Nearby
from matching.engine.plan import Plan
from matching.engine.regions import GAIN, Region, Regions, seats_without
from matching.engine.week import bits
from matching.engine.worth import Worth

LIFT_TO = 0.8
MARGIN = 1.01
"""The mean rises with the weak cohorts: the floor is set so much above what is wanted."""
SHORT_COST = 50.0
COHORTS_AT_ONCE = 60
"""At the first try; at the second twice as many, and so on."""
WAITING_AT_ONCE = 60
TRIES_FOR_WEAK = 3
LENDERS = 8
PARTNERS = 100
MOST_GROUPS = 16_000
GROUPS_OF_ONE = 1_500
MATES = 2 / 3
"""The share of the cohorts that are taken for the people in them whom the weak one wants."""
COLUMNS = 1_000
NODES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Better groups for one unit of a weak cohort, the best first; `names` are their units in the whole."""

    names: list[int]
    groups: Groups

    def units(self, *, none: int) -> Ints:
        """Return the units of each group by their names in the whole, padded with `none`."""
        named: Ints = np.array([*self.names, none], np.int64)[self.groups.units]
        return named

    def within(self, place: Ints, *, sizes: Ints) -> Groups:
        """Return those groups all of whose units have a place (-1: none), by those places."""
        units = place[self.units(none=len(place) - 1)]
        inside = np.flatnonzero((units >= 0).all(axis=1))
        units = np.sort(units[inside], axis=1)
        return replace(self.groups.only(inside), units=units.astype(np.int16), people=sizes[units].sum(axis=1))


class Lifting:
    """A plan whose weak cohorts are lifted. Deterministic for a seed."""

    def __init__(self, worth: Worth, plan: Plan, *, possible: int, seed: int, most: int | None = None) -> None:
        self.worth, self.plain, self.plan, self.model = worth, worth.plain(), plan, plan.model
        self.possible = possible
        self.regions = Regions(worth, plan, possible=possible, seed=seed, most=most)
        self.random = self.regions.random
        self.qualities: dict[tuple[int, ...], float] = {}

    def run(self, *, turns: int, stop: Callable[[], bool]) -> None:
        """Lift the weakest cohort, then who is weakest now, until each is worth `LIFT_TO` of the mean."""
        tried: dict[tuple[int, ...], int] = {}
        for _ in range(turns):
            quality = {number: self._quality(number) for number in self.plan.numbers()}
            mean = sum(value * self.plan.draft(number).size for number, value in quality.items()) / self.plan.placed
            weak = [
                (value, number)
                for number, value in quality.items()
                if value < LIFT_TO * mean and tried.get(self._key(number), 0) < TRIES_FOR_WEAK
            ]
            if not weak or stop():
                break
            _, number = min(weak)
            key = self._key(number)
            tried[key] = tried.get(key, 0) + 1
            region = self._region(number, floor=LIFT_TO * MARGIN * mean, cohorts=COHORTS_AT_ONCE * tried[key])
            self.regions.choose(region, columns=COLUMNS, nodes=NODES)

    def _key(self, number: int) -> tuple[int, ...]:
        return tuple(sorted(self.plan.draft(number).units))

    def _quality(self, number: int) -> float:
        key = self._key(number)
        if key not in self.qualities:
            people = [person for unit in key for person in self.model.members[unit]]
            empty = len(self.worth.arrays.real) - 1
            row = np.array([[*people, *[empty] * (self.model.params.size_max - len(people))]], np.int64)
            self.qualities[key] = float(self.plain.of(row)[0]) / len(people)
        return self.qualities[key]

    def _region(self, number: int, *, floor: float, cohorts: int) -> Region:
        """Return a weak cohort and those round it as a problem in which what is below the floor costs much."""
        plan, model = self.plan, self.model
        lenders = self._lenders(number)
        wanted = self._wanted_by(number, lenders)
        numbers = self._cohorts_for([number, *lenders], wanted, count=cohorts)
        units = sorted([*(unit for one in numbers for unit in plan.draft(one).units), *self._waiting(numbers)])
        host_starts, load = seats_without(plan, numbers)
        part = part_of(model, units, host_starts=host_starts, host_load=load)
        place = np.full(len(model.members) + 1, -1, np.int64)
        place[units], place[-1] = np.arange(len(units)), len(units)
        standing = [(sorted(place[plan.draft(one).units].tolist()), plan.draft(one)) for one in numbers]
        nearby = Nearby(part)
        groups = joined([nearby.groups(standing), *(one.within(place, sizes=nearby.size) for one in wanted)])
        mine = groups.places_of([inside for inside, _ in standing], units=len(units))
        quality = self.plain.of_groups(groups, part) / groups.people
        # Below the floor there is only what a weak cohort could become: the price would keep out the rest anyway.
        weak = [kind for kind, one in enumerate(numbers) if self._quality(one) < floor]
        of_weak = np.isin(groups.kind, weak) | (groups.kind >= len(numbers))
        kept = np.union1d(np.flatnonzero((quality >= floor) | of_weak & (quality > self._quality(number))), mine)
        groups = groups.only(kept)
        worth = self.worth.of_groups(groups, part) - SHORT_COST * np.maximum(0.0, floor - quality[kept])
        return Region(numbers, units, part, groups, worth, np.searchsorted(kept, mine))

    def _seldom(self, number: int) -> int:
        """Return the unit of a cohort that is free at the fewest starts."""
        model = self.model
        return min(self.plan.draft(number).units, key=lambda unit: (model.starts[unit] & model.hosted).bit_count())

    def _lenders(self, number: int) -> list[int]:
        """Draw cohorts at whose seats the most seldom free of a weak one could meet as well."""
        plan, starts = self.plan, self.model.starts[self._seldom(number)]
        could = [one for one in plan.numbers() if one != number and starts >> plan.draft(one).start & 1]
        return [could[place] for place in self.random.permutation(len(could))[:LENDERS].tolist()]

    def _wanted_by(self, number: int, lenders: list[int]) -> list[Wanted]:
        """Return for each unit of a weak cohort the better groups among those with whom they share most.

        They meet where the cohort itself and idle facilitators can; those of the most seldom free also at the lenders'.
        """
        arrays, plan, model = self.worth.arrays, self.plan, self.model
        seldom = self._seldom(number)
        own, lent = seats_without(plan, [number]), seats_without(plan, [number, *lenders])
        among = (model.everyone & ~plan.unplaced) | self.possible & plan.unplaced
        people, found = self.regions.person, []
        for unit in plan.draft(number).units:
            host_starts, load = lent if unit == seldom else own
            starts = model.starts[unit] & reduce(or_, host_starts)
            could = [
                other
                for other in bits(among & ~model.barred[unit] & ~(1 << unit))
                if model.starts[other] & starts and model.languages[other] & model.languages[unit]
            ]
            # Summed in one order on however many cores.
            shared = np.einsum("pt,t->p", arrays.vectors[people[could]], arrays.vectors[people[unit]])
            names = [unit, *(could[one] for one in np.argsort(-shared, kind="stable")[:PARTNERS].tolist())]
            part = part_of(model, names, host_starts=[mask & starts for mask in host_starts], host_load=load)
            groups = groups_with_first(part, most=MOST_GROUPS)
            quality = self.plain.of_groups(groups, part) / groups.people
            best = np.argsort(-quality, kind="stable")[:GROUPS_OF_ONE]
            better = best[quality[best] > self._quality(number) + GAIN]
            found.append(Wanted(names, groups.only(better)))
        return found

    def _cohorts_for(self, first: list[int], wanted: list[Wanted], *, count: int) -> list[int]:
        """Return a weak cohort and its lenders, those whose people it wants most, and some that could exchange."""
        where = [*self.plan.where, -1]
        numbers = dict.fromkeys(first)
        for one in wanted:
            mine: dict[int, None] = {}
            for units in one.units(none=len(self.model.members)).tolist():
                mates = {where[unit] for unit in units} - {-1}
                if len({*mine, *mates}) > MATES * count / len(wanted):
                    break
                mine |= dict.fromkeys(sorted(mates))
            numbers |= mine
        numbers |= dict.fromkeys(self.regions.around(first[0], count - len(numbers), filled=True))
        return list(numbers)

    def _waiting(self, numbers: list[int]) -> list[int]:
        plan, model = self.plan, self.model
        starts = 0
        for number in numbers:
            starts |= 1 << plan.draft(number).start
        waiting = [unit for unit in bits(plan.unplaced & self.possible) if model.starts[unit] & starts]
        chosen = np.sort(self.random.permutation(len(waiting))[:WAITING_AT_ONCE])
        return [waiting[one] for one in chosen.tolist()]
