"""Quality by annealing: two seats change places, many pairs of cohorts at once.

Each proposal exchanges what sits in two seats of two rows. An empty seat makes it a relocation;
rows of one seat hold the unplaced, so an exchange with them replaces a member. A row takes part in one
proposal of a batch at most, which makes the proposals of a batch independent. Now and then cohorts
change their facilitator and start, which costs no quality and opens other exchanges. Small
problems are annealed in several copies side by side, and the best copy is kept.

Method: simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) with geometric cooling.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import Arrays, Bools, Floats, Ints, held, qualities
from matching.engine.model import Model
from matching.engine.plan import Plan
from matching.engine.week import bits

HOT, COLD = 0.12, 0.015
SOFT_COST = 0.25
FAIR_FLOOR, FAIR_WEIGHT = 0.55, 8.0
OVERSAMPLE = 6


@dataclass(slots=True)
class Rows:
    """Cohorts and unplaced people of all copies; row r of copy k is k * block + r."""

    members: Ints
    size: Ints
    students: Ints
    start: Ints
    host: Ints
    host_languages: np.ndarray[tuple[int], np.dtype[np.uint64]]
    least: Ints
    most: Ints
    least_generation: Ints
    student_sum: Floats
    alumni_sum: Floats
    energy: np.ndarray[tuple[int], np.dtype[np.float64]]
    bench: Bools


class Annealer:
    """Copies of one plan, annealed side by side. Deterministic for a seed."""

    def __init__(self, arrays: Arrays, plan: Plan, *, possible: int, copies: int, seed: int, fair: bool) -> None:
        self.arrays, self.plan, self.model = arrays, plan, plan.model
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.copies, self.fair = copies, fair
        self.numbers = plan.numbers()
        self.cohorts = len(self.numbers)
        model = self.model
        waiting = [model.members[unit][0] for unit in bits(plan.unplaced & possible) if len(model.members[unit]) == 1]
        self.bench = len(waiting)
        self.block = self.cohorts + self.bench
        self.rows = self._lay_out(waiting)
        self.load = [list(plan.load) for _ in range(copies)]
        self.taken = [list(plan.taken) for _ in range(copies)]
        self.host_choices = [np.array(hosts, np.int64) for hosts in model.hosts_at]
        self._recount()

    def _lay_out(self, waiting: list[int]) -> Rows:
        model, plan, params = self.model, self.plan, self.arrays.params
        empty, seats = len(self.arrays.real) - 1, params.size_max
        members = np.full((self.block, seats), empty, np.int64)
        start = np.full(self.block, params.week_slots, np.int64)
        host = np.full(self.block, -1, np.int64)
        languages = np.full(self.block, 2**64 - 1, np.uint64)
        for row, number in enumerate(self.numbers):
            draft = plan.draft(number)
            people = [person for unit in draft.units for person in model.members[unit]]
            members[row, : len(people)] = people
            start[row], host[row] = draft.start, draft.host
            languages[row] = model.host_languages[draft.host]
        for place, person in enumerate(waiting):
            members[self.cohorts + place, 0] = person
        bench = np.arange(self.block) >= self.cohorts
        copies = self.copies
        zeros = np.zeros((self.block * copies, self.arrays.vectors.shape[1]), np.float32)
        return Rows(
            members=np.tile(members, (copies, 1)),
            size=np.zeros(self.block * copies, np.int64),
            students=np.zeros(self.block * copies, np.int64),
            start=np.tile(start, copies),
            host=np.tile(host, copies),
            host_languages=np.tile(languages, copies),
            least=np.tile(np.where(bench, 1, params.size_min), copies),
            most=np.tile(np.where(bench, 1, params.size_max), copies),
            least_generation=np.tile(np.where(bench, 0, params.min_per_generation), copies),
            student_sum=zeros,
            alumni_sum=zeros.copy(),
            energy=np.zeros(self.block * copies),
            bench=np.tile(bench, copies),
        )

    def _recount(self) -> None:
        """Sum every row afresh, so that rounding does not pile up."""
        arrays, rows = self.arrays, self.rows
        rows.size[:] = arrays.real[rows.members].sum(axis=1)
        rows.students[:] = arrays.student[rows.members].sum(axis=1)
        for first in range(0, len(rows.members), 4096):
            part = slice(first, first + 4096)
            people = rows.members[part]
            of_students = arrays.student[people][:, :, None].astype(np.float32)
            vectors = arrays.vectors[people]
            rows.student_sum[part] = (vectors * of_students).sum(axis=1)
            rows.alumni_sum[part] = (vectors * (1 - of_students)).sum(axis=1)
            rows.energy[part] = self._energy(
                people, rows.students[part], rows.size[part], rows.student_sum[part], rows.alumni_sum[part]
            )
        rows.energy[rows.bench] = 0.0

    def _energy(
        self, people: Ints, students: Ints, size: Ints, student_sum: Floats, alumni_sum: Floats
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        quality = qualities(self.arrays, people, students, size, student_sum, alumni_sum)
        if self.fair:
            quality = quality - FAIR_WEIGHT * np.maximum(0.0, FAIR_FLOOR - quality) ** 2
        total = size * quality
        if self.arrays.soft is not None:
            for seat in range(people.shape[1]):
                total = total - SOFT_COST / 2 * held(self.arrays.soft, people[:, seat], people)
        return total

    def run(self, *, batches: int, stop: Callable[[], bool], report: Callable[[float], None]) -> None:
        """Cool down over a number of batches; a stop keeps the plan valid and the best so far."""
        if not self.cohorts or self.block < 2:
            return
        for batch in range(batches):
            heat = HOT * (COLD / HOT) ** (batch / batches)
            self._exchange(heat)
            if batch % 25 == 0:
                self._change_starts()
                if batch % 100 == 0:
                    self._recount()
                    report(batch / batches)
                if stop():
                    break
        self._recount()

    def _exchange(self, heat: float) -> None:
        arrays, rows, random = self.arrays, self.rows, self.random
        params = arrays.params
        wanted = OVERSAMPLE * max(4, self.cohorts * self.copies // 2)
        copy = random.integers(0, self.copies, wanted) * self.block
        one = copy + random.integers(0, self.cohorts, wanted)
        other = copy + random.integers(0, self.cohorts, wanted)
        if self.bench:
            from_bench = random.random(wanted) < 0.4
            other[from_bench] = (copy + self.cohorts + random.integers(0, self.bench, wanted))[from_bench]
        seat = random.integers(0, params.size_max, wanted)
        other_seat = np.where(rows.bench[other], 0, random.integers(0, params.size_max, wanted))
        leaving, coming = rows.members[one, seat], rows.members[other, other_seat]
        more = arrays.real[coming] - arrays.real[leaving]
        more_students = arrays.student[coming] - arrays.student[leaving]
        possible = (
            arrays.free[coming, rows.start[one]]
            & arrays.free[leaving, rows.start[other]]
            & (one != other)
            & (leaving != coming)
            & ~arrays.fixed[leaving]
            & ~arrays.fixed[coming]
        )
        for row, sign in ((one, 1), (other, -1)):
            size = rows.size[row] + sign * more
            students = rows.students[row] + sign * more_students
            least = rows.least_generation[row]
            possible &= (size >= rows.least[row]) & (size <= rows.most[row])
            possible &= (students >= least) & (size - students >= least)
        index = np.flatnonzero(possible)
        owner = np.full(len(rows.members), -1, np.int64)
        owner[one[index]] = index
        owner[other[index]] = index
        index = index[(owner[one[index]] == index) & (owner[other[index]] == index)]

        one, other, seat, other_seat = one[index], other[index], seat[index], other_seat[index]
        leaving, coming = leaving[index], coming[index]
        first, second = rows.members[one], rows.members[other]
        place = np.arange(len(index))
        first[place, seat] = coming
        second[place, other_seat] = leaving
        keep = (held(arrays.hard, coming, first) == 0) & (held(arrays.hard, leaving, second) == 0)
        for row, people in ((one, first), (other, second)):
            keep &= (np.bitwise_and.reduce(arrays.languages[people], axis=1) & rows.host_languages[row]) != 0
            if params.min_windows > 1:
                common = np.bitwise_and.reduce(arrays.windows[people], axis=1)
                windows = np.bitwise_count(common).sum(axis=1, dtype=np.int64)
                keep &= (windows >= params.min_windows) | rows.bench[row]
        chosen = np.flatnonzero(keep)
        if not len(chosen):
            return
        row = np.concatenate((one[chosen], other[chosen]))
        people = np.concatenate((first[chosen], second[chosen]))
        enters = np.concatenate((coming[chosen], leaving[chosen]))
        leaves = np.concatenate((leaving[chosen], coming[chosen]))
        size = rows.size[row] + arrays.real[enters] - arrays.real[leaves]
        students = rows.students[row] + arrays.student[enters] - arrays.student[leaves]
        enters_student = arrays.student[enters][:, None].astype(np.float32)
        leaves_student = arrays.student[leaves][:, None].astype(np.float32)
        into, out_of = arrays.vectors[enters], arrays.vectors[leaves]
        student_sum = rows.student_sum[row] + into * enters_student - out_of * leaves_student
        alumni_sum = rows.alumni_sum[row] + into * (1 - enters_student) - out_of * (1 - leaves_student)
        energy = self._energy(people, students, size, student_sum, alumni_sum)
        energy[rows.bench[row]] = 0.0
        gain = energy - rows.energy[row]
        half = len(chosen)
        total = gain[:half] + gain[half:]
        taken = total >= heat * np.log(random.random(half) + 1e-300)
        both = np.concatenate((taken, taken))
        row = row[both]
        rows.members[row] = people[both]
        rows.size[row], rows.students[row] = size[both], students[both]
        rows.student_sum[row], rows.alumni_sum[row] = student_sum[both], alumni_sum[both]
        rows.energy[row] = energy[both]

    def _change_starts(self) -> None:
        """Give cohorts a random other start that suits all, led by anybody who is free then."""
        arrays, rows, random, model = self.arrays, self.rows, self.random, self.model
        slots = arrays.params.week_slots
        all_rows = np.flatnonzero(~rows.bench)
        if len(all_rows) > 400:
            all_rows = np.sort(random.choice(all_rows, 400, replace=False))
        common = np.logical_and.reduce(arrays.free[rows.members[all_rows], :slots], axis=1)
        spoken = np.bitwise_and.reduce(arrays.languages[rows.members[all_rows]], axis=1)
        picked = (common * random.random(common.shape)).argmax(axis=1)
        draws = random.random(len(all_rows))
        for row, start, language, draw in zip(
            all_rows.tolist(), picked.tolist(), spoken.tolist(), draws.tolist(), strict=True
        ):
            hosts = model.hosts_at[start]
            if not hosts:
                continue
            host = hosts[int(draw * len(hosts))]
            if not model.host_languages[host] & language:
                continue
            copy = row // self.block
            load, taken = self.load[copy], self.taken[copy]
            old_host, old_start = int(rows.host[row]), int(rows.start[row])
            load[old_host] -= 1
            taken[old_host] &= ~(1 << old_start)
            if load[host] < model.host_load[host] and not taken[host] & model.near[start]:
                rows.host[row], rows.start[row] = host, start
                rows.host_languages[row] = model.host_languages[host]
                old_host, old_start = host, start
            load[old_host] += 1
            taken[old_host] |= 1 << old_start

    def best_plan(self) -> Plan:
        """Return the copy with the highest energy as a plan."""
        rows, model = self.rows, self.model
        totals = rows.energy.reshape(self.copies, self.block).sum(axis=1)
        first = int(totals.argmax()) * self.block
        unit_of = {person: unit for unit, people in enumerate(model.members) for person in people}
        plan = Plan(model)
        for row in range(first, first + self.cohorts):
            number = plan.open(int(rows.host[row]), int(rows.start[row]))
            people = [int(person) for person in rows.members[row] if self.arrays.real[person]]
            for unit in sorted({unit_of[person] for person in people}):
                plan.add(unit, number)
        return plan


def energy_of(annealer: Annealer) -> float:
    """Return the best total energy over the copies."""
    totals = annealer.rows.energy.reshape(annealer.copies, annealer.block).sum(axis=1)
    return float(totals.max())


__all__ = ["Annealer", "Model", "energy_of"]
