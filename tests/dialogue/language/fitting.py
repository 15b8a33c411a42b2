"""Logistic regression over a sparse table, fitted by L-BFGS: the same rows give the same weights."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]
REMEMBERED, ENOUGH_DECREASE, SHORTEST_STRIDE = 8, 1e-4, 1e-6


@dataclass(frozen=True, slots=True)
class Table:
    """Values by row and column, nought where nothing is said: `values` row by row, `columns` beside them.

    `begins` says where each row begins; a row holds one value at least.
    """

    begins: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats
    width: int

    @classmethod
    def of(cls, rows: Sequence[tuple[Sequence[int], Sequence[float]]], width: int) -> "Table":
        lengths = [len(columns) for columns, _ in rows]
        return cls(
            np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
            np.concatenate([np.asarray(columns, dtype=np.int64) for columns, _ in rows]),
            np.concatenate([np.asarray(values, dtype=np.float64) for _, values in rows]),
            width,
        )

    def times(self, weights: Floats) -> Floats:
        """Return the weighted sum of each row."""
        return np.add.reduceat(self.values * weights[self.columns], self.begins)

    def gathered(self, of_rows: Floats) -> Floats:
        """Return the sum of each column, its values weighed by their rows."""
        lengths = np.diff(np.append(self.begins, len(self.columns)))
        return np.bincount(self.columns, self.values * np.repeat(of_rows, lengths), self.width)


def fitted(
    table: Table, wanted: Floats, counts: Floats, *, shrinking: float, known: Floats | float = 0.0, steps: int = 50
) -> Floats:
    """Return the weight of each column and, last, the start: they tell best which rows are wanted.

    `counts` says how much each row counts, `known` what is known of its weight beforehand; `shrinking` is the price of
    the weights' squares.
    """

    def objective(at: Floats) -> tuple[float, Floats]:
        weights, start = at[:-1], at[-1]
        score = table.times(weights) + start + known
        missed = counts * (1 / (1 + np.exp(-score)) - wanted)
        price = float(counts @ (np.logaddexp(0, score) - wanted * score) + shrinking / 2 * (weights @ weights))
        return price, np.append(table.gathered(missed) + shrinking * weights, missed.sum())

    return _lowest(objective, np.zeros(table.width + 1), steps)


def _lowest(objective: Objective, at: Floats, steps: int) -> Floats:
    """Return where the objective is lowest, as far as so many steps of L-BFGS lead (Nocedal and Wright, 7.2)."""
    known: deque[tuple[Floats, Floats]] = deque(maxlen=REMEMBERED)
    price, slope = objective(at)
    for _ in range(steps):
        way = -_bent(slope, known)
        stride = 1.0 if known else 1.0 / max(1.0, float(np.abs(slope).sum()))
        while True:
            there = at + stride * way
            price_there, slope_there = objective(there)
            if price_there <= price + ENOUGH_DECREASE * stride * float(slope @ way) or stride < SHORTEST_STRIDE:
                break
            stride /= 2
        if (there - at) @ (slope_there - slope) > 0:
            known.append((there - at, slope_there - slope))
        at, price, slope = there, price_there, slope_there
    return at


def _bent(slope: Floats, known: deque[tuple[Floats, Floats]]) -> Floats:
    """Return the slope bent by what the last steps told of the curve: the two loops of L-BFGS."""
    turned, pulls = slope.copy(), []
    for moved, changed in reversed(known):
        pull = float(moved @ turned) / float(moved @ changed)
        turned -= pull * changed
        pulls.append(pull)
    if known:
        moved, changed = known[-1]
        turned *= float(moved @ changed) / float(changed @ changed)
    for (moved, changed), pull in zip(known, reversed(pulls), strict=True):
        turned += moved * (pull - float(changed @ turned) / float(moved @ changed))
    return turned
