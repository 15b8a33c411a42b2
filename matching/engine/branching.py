"""Searching for the best choice of groups: branch where the relaxation is of two minds, price in what is missing.

The relaxation may have two units half in one group and half apart. Then two cases are looked at: in the one they are
together, in the other apart; each forbids groups, so that the relaxation needs nothing new. Whether there is half a
cohort more or less is settled before. The case that promises most is looked at first, and from there on downwards
until nothing is left in two; what cannot be better than the best plan found is let be. Where a limit ends the search,
the cases left say how much better a plan could be.

Method: branch and price (Barnhart, Johnson, Nemhauser, Savelsbergh and Vance 1998), branching on pairs (Ryan and
Foster 1981).
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.packing import ROUNDING, WHOLE, Bools, Choice, Ints, Packing

FAVOURED = 0.55
WORTH_A_NEW_START = 0.7


@dataclass(frozen=True, slots=True)
class Case:
    """The groups that may still be chosen (as bits), how many of them, and the units that must have a place.

    `bound` is what a plan of this case is worth at most.
    """

    bound: float
    allowed: NDArray[np.uint8]
    fewest: int
    most: int
    placed: int = 0


class Branching:
    """A search below a packing whose relaxation is solved. `best` is what the best plan known is worth."""

    def __init__(self, packing: Packing, *, best: float, stop: Callable[[], bool]) -> None:
        self.packing, self.best, self.stop = packing, best, stop
        self.choice: Choice | None = None
        self.unsettled = -math.inf
        everything = np.ones(len(packing.worth), np.bool_)
        most = packing.units if packing.most is None else packing.most
        self.cases: list[tuple[float, int, Case]] = []
        self.numbered = 0
        self._put(Case(packing.bound, np.packbits(everything), 0, most))
        self.root_bound, self.root_reduced = packing.bound, packing.reduced
        self.keep: Ints = np.arange(len(packing.worth))
        self._forget_hopeless()

    @property
    def bound(self) -> float:
        """What no plan exceeds, as far as is known by now."""
        return max(self.best, self.unsettled, -self.cases[0][0] if self.cases else -math.inf)

    @property
    def missing(self) -> float:
        return self.bound - self.best

    def run(self, *, cases: int | None, until: "Callable[[Branching], bool]") -> None:
        """Look at so many cases (None: at all), `until` this search is good enough, or until it is stopped."""
        lead: Case | None = None
        looked_at = 0
        while lead or self.cases:
            if self.stop() or (cases is not None and looked_at >= cases) or until(self):
                break
            case = lead or heapq.heappop(self.cases)[2]
            lead = None
            if case.bound > self.best + ROUNDING:
                looked_at += 1
                lead = self._look_at(case)
        if lead is not None:
            self._put(lead)

    def _put(self, case: Case) -> None:
        self.numbered += 1
        heapq.heappush(self.cases, (-case.bound, self.numbered, case))

    def _look_at(self, case: Case) -> Case | None:
        """Solve the relaxation of a case; return one half of it to go on with and put the other aside."""
        packing = self.packing
        allowed = np.unpackbits(case.allowed, count=len(packing.worth)).astype(np.bool_)
        packing.allow(allowed, fewest=case.fewest, most=case.most, placed=case.placed)
        bound = min(case.bound, packing.priced())
        if bound <= self.best + ROUNDING:
            return None
        if math.isinf(packing.bound):
            self.unsettled = max(self.unsettled, bound)
            return None
        allowed = allowed & (packing.reduced >= self.best - packing.bound - ROUNDING)
        groups, parts = packing.used()
        count, pairs = float(parts.sum()), packing.pairs()
        case = replace(case, bound=bound, allowed=np.packbits(allowed))
        if abs(count - round(count)) > WHOLE:
            few, many = replace(case, most=math.floor(count)), replace(case, fewest=math.ceil(count))
            return self._halves(few, many) if count - math.floor(count) < FAVOURED else self._halves(many, few)
        cover = pairs.diagonal()
        split = 1 - np.abs(pairs - FAVOURED)
        split[(np.abs(pairs - pairs.round()) <= WHOLE) | (cover[:, None] + cover - 2 * pairs <= WHOLE)] = 0.0
        units = packing.groups.units
        if split.any():
            one, two = np.unravel_index(int(split.argmax()), split.shape)
            has_one, has_two = (units == one).any(axis=1), (units == two).any(axis=1)
            return self._halves(
                replace(case, allowed=np.packbits(allowed & (has_one == has_two))),
                replace(case, allowed=np.packbits(allowed & ~(has_one & has_two))),
            )
        half = np.abs(cover - cover.round())
        if half.max(initial=0.0) > WHOLE:
            unit = int(half.argmax())
            return self._halves(
                replace(case, placed=case.placed | 1 << unit),
                replace(case, allowed=np.packbits(allowed & ~(units == unit).any(axis=1))),
            )
        self._settle(groups[parts > 1 - WHOLE], bound)
        return None

    def _halves(self, first: Case, second: Case) -> Case:
        """Put one half aside, and go on with the other."""
        self._put(second)
        return first

    def _settle(self, groups: Ints, bound: float) -> None:
        """Take over a whole choice, if facilitators can lead it."""
        choice = self.packing.choose(np.sort(groups), least=self.best, nodes=None, seconds=None)
        if choice is None or not choice.groups:
            self.unsettled = max(self.unsettled, bound)
            return
        self.best = choice.worth
        self.choice = Choice(
            groups=tuple((int(self.keep[group]), seat) for group, seat in choice.groups),
            worth=choice.worth,
            finished=False,
        )
        self.cases = [one for one in self.cases if one[2].bound > self.best + ROUNDING]
        heapq.heapify(self.cases)
        self._forget_hopeless()

    def _forget_hopeless(self) -> None:
        """Go on with the groups alone that a better plan could hold, where that leaves out many."""
        hopeful: Bools = self.root_reduced >= self.best - self.root_bound - ROUNDING
        if hopeful.sum() > WORTH_A_NEW_START * len(hopeful):
            return
        keep = np.flatnonzero(hopeful)
        self.cases = [
            (order, number, replace(case, allowed=packed_of(case.allowed, keep, len(hopeful))))
            for order, number, case in self.cases
        ]
        self.packing = self.packing.only(keep)
        self.root_reduced, self.keep = self.root_reduced[keep], self.keep[keep]


def packed_of(allowed: NDArray[np.uint8], keep: Ints, count: int) -> NDArray[np.uint8]:
    return np.packbits(np.unpackbits(allowed, count=count)[keep])
