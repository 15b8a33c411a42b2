"""Quality by annealing: two seats change places, thousands of proposals judged at once.

A proposal exchanges what sits in two seats of two rows. An empty seat makes it a relocation; rows of one seat
hold the unplaced, so that an exchange with them replaces a member. Proposals are drawn only from rows whose people
could go to each other's start; all are judged against the same plan, and of those that are accepted each row takes
part in one. Now and then cohorts change their facilitator and start, which costs no quality and opens other
exchanges. Of small problems several plans are annealed side by side, since it matters much where one begins.

Method: simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) with geometric cooling.
"""

from collections.abc import Callable, Sequence

import numpy as np

from matching.engine.arrays import Bools, Ints, held
from matching.engine.plan import Plan
from matching.engine.week import bits
from matching.engine.worth import Worth, Worths

HOT, COLD = 0.12, 0.004
ROWS_IN_ROUND = 480
BATCHES_IN_ROUND = 20
RELOCATIONS = 0.15
ACCEPTED_SHARE = 0.3


class Annealer:
    """Plans of one problem, annealed side by side as copies. Deterministic for a seed.

    Row r of copy k is k * block + r; the last rows of a block are the bench of the unplaced.
    Where a plan has fewer, they are empty.
    """

    def __init__(self, worth: Worth, plans: Sequence[Plan], *, possible: int, seed: int) -> None:
        self.worth, self.arrays, self.model = worth, worth.arrays, plans[0].model
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.copies = len(plans)
        self.movable: Bools = (self.arrays.real == 1) & ~self.arrays.fixed
        self.cohorts = max(len(plan.numbers()) for plan in plans)
        waiting = [self._waiting(plan, possible) for plan in plans]
        self.block = max(len(plan.numbers()) + len(alone) for plan, alone in zip(plans, waiting, strict=True))
        self._lay_out(plans, waiting)
        self.load = [list(plan.load) for plan in plans]
        self.taken = [list(plan.taken) for plan in plans]
        self.batch_size = max(16, self.cohorts * self.copies // 2)
        self._recount()

    def _waiting(self, plan: Plan, possible: int) -> list[int]:
        members = self.model.members
        return [members[unit][0] for unit in bits(plan.unplaced & possible) if len(members[unit]) == 1]

    def _lay_out(self, plans: Sequence[Plan], waiting: Sequence[Sequence[int]]) -> None:
        model, params, rows = self.model, self.arrays.params, self.block * len(plans)
        self.members = np.full((rows, params.size_max), len(self.arrays.real) - 1, np.int64)
        self.start = np.full(rows, params.week_slots, np.int64)
        self.host = np.full(rows, -1, np.int64)
        self.languages = np.full(rows, 2**64 - 1, np.uint64)
        self.bench: Bools = np.ones(rows, np.bool_)
        for copy, (plan, alone) in enumerate(zip(plans, waiting, strict=True)):
            first = copy * self.block
            for row, number in enumerate(plan.numbers(), first):
                draft = plan.draft(number)
                people = [person for unit in draft.units for person in model.members[unit]]
                self.members[row, : len(people)] = people
                self.start[row], self.host[row] = draft.start, draft.host
                self.languages[row] = model.host_languages[draft.host]
                self.bench[row] = False
            for row, person in enumerate(alone, first + len(plan.numbers())):
                self.members[row, 0] = person
        self.least = np.where(self.bench, 1, params.size_min)
        self.most = np.where(self.bench, 1, params.size_max)
        self.least_generation = np.where(self.bench, 0, params.min_per_generation)

    def _recount(self) -> None:
        """Sum every row afresh, so that rounding does not pile up."""
        self.students, self.alumni = self.worth.counts(self.members)
        self.likeness = self.worth.likenesses(self.members)
        self.value = self.worth.of(self.members)
        self.value[self.bench] = 0.0

    def run(
        self, *, batches: int, stop: Callable[[], bool], report: Callable[[float], None], coldest: float = COLD
    ) -> None:
        """Cool down over a number of batches; a stop keeps the plan valid and the best so far."""
        if not self.cohorts or self.block < 2:
            return
        for first in range(0, batches, BATCHES_IN_ROUND):
            self._change_starts()
            pairs = self._pairs()
            if len(pairs.weight):
                for batch in range(first, min(batches, first + BATCHES_IN_ROUND)):
                    self._exchange(pairs, HOT * (coldest / HOT) ** (batch / batches))
            if first % 2000 == 0:
                self._recount()
            report(first / batches)
            if stop():
                break
        self._recount()

    def _pairs(self) -> "_Pairs":
        """Choose rows for the next batches and weigh each two of them by their exchanges that suit in time."""
        arrays, random = self.arrays, self.random
        rows = np.arange(len(self.members))
        if len(rows) > ROWS_IN_ROUND:
            if self.copies > 1:
                few = max(1, ROWS_IN_ROUND // self.block)
                copies = random.permutation(self.copies)[:few]
                rows = np.concatenate([np.arange(self.block) + copy * self.block for copy in np.sort(copies)])
            else:
                rows = np.sort(random.permutation(len(rows))[:ROWS_IN_ROUND])
        people = self.members[rows]
        suits = arrays.free[people[:, :, None], self.start[rows][None, None, :]]
        able = (suits & self.movable[people][:, :, None]).sum(axis=1, dtype=np.int32)
        size = self.students[rows] + self.alumni[rows]
        swaps = np.triu(able * able.T, 1)
        moves = able * ((size > self.least[rows])[:, None] & (size < self.most[rows])[None, :])
        moves[self.bench[rows]] = 0
        moves[:, self.bench[rows]] = 0
        np.fill_diagonal(moves, 0)
        if self.copies > 1:
            copy = rows // self.block
            same = copy[:, None] == copy[None, :]
            swaps, moves = swaps * same, moves * same
        bench = self.bench[rows]
        swaps[bench[:, None] & bench[None, :]] = 0
        one, other = np.nonzero(swaps)
        mover, target = np.nonzero(moves)
        weight = swaps[one, other].astype(np.float64)
        moving = moves[mover, target].astype(np.float64)
        if len(moving) and len(weight):
            moving *= min(1.0, RELOCATIONS * weight.sum() / moving.sum())
        return _Pairs(
            rows[np.concatenate((one, mover))],
            rows[np.concatenate((other, target))],
            np.concatenate((np.zeros(len(one), np.bool_), np.ones(len(mover), np.bool_))),
            np.concatenate((weight, moving)),
        )

    def _draw(self, pairs: "_Pairs") -> tuple[Ints, Ints, Ints, Ints]:
        """Draw proposals: a row and seat each of two rows; those of one row and both empty seats are left out."""
        random = self.random
        drawn = np.searchsorted(pairs.ends, random.random(self.batch_size) * pairs.ends[-1])
        drawn = np.minimum(drawn, len(pairs.ends) - 1)
        one, other, moves = pairs.one[drawn], pairs.other[drawn], pairs.moves[drawn]
        seat = self._seat(one, other)
        back = self._seat(other, one)
        empty = self.arrays.real[self.members[other]].argmin(axis=1)
        other_seat = np.where(moves, empty, back)
        return one, other, seat, other_seat

    def _seat(self, rows: Ints, towards: Ints) -> Ints:
        """Draw one seat of each row whose person could meet at the other row's start."""
        arrays, people = self.arrays, self.members[rows]
        able = arrays.free[people, self.start[towards][:, None]] & self.movable[people]
        chosen: Ints = (able * self.random.random(able.shape, dtype=np.float32)).argmax(axis=1)
        return chosen

    def _exchange(self, pairs: "_Pairs", heat: float) -> None:
        arrays, params = self.arrays, self.arrays.params
        one, other, seat, other_seat = self._draw(pairs)
        leaving, coming = self.members[one, seat], self.members[other, other_seat]
        count = len(one)
        row = np.concatenate((one, other))
        enters, leaves = np.concatenate((coming, leaving)), np.concatenate((leaving, coming))
        students = self.students[row] + arrays.student[enters] - arrays.student[leaves]
        alumni = self.alumni[row] + (arrays.real - arrays.student)[enters] - (arrays.real - arrays.student)[leaves]
        size, least = students + alumni, self.least_generation[row]
        keeps = arrays.free[enters, self.start[row]] & ~arrays.fixed[enters] & ~arrays.fixed[leaves]
        keeps &= (size >= self.least[row]) & (size <= self.most[row]) & (students >= least) & (alumni >= least)
        kept = np.flatnonzero(keeps[:count] & keeps[count:] & (leaving != coming))
        both = np.concatenate((kept, kept + count))
        seats = np.concatenate((seat[kept], other_seat[kept]))
        row, enters, leaves = row[both], enters[both], leaves[both]
        students, alumni = students[both], alumni[both]
        before = self.members[row]
        place = np.arange(len(row))
        people = before.copy()
        people[place, seats] = enters
        keeps = held(arrays.hard, enters, people) == 0
        spoken = self.languages[row]
        for column in range(people.shape[1]):
            spoken &= arrays.languages[people[:, column]]
        keeps &= spoken != 0
        if params.min_windows > 1:
            common = np.bitwise_and.reduce(arrays.windows[people], axis=1)
            windows = np.bitwise_count(common).sum(axis=1, dtype=np.int64)
            keeps &= (windows >= params.min_windows) | self.bench[row]
        half = len(kept)
        kept = np.flatnonzero(keeps[:half] & keeps[half:])
        if not len(kept):
            self._adapt(0)
            return
        both = np.concatenate((kept, kept + half))
        row, people, before, place = row[both], people[both], before[both], np.arange(len(both))
        enters, leaves, seats = enters[both], leaves[both], seats[both]
        students, alumni = students[both], alumni[both]
        gone = self.worth.pull(leaves, before)
        come = self.worth.pull(enters, people)
        gone[place, seats] = come[place, seats] = 0
        likeness = self.likeness[row] + (come - gone).sum(axis=1, dtype=np.float64)
        value = self.worth.of_counted(people, likeness, students, alumni)
        value[self.bench[row]] = 0.0
        half = len(kept)
        gain = value - self.value[row]
        taken = np.flatnonzero(gain[:half] + gain[half:] >= heat * np.log(self.random.random(half) + 1e-300))
        self._adapt(len(taken))
        # A row that several accepted exchanges want goes to the last of them.
        owner = np.full(len(self.members), -1, np.int64)
        owner[row[taken]] = taken
        owner[row[taken + half]] = taken
        taken = taken[(owner[row[taken]] == taken) & (owner[row[taken + half]] == taken)]
        both = np.concatenate((taken, taken + half))
        row = row[both]
        self.members[row] = people[both]
        self.students[row], self.alumni[row] = students[both], alumni[both]
        self.likeness[row], self.value[row] = likeness[both], value[both]

    def _adapt(self, accepted: int) -> None:
        """Draw more proposals when few are accepted, fewer when accepted ones get into each other's way."""
        rows = min(self.cohorts * self.copies, ROWS_IN_ROUND)
        factor = 0.9 if accepted > ACCEPTED_SHARE * rows / 2 else 1.1
        self.batch_size = int(min(max(16, self.batch_size * factor), 4 * rows, 1600))

    def _change_starts(self) -> None:
        """Give cohorts a random other start that suits all, led by anybody who is free then."""
        arrays, random, model = self.arrays, self.random, self.model
        slots = arrays.params.week_slots
        all_rows = np.flatnonzero(~self.bench)
        if len(all_rows) > ROWS_IN_ROUND:
            all_rows = np.sort(random.choice(all_rows, ROWS_IN_ROUND, replace=False))
        common = np.logical_and.reduce(arrays.free[self.members[all_rows], :slots], axis=1)
        spoken = np.bitwise_and.reduce(arrays.languages[self.members[all_rows]], axis=1)
        picked = (common * random.random(common.shape, dtype=np.float32)).argmax(axis=1)
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
            old_host, old_start = int(self.host[row]), int(self.start[row])
            load[old_host] -= 1
            taken[old_host] &= ~(1 << old_start)
            if load[host] < model.host_load[host] and not taken[host] & model.near[start]:
                self.host[row], self.start[row] = host, start
                self.languages[row] = model.host_languages[host]
                old_host, old_start = host, start
            load[old_host] += 1
            taken[old_host] |= 1 << old_start

    def total(self) -> float:
        """Return what the best copy is worth."""
        return float(self._totals().max())

    def _totals(self) -> Worths:
        totals: Worths = self.value.reshape(self.copies, self.block).sum(axis=1)
        return totals

    def best_plan(self) -> Plan:
        """Return the copy that is worth most as a plan."""
        model, first = self.model, int(self._totals().round(6).argmax()) * self.block
        unit_of = {person: unit for unit, people in enumerate(model.members) for person in people}
        plan = Plan(model)
        for row in (first + np.flatnonzero(~self.bench[first : first + self.block])).tolist():
            number = plan.open(int(self.host[row]), int(self.start[row]))
            people = [int(person) for person in self.members[row] if self.arrays.real[person]]
            for unit in sorted({unit_of[person] for person in people}):
                plan.add(unit, number)
        return plan


class _Pairs:
    """Two rows each, whether somebody moves instead of changing places, and how often to draw them."""

    def __init__(self, one: Ints, other: Ints, moves: Bools, weight: Worths) -> None:
        self.one, self.other, self.moves, self.weight = one, other, moves, weight
        self.ends = np.cumsum(weight)
