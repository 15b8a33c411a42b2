"""Choosing among all valid groups of a small problem: the linear relaxation as a bound, then whole numbers.

Each group is a column; a unit is in one group at most, a class of groups takes no more seats than it has, a
facilitator leads windows that do not overlap, up to the load. Columns are priced in when they promise something;
those that no better plan can contain (by reduced cost) are never looked at. Cuts over three units sharpen the
relaxation: of the groups that hold two of the three, a plan has one at most.

Method: column generation (Gilmore and Gomory 1961), subset-row cuts (Jepsen, Petersen, Spoorendonk and Pisinger
2008), reduced cost fixing, branch and cut by HiGHS (Huangfu and Hall 2018). HiGHS is imported here only: a process
that forms no cohorts never loads it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from matching.engine.groups import Groups
from matching.engine.model import Model
from matching.engine.plan import Plan
from matching.engine.week import bits

FIRST_COLUMNS = 2_000
COLUMNS_AT_ONCE = 400
PRICING_ROUNDS = 300
PRICE_TOLERANCE = 1e-7
CUT_ROUNDS = 60
CUTS_AT_ONCE = 30
CUT_VIOLATION = 0.02
ROUNDING = 1e-5
WHOLE = 1e-4

DUAL, PRIMAL = 1, 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cut:
    """Three units, and the groups that hold two of them or all: a plan has one of those at most."""

    units: tuple[int, int, int]
    holding: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Groups with their seats, none when nothing offered is good enough. `finished`: no limit cut it short."""

    groups: tuple[tuple[int, tuple[int, int]], ...]
    worth: float
    finished: bool


