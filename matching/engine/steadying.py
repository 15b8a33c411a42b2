"""Plans that go on when somebody leaves: cohorts change people until few are left whose place nobody could take.

Somebody is missed when their cohort breaks the rules without them and nobody could step in: none who waits, and none
whom another cohort can spare, at any time that the others share with a facilitator who is free then. Exchanges and
moves are tried where somebody is missed; one is kept that leaves no more people missed, and costs little company.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from matching.engine.model import Model
from matching.engine.plan import Plan
from matching.engine.week import bits
from matching.engine.worth import Worth

AT_THE_MISSED = 0.6
MOST_LOST = 0.015
"""The quality that a plan may give up on the way, for each person."""


@dataclass(slots=True)
class _Cohort:
    units: list[int]
    host: int
    start: int


class Steadying:
    """A plan that is made steadier. Deterministic for a seed."""

    def __init__(self, worth: Worth, plan: Plan, *, possible: int, seed: int) -> None:
        self.worth, self.model, self.random = copy(worth), plan.model, Random(seed)  # noqa: S311
        self.worth.options = replace(worth.options, steady=False)
        self.waiting = [unit for unit in bits(plan.unplaced & possible) if plan.model.size[unit] == 1]
        self.cohorts = [
            _Cohort(list(draft.units), draft.host, draft.start) for draft in map(plan.draft, plan.numbers())
        ]
        self.empty = len(worth.arrays.real) - 1

    def run(self, *, steps: int, stop: Callable[[], bool]) -> Plan:
        """Try so many exchanges and return the steadiest plan met, of those the one in the best company."""
        missed = self.missed()
        value = [self._worth(cohort) for cohort in self.cohorts]
        least = sum(value) - MOST_LOST * sum(sum(self._counts(one.units)) for one in self.cohorts)
        best = (len(missed), -sum(value), [_Cohort(list(one.units), one.host, one.start) for one in self.cohorts])
        for _ in range(steps if len(self.cohorts) > 1 else 0):
            if not missed or stop():
                break
            changed = self._change(self._place(missed))
            if changed is None:
                continue
            places, before = changed
            after = [self._worth(self.cohorts[place]) for place in places]
            total = sum(value) - sum(value[place] for place in places) + sum(after)
            now = self.missed() if total >= least else None
            if now is None or len(now) > len(missed):
                for place, units in zip(places, before, strict=True):
                    self.cohorts[place].units = units
                continue
            missed = now
            for place, worth in zip(places, after, strict=True):
                value[place] = worth
            if (len(missed), -total) < best[:2]:
                best = (len(missed), -total, [_Cohort(list(one.units), one.host, one.start) for one in self.cohorts])
        self.cohorts = best[2]
        return self._plan()

    def _place(self, missed: list[int]) -> int:
        """Draw the cohort to change: mostly one of which somebody is missed, else any that could come to spare one."""
        if self.random.random() < AT_THE_MISSED:
            return self.random.choice(missed)
        return self.random.randrange(len(self.cohorts))

    def missed(self) -> list[int]:
        """Return for each person who would be missed where they sit."""
        model = self.model
        spare: list[list[tuple[int, int]]] = [[], []]
        for place, cohort in enumerate(self.cohorts):
            for student in (0, 1):
                if self._stands_without(cohort, student):
                    spare[student] += [(one, place) for one in cohort.units if self._is(one, student)]
        for one in self.waiting:
            spare[model.students[one]].append((one, -1))
        hosts = self._idle_hosts()
        found = []
        for place, cohort in enumerate(self.cohorts):
            for student in (0, 1):
                if not self._stands_without(cohort, student):
                    found += [
                        place
                        for one in cohort.units
                        if self._is(one, student) and not self._can_be_mended(place, one, spare, hosts)
                    ]
        return found

    def _is(self, unit: int, student: int) -> bool:
        return self.model.size[unit] == 1 and self.model.students[unit] == student

    def _stands_without(self, cohort: _Cohort, student: int) -> bool:
        """Whether a cohort keeps its size and generations when a student (or somebody of the alumni) leaves it."""
        params, students, alumni = self.model.params, *self._counts(cohort.units)
        students, alumni = students - student, alumni - 1 + student
        return students + alumni >= params.size_min and min(students, alumni) >= params.min_per_generation

    def _counts(self, units: list[int]) -> tuple[int, int]:
        return sum(self.model.students[one] for one in units), sum(self.model.alumni[one] for one in units)

    def _idle_hosts(self) -> list[int]:
        """Return for each facilitator the starts at which they could lead one more cohort."""
        model = self.model
        left, starts = list(model.host_load), list(model.host_starts)
        for cohort in self.cohorts:
            left[cohort.host] -= 1
            starts[cohort.host] &= ~model.near[cohort.start]
        return [mask if more > 0 else 0 for mask, more in zip(starts, left, strict=True)]

    def _can_be_mended(self, place: int, leaver: int, spare: list[list[tuple[int, int]]], hosts: list[int]) -> bool:
        """Whether somebody could take the place of a person who leaves, at some time that suits the rest."""
        model, cohort = self.model, self.cohorts[place]
        params = model.params
        rest = [one for one in cohort.units if one != leaver]
        common, languages, barred = -1, -1, 0
        for one in rest:
            common &= model.starts[one]
            languages &= model.languages[one]
            barred |= model.barred[one]
        students, alumni = self._counts(rest)
        own = self._starts_of_host(place)
        times = [(common & own, model.host_languages[cohort.host])]
        times += [(common & mask, model.host_languages[host]) for host, mask in enumerate(hosts) if common & mask]
        for student in (0, 1):
            if min(students + student, alumni + 1 - student) < params.min_per_generation:
                continue
            if not params.size_min <= students + alumni + 1 <= params.size_max:
                continue
            for one, giver in spare[student]:
                if giver == place or barred >> one & 1:
                    continue
                shared = common & model.starts[one]
                if shared.bit_count() < params.min_windows:
                    continue
                spoken = languages & model.languages[one]
                if any(shared & starts and spoken & speaks for starts, speaks in times):
                    return True
        return False

    def _starts_of_host(self, place: int) -> int:
        """Return when the facilitator of a cohort could lead it: now, or whenever nothing else of theirs is near."""
        model, cohort = self.model, self.cohorts[place]
        starts = model.host_starts[cohort.host]
        for other, one in enumerate(self.cohorts):
            if other != place and one.host == cohort.host:
                starts &= ~model.near[one.start]
        return starts | 1 << cohort.start

    def _change(self, place: int) -> tuple[tuple[int, int], tuple[list[int], list[int]]] | None:
        """Exchange two people of a cohort and another, or move one over; return where, and who sat there before."""
        random = self.random
        other = random.randrange(len(self.cohorts) - 1)
        other += other >= place
        here, there = self.cohorts[place], self.cohorts[other]
        one, two = random.choice([*here.units, None]), random.choice([*there.units, None])
        if one is two is None or any(unit is not None and self.model.size[unit] > 1 for unit in (one, two)):
            return None
        before = (here.units, there.units)
        here.units = [unit for unit in (*here.units, two) if unit is not None and unit != one]
        there.units = [unit for unit in (*there.units, one) if unit is not None and unit != two]
        if self._keeps(here) and self._keeps(there):
            return (place, other), before
        here.units, there.units = before
        return None

    def _keeps(self, cohort: _Cohort) -> bool:
        """Whether a cohort keeps the rules."""
        model, params = self.model, self.model.params
        students, alumni = self._counts(cohort.units)
        if not params.size_min <= students + alumni <= params.size_max:
            return False
        if min(students, alumni) < params.min_per_generation:
            return False
        common, languages, barred, mask = -1, model.host_languages[cohort.host], 0, 0
        for one in cohort.units:
            common &= model.starts[one]
            languages &= model.languages[one]
            barred |= model.barred[one]
            mask |= 1 << one
        meets = common >> cohort.start & 1 and common.bit_count() >= params.min_windows
        return bool(meets and languages and not barred & mask)

    def _worth(self, cohort: _Cohort) -> float:
        people = [person for unit in cohort.units for person in self.model.members[unit]]
        room = self.model.params.size_max - len(people)
        return float(self.worth.of(np.array([[*people, *[self.empty] * room]], np.int64))[0])

    def _plan(self) -> Plan:
        model: Model = self.model
        plan = Plan(model)
        for cohort in self.cohorts:
            number = plan.open(cohort.host, cohort.start)
            for unit in cohort.units:
                plan.add(unit, number)
        return plan
