"""A bound on placed people by prices: what each person is worth to the groups that compete for them.

The rule "in one cohort at most" is given up and paid for instead. Then every facilitator alone picks the
best windows, exactly; the sum is a bound for any prices, and the prices are moved against the demand.
A pair of group and seat that could not be in any better plan at these prices is dropped.

Method: Lagrangian relaxation with subgradient steps (Held, Wolfe and Crowder 1974; step of Polyak 1969)
and fixing by reduced costs.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.groups import Groups
from matching.engine.model import Model

STEPS = 900
DROP_EVERY = 20
SETTLED_AFTER = 15
FEW_PAIRS = 1500
ROUNDING = 1e-6
NOTICEABLE = 1e-3
SLOWEST = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBound:
    """`bound`: no plan places more. `groups`: what is left for a plan that beats `placed`."""

    bound: int
    groups: Groups


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The best windows of one facilitator: value and seats for every number of cohorts."""

    values: list[float]
    seats: list[tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """The worth of every group beyond its members' prices, the choices made, and the bound they give."""

    worth: NDArray[np.float64]
    choices: list[_Choice]
    total: float


def price_bound(
    model: Model, groups: Groups, *, placed: int, stop: Callable[[], bool], report: Callable[[float], None]
) -> PriceBound:
    """Bound the count from above, stopping when nothing beyond `placed` remains possible."""
    if not groups.seats:
        return PriceBound(bound=placed, groups=groups)
    prices = np.array([*model.size, 0], np.float64) * 0.9
    best, pace, still, last_drop = math.inf, 1.0, 0, 0
    for step in range(STEPS):
        offer = _offer(model, groups, prices)
        still = 0 if offer.total < best - NOTICEABLE else still + 1
        best = min(best, offer.total)
        if best < placed + 1 - ROUNDING:
            return PriceBound(bound=max(placed, math.floor(best + ROUNDING)), groups=groups)
        if offer.total <= best and step - last_drop >= DROP_EVERY:
            last_drop = step
            groups = _drop(groups, offer, wanted=placed + 1)
            if not groups.seats:
                return PriceBound(bound=placed, groups=groups)
            if len(groups.pair_group) <= FEW_PAIRS:
                break
            continue
        if still > SETTLED_AFTER:
            pace, still = pace * 0.7, 0
        prices = _moved(groups, prices, offer, step_length=pace * max(offer.total - placed, 0.1))
        if pace < SLOWEST or (step % 20 == 0 and stop()):
            break
        report(step / STEPS)
    return PriceBound(bound=math.floor(best + ROUNDING), groups=groups)


def _offer(model: Model, groups: Groups, prices: NDArray[np.float64]) -> _Offer:
    """Return what every facilitator would choose at these prices; the total is a bound."""
    worth = groups.people - prices[groups.units].sum(axis=1)
    at_seat = np.maximum.reduceat(worth[groups.pair_group], groups.seat_first).tolist()
    choices = [_best_windows(model, host, groups.seats, at_seat) for host in range(len(model.host_load))]
    return _Offer(
        worth=worth, choices=choices, total=float(prices.sum()) + sum(choice.values[-1] for choice in choices)
    )


def _moved(groups: Groups, prices: NDArray[np.float64], offer: _Offer, *, step_length: float) -> NDArray[np.float64]:
    """Return dearer prices for people wanted more than once, and cheaper ones for those nobody wants."""
    slack = np.ones_like(prices)
    for choice in offer.choices:
        for seat in choice.seats[-1]:
            slack[groups.units[_best_group(groups, offer.worth, seat)]] -= 1
    slack[-1] = 0
    moved: NDArray[np.float64] = np.maximum(0, prices - step_length / max(1.0, float((slack * slack).sum())) * slack)
    moved[-1] = 0
    return moved


def _best_group(groups: Groups, worth: NDArray[np.float64], seat: int) -> int:
    first = groups.seat_first[seat]
    end = groups.seat_first[seat + 1] if seat + 1 < len(groups.seats) else len(groups.pair_group)
    pairs = groups.pair_group[first:end]
    return int(pairs[worth[pairs].argmax()])


def _drop(groups: Groups, offer: _Offer, *, wanted: int) -> Groups:
    """Keep the pairs that could be in a plan of at least `wanted` people."""
    others = [
        offer.total - choice.values[-1] + (choice.values[-2] if len(choice.values) > 1 else -math.inf)
        for choice in offer.choices
    ]
    counts = np.diff(np.append(groups.seat_first, len(groups.pair_group)))
    of_seat = np.repeat(np.array([others[host] for host, _ in groups.seats]), counts)
    return groups.keep(offer.worth[groups.pair_group] + of_seat >= wanted - ROUNDING)


def _best_windows(model: Model, host: int, seats: list[tuple[int, int]], at_seat: list[float]) -> _Choice:
    """Choose windows without overlap for one facilitator, best value for each number of them.

    The week is cut at its end; each window that runs over the cut is tried on its own.
    """
    slots, length = model.params.week_slots, model.params.window_slots
    load = model.host_load[host]
    items = [
        (start, at_seat[seat], seat) for seat, (one, start) in enumerate(seats) if one == host and at_seat[seat] > 0
    ]
    best = _line_choice([item for item in items if item[0] <= slots - length], load, length)
    for start, value, seat in items:
        if start > slots - length and load:
            after = start + length - slots
            inside = [item for item in items if after <= item[0] <= start - length]
            with_it = _line_choice(inside, load - 1, length)
            for count in range(1, load + 1):
                if value + with_it.values[count - 1] > best.values[count]:
                    best.values[count] = value + with_it.values[count - 1]
                    best.seats[count] = (seat, *with_it.seats[count - 1])
    for count in range(1, load + 1):
        if best.values[count] < best.values[count - 1]:
            best.values[count], best.seats[count] = best.values[count - 1], best.seats[count - 1]
    return best


def _line_choice(items: list[tuple[int, float, int]], load: int, length: int) -> _Choice:
    starts = [start for start, _, _ in items]
    table: list[list[tuple[float, tuple[int, ...]]]] = [[(0.0, ())] * (load + 1)]
    for start, value, seat in items:
        before = table[bisect_right(starts, start - length)]
        row = list(table[-1])
        for count in range(1, load + 1):
            if before[count - 1][0] + value > row[count][0]:
                row[count] = (before[count - 1][0] + value, (*before[count - 1][1], seat))
        table.append(row)
    return _Choice(values=[value for value, _ in table[-1]], seats=[chosen for _, chosen in table[-1]])