class Packing:
    """The choice of groups that is worth most, optionally of exactly `placed` people.

    With `short`, fewer may be placed, and each person missing costs so much.
    """

    def __init__(
        self,
        model: Model,
        groups: Groups,
        worth: Floats,
        *,
        placed: int | None = None,
        most: int | None = None,
        short: float | None = None,
    ) -> None:
        self.model, self.groups, self.worth = model, groups, worth
        self.placed, self.most, self.short = placed, most, short
        self.units = len(model.members)
        self.inside = np.zeros(len(worth), np.bool_)
        self.allowed: Bools = np.ones(len(worth), np.bool_)
        self.columns: list[int] = []
        self.must = 0
        self.bound = math.inf
        self.reduced = np.zeros(len(worth))
        self.cuts: list[Cut] = []
        self.first_cut = 0
        self.solver = self._solver()
        self.seat_of = self._add_seats()
        self._add_counts()
        self.first_column = int(self.solver.getNumCol())

    def _solver(self) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-6,
        }.items():
            solver.setOptionValue(name, value)
        return solver

    def _row(self, low: float, high: float) -> int:
        self.solver.addRow(low, high, 0, np.zeros(0, np.int32), np.zeros(0))
        return int(self.solver.getNumRow()) - 1

    def _add_seats(self) -> list[tuple[int, tuple[int, int]]]:
        """Add the rules about seats; return (class, seat) of every seat's column."""
        model, infinite = self.model, highspy.kHighsInf
        length, slots = model.params.window_slots, model.params.week_slots
        for _ in range(self.units):
            self._row(-infinite, 1)
        for _ in self.groups.seats:
            self._row(-infinite, 0)
        used: dict[int, set[int]] = {}
        for seats in self.groups.seats:
            for host, start in seats:
                used.setdefault(host, set()).add(start)
        rows_of: dict[tuple[int, int], list[int]] = {}
        for host in sorted(used):
            load = self._row(-infinite, model.host_load[host])
            covers = {frozenset((slot - step) % slots for step in range(length)) & used[host] for slot in range(slots)}
            for cover in sorted(sorted(one) for one in covers if one and not any(one < other for other in covers)):
                row = self._row(-infinite, 1)
                for start in cover:
                    rows_of.setdefault((host, start), [load]).append(row)
        columns = []
        for kind, seats in enumerate(self.groups.seats):
            for seat in seats:
                rows = rows_of[seat]
                index = np.array([self.units + kind, *rows], np.int32)
                self.solver.addCol(0.0, 0.0, infinite, len(index), index, np.array([-1.0] + [1.0] * len(rows)))
                columns.append((kind, seat))
        return columns

    def _add_counts(self) -> None:
        """Add the rules about how many cohorts and how many people there are."""
        infinite = highspy.kHighsInf
        self.cohort_row = self._row(-infinite, infinite if self.most is None else self.most)
        self.count_row = -1 if self.placed is None else self._row(self.placed, self.placed)
        if self.short is not None:
            self.solver.addCol(self.short, 0.0, infinite, 1, np.array([self.count_row], np.int32), np.ones(1))

    def offer(self, chosen: Ints) -> None:
        """Add the columns of groups that are not yet among them."""
        chosen = chosen[~self.inside[chosen]]
        if not len(chosen):
            return
        self.inside[chosen] = True
        groups, count = self.groups, len(chosen)
        units = groups.units[chosen].astype(np.int32)
        rows = [np.where(units < self.units, units, -1), self.units + groups.kind[chosen][:, None]]
        rows.append(np.full((count, 1), self.cohort_row, np.int32))
        if self.placed is not None:
            rows.append(np.full((count, 1), self.count_row, np.int32))
        rows.append(self._cuts_of(units))
        index = np.concatenate(rows, axis=1).astype(np.int32)
        value = np.where(index == self.count_row, groups.people[chosen][:, None], 1.0)
        used = index >= 0
        self.solver.addCols(
            count,
            -self.worth[chosen].astype(np.float64),
            np.zeros(count),
            np.where(self.allowed[chosen], highspy.kHighsInf, 0.0),
            int(used.sum()),
            np.concatenate(([0], np.cumsum(used.sum(axis=1))[:-1])).astype(np.int32),
            index[used],
            value[used],
        )
        self.columns += chosen.tolist()

    def relax(self, incumbent: Ints) -> float:
        """Return the optimum of the relaxation, which no plan exceeds; keep what each group lacks to be in it.

        `incumbent` are the groups of some plan of `placed` people.
        """
        spread = np.random.Generator(np.random.PCG64(0)).permutation(len(self.worth))[:FIRST_COLUMNS]
        self.offer(np.unique(np.concatenate((incumbent, spread))).astype(np.int64))
        return self.priced()

    def priced(self) -> float:
        """Return the bound of the relaxation: it is solved, with groups offered until none promises more.

        Infinite when that takes too long; less than any number when what is allowed leaves no choice.
        """
        self.bound = math.inf
        for turn in range(PRICING_ROUNDS):
            # New columns keep a solution feasible, new rows and limits keep its prices right.
            self.solver.setOptionValue("simplex_strategy", PRIMAL if turn else DUAL)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status != highspy.HighsModelStatus.kOptimal:
                return -math.inf if status == highspy.HighsModelStatus.kInfeasible else math.inf
            self.reduced = self._reduced(-np.array(self.solver.getSolution().row_dual))
            outside = np.where(self.inside | ~self.allowed, -1.0, self.reduced)
            better = np.flatnonzero(outside > PRICE_TOLERANCE)
            if not len(better):
                self.bound = ROUNDING - float(self.solver.getObjectiveValue())
                break
            if len(better) > COLUMNS_AT_ONCE:
                better = better[np.argpartition(-outside[better], COLUMNS_AT_ONCE)[:COLUMNS_AT_ONCE]]
            self.offer(np.sort(better))
        return self.bound

    def _reduced(self, prices: Floats) -> Floats:
        """Return what each group is worth beyond the prices of what it takes."""
        groups = self.groups
        people = np.append(prices[: self.units], 0.0)
        reduced: Floats = self.worth - prices[self.units : self.units + len(groups.seats)][groups.kind]
        for seat in range(groups.units.shape[1]):
            reduced -= people[groups.units[:, seat]]
        reduced -= prices[self.cohort_row]
        if self.placed is not None:
            reduced -= prices[self.count_row] * groups.people
        for number, cut in enumerate(self.cuts):
            if price := prices[self.first_cut + number]:
                reduced[cut.holding] -= price
        return reduced

    def tighten(self, *, enough: float, rounds: int = CUT_ROUNDS) -> float:
        """Cut off what no plan can be, until the bound is `enough` or no cut is left; return the bound."""
        for _ in range(rounds):
            before = self.bound
            if before <= enough or not self._cut() or not math.isfinite(self.priced()):
                break
        return self.bound

    def used(self) -> tuple[Ints, Floats]:
        """Return the groups that the relaxation takes a part of, and how large a part."""
        value = np.array(self.solver.getSolution().col_value)[self.first_column : self.first_column + len(self.columns)]
        taken = np.flatnonzero(value > WHOLE)
        return np.array(self.columns, np.int64)[taken], value[taken]

    def pairs(self) -> Floats:
        """Return for each two units how far the relaxation has them in one group."""
        holds, value = self._holds()
        pairs: Floats = np.einsum("gi,gj->ij", holds * value[:, None], holds)
        return pairs

    def _holds(self) -> tuple[Floats, Floats]:
        groups, value = self.used()
        holds = np.zeros((len(groups), self.units + 1))
        holds[np.arange(len(groups))[:, None], self.groups.units[groups]] = 1.0
        return holds[:, : self.units], value

    def _cut(self) -> bool:
        """Add the most broken cuts; of the groups that hold two of three units, one at most can be in a plan."""
        holds, value = self._holds()
        weighed = holds * value[:, None]
        pairs = np.einsum("gi,gj->ij", weighed, holds)
        broken: list[tuple[float, int, int, int]] = []
        for one in range(self.units):
            threes = np.einsum("gj,gk->jk", weighed[:, one : one + 1] * holds, holds)
            sums = pairs[one][:, None] + pairs[one][None, :] + pairs - 2 * threes - 1
            sums = np.triu(sums, 1)
            sums[: one + 1] = 0.0
            for two, three in zip(*np.nonzero(sums > CUT_VIOLATION), strict=True):
                broken.append((-round(float(sums[two, three]), 6), one, int(two), int(three)))
        if not broken:
            return False
        if not self.cuts:
            self.first_cut = int(self.solver.getNumRow())
        place = np.full(len(self.worth), -1, np.int64)
        place[self.columns] = np.arange(len(self.columns)) + self.first_column
        for _, *three in sorted(broken)[:CUTS_AT_ONCE]:
            cut = Cut((three[0], three[1], three[2]), np.flatnonzero(held_of(three, self.groups.units) >= 2))
            self.cuts.append(cut)
            offered = place[cut.holding]
            offered = offered[offered >= 0].astype(np.int32)
            self.solver.addRow(-highspy.kHighsInf, 1, len(offered), offered, np.ones(len(offered)))
        return True

    def only(self, keep: Ints) -> "Packing":
        """Return the packing of some of the groups, with the same cuts and those columns offered that it had."""
        part = Packing(
            self.model, self.groups.only(keep), self.worth[keep], placed=self.placed, most=self.most, short=self.short
        )
        part.allowed = self.allowed[keep]
        place = np.full(len(self.worth), -1, np.int64)
        place[keep] = np.arange(len(keep))
        part.share_cuts([Cut(cut.units, place[cut.holding][place[cut.holding] >= 0]) for cut in self.cuts])
        part.offer(np.flatnonzero(self.inside[keep]))
        return part

    def share_cuts(self, cuts: "Sequence[Cut]") -> None:
        """Take over cuts of a packing of the same groups, before any group is offered."""
        self.first_cut, self.cuts = int(self.solver.getNumRow()), list(cuts)
        for _ in self.cuts:
            self._row(-highspy.kHighsInf, 1)

    def _cuts_of(self, units: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the rows of the cuts that hold groups of some units, -1 where one does not."""
        found = np.full((len(units), len(self.cuts)), -1, np.int32)
        for number, cut in enumerate(self.cuts):
            found[held_of(cut.units, units) >= 2, number] = self.first_cut + number
        return found

    def allow(self, allowed: "Bools", *, fewest: int, most: int, placed: int) -> None:
        """Leave out what is not allowed, have at least and at most so many groups, and some units in one of them."""
        columns = np.array(self.columns, np.int64)
        changed = np.flatnonzero(allowed[columns] != self.allowed[columns])
        if len(changed):
            self.solver.changeColsBounds(
                len(changed),
                (changed + self.first_column).astype(np.int32),
                np.zeros(len(changed)),
                np.where(allowed[columns[changed]], highspy.kHighsInf, 0.0),
            )
        self.solver.changeRowBounds(self.cohort_row, float(fewest), float(most))
        for unit in bits(placed ^ self.must):
            self.solver.changeRowBounds(unit, 1.0 if placed >> unit & 1 else -highspy.kHighsInf, 1.0)
        self.allowed, self.must = allowed, placed

    def within(self, slack: float) -> Ints:
        """Return the groups that a plan worth more than the bound less `slack` may contain."""
        return np.flatnonzero(self.reduced >= -slack - ROUNDING)

    def nearest(self, among: Ints, *, count: int) -> Ints:
        """Return those of some groups that lack least, at most `count`."""
        if len(among) <= count:
            return among
        return np.sort(among[np.argsort(-self.reduced[among], kind="stable")[:count]])

    def choose(self, among: Ints, *, least: float, nodes: int | None, seconds: float | None) -> Choice | None:
        """Return the best choice among some groups that is worth at least `least`, or None when none was found.

        `nodes` limits the search, and so may `seconds`; then the choice is not `finished`.
        """
        exact = Packing(self.model, self.groups, self.worth, placed=self.placed, most=self.most)
        exact.share_cuts(self.cuts)
        exact.offer(among)
        solver, whole = exact.solver, highspy.HighsVarType.kInteger
        for column in range(exact.first_column, exact.first_column + len(exact.columns)):
            solver.changeColIntegrality(column, whole)
        solver.setOptionValue("objective_bound", -least)
        if nodes is not None:
            solver.setOptionValue("mip_max_nodes", nodes)
        if seconds is not None:
            solver.setOptionValue("time_limit", max(0.0, seconds))
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Choice(groups=(), worth=-math.inf, finished=True)
        if not math.isfinite(info.objective_function_value) or info.primal_solution_status != 2:
            return None
        if -info.objective_function_value < least - ROUNDING:
            return Choice(groups=(), worth=-math.inf, finished=status == highspy.HighsModelStatus.kOptimal)
        groups = exact._seated()
        if groups is None:
            return None
        return Choice(
            groups=groups,
            worth=-float(info.objective_function_value),
            finished=status == highspy.HighsModelStatus.kOptimal,
        )

    def _seated(self) -> tuple[tuple[int, tuple[int, int]], ...] | None:
        """Give each chosen group one of the seats chosen for its class; None: there are none without overlap.

        Seats come out whole nearly always, so they are asked to be whole only where they did not.
        """
        seat_count = len(self.seat_of)
        value = np.array(self.solver.getSolution().col_value)
        seat_value, taken = value[:seat_count], value[seat_count:] > 0.5
        if np.abs(seat_value - seat_value.round()).max(initial=0.0) > WHOLE:
            for column in range(seat_count):
                self.solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
            for place, used in enumerate(taken.tolist()):
                self.solver.changeColBounds(seat_count + place, float(used), float(used))
            self.solver.setOptionValue("objective_bound", highspy.kHighsInf)
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            seat_value = np.array(self.solver.getSolution().col_value)[:seat_count]
        seats: dict[int, list[tuple[int, int]]] = {}
        for (kind, seat), used in zip(self.seat_of, seat_value > 0.5, strict=True):
            if used:
                seats.setdefault(kind, []).append(seat)
        chosen = [group for group, used in zip(self.columns, taken, strict=True) if used]
        return tuple((group, seats[int(self.groups.kind[group])].pop()) for group in chosen)


def held_of(three: Sequence[int], units: NDArray[np.signedinteger[Any]]) -> NDArray[np.int8]:
    """Return how many of three units each row holds."""
    one, two, three_ = ((units == unit).any(axis=1).astype(np.int8) for unit in three)
    held: NDArray[np.int8] = one + two + three_
    return held


def groups_of_plan(plan: Plan, groups: Groups) -> Ints:
    """Return the groups that a plan consists of."""
    sets = [sorted(plan.draft(number).units) for number in plan.numbers()]
    return groups.places_of(sets, units=len(plan.model.members))


def plan_of(model: Model, groups: Groups, chosen: Sequence[tuple[int, tuple[int, int]]]) -> Plan:
    """Return the plan of some groups at their seats."""
    plan = Plan(model)
    for group, (host, start) in chosen:
        number = plan.open(host, start)
        for unit in groups.units[group].tolist():
            if unit < len(model.members):
                plan.add(unit, number)
    return plan
