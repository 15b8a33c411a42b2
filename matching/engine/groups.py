"""Every valid group of a small problem, in compact arrays, listed one size after the other.

A group is a set of units; a seat is a facilitator with a start. Groups that may meet at exactly the same seats
form a class. There are few classes (about a hundred for a hundred thousand groups), which keeps the choice of
groups small.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.arrays import Words
from matching.engine.model import Model
from matching.engine.week import bits

MOST_GROUPS = 300_000
ROWS_AT_ONCE = 1_024
OCTETS_AT_ONCE = 1 << 21


class TooManyGroups(Exception):
    """There are more valid groups than are worth listing, or a limit cut the listing."""


@dataclass(slots=True)
class Groups:
    """`units[g]` holds the units of group g, padded with the number of units; `people[g]` counts its people.

    `seats[kind[g]]` are the (facilitator, start) pairs at which group g may meet; no group is without.
    """

    units: NDArray[np.int16]
    people: NDArray[np.int64]
    kind: NDArray[np.int32]
    seats: list[tuple[tuple[int, int], ...]]

    def only(self, keep: "NDArray[np.int64] | slice") -> "Groups":
        return Groups(units=self.units[keep], people=self.people[keep], kind=self.kind[keep], seats=self.seats)

    def rows(self, model: Model, *, empty: int) -> NDArray[np.int64]:
        """Return the people of each group, padded with the number of the empty seat."""
        largest = max((len(people) for people in model.members), default=1)
        people_of = np.full((len(model.members) + 1, largest), empty, np.int64)
        for unit, people in enumerate(model.members):
            people_of[unit, : len(people)] = people
        rows: NDArray[np.int64] = np.sort(people_of[self.units].reshape(len(self.units), -1), axis=1)
        return rows[:, : model.params.size_max]

    def places_of(self, sets: Sequence[Sequence[int]], *, units: int) -> NDArray[np.int64]:
        """Return where each of some sets of units (ascending) stands; each must be a valid group of so many units."""
        found = []
        for one in sets:
            row = np.full(self.units.shape[1], units, np.int16)
            row[: len(one)] = one
            found.append(int((self.units == row).all(axis=1).argmax()))
        return np.array(found, np.int64)


@dataclass(slots=True)
class _Level:
    """Sets of equally many units: who may still join (bits), and what all of the set share."""

    units: NDArray[np.int16]
    pool: Words
    common: Words
    languages: Words
    size: NDArray[np.int64]
    students: NDArray[np.int64]
    alumni: NDArray[np.int64]

    def only(self, rows: "NDArray[np.bool_] | slice") -> "_Level":
        return _Level(
            units=self.units[rows],
            pool=self.pool[rows],
            common=self.common[rows],
            languages=self.languages[rows],
            size=self.size[rows],
            students=self.students[rows],
            alumni=self.alumni[rows],
        )


class _Listing:
    """Grows sets of units by units of higher numbers, thousands of sets at once."""

    def __init__(self, model: Model, possible: int, stop: Callable[[], bool], most: int) -> None:
        self.model, self.params, self.stop, self.most = model, model.params, stop, most
        count = len(model.members)
        self.starts = packed(model.starts, model.params.week_slots)
        self.hosted = packed([model.hosted], model.params.week_slots)[0]
        leading = [host for host, starts in enumerate(model.host_starts) if starts]
        self.led = packed([model.host_starts[host] for host in leading], model.params.week_slots)
        self.spoken = np.array([model.host_languages[host] for host in leading], np.uint64)
        self.later = packed(
            [possible & ~model.barred[unit] & ~((2 << unit) - 1) for unit in range(count)], max(1, count)
        )
        self.languages = np.array(model.languages, np.uint64)
        self.size = np.array(model.size, np.int64)
        self.students = np.array(model.students, np.int64)
        self.alumni = np.array(model.alumni, np.int64)
        self.found: list[tuple[NDArray[np.int16], NDArray[np.int8], NDArray[np.int32]]] = []
        self.kinds: dict[bytes, int] = {}
        self.count = 0
        first = np.array(list(bits(possible)), np.int16)
        self.first = _Level(
            units=first[:, None],
            pool=self.later[first],
            common=self.starts[first],
            languages=self.languages[first],
            size=self.size[first],
            students=self.students[first],
            alumni=self.alumni[first],
        )

    def run(self) -> None:
        self._keep_valid(self.first)
        open_levels = [self.first]
        while open_levels:
            level = open_levels.pop()
            if len(level.units) > ROWS_AT_ONCE:
                rest = level.only(slice(ROWS_AT_ONCE, None))
                open_levels.append(rest)
                level = level.only(slice(0, ROWS_AT_ONCE))
            grown = self._grown(level)
            self._keep_valid(grown)
            if len(grown.units):
                open_levels.append(grown)
            if self.stop():
                raise TooManyGroups

    def _grown(self, level: _Level) -> _Level:
        params, least = self.params, self.params.min_per_generation
        row, other = np.nonzero(np.unpackbits(level.pool.view(np.uint8), axis=1, bitorder="little"))
        size = level.size[row] + self.size[other]
        students, alumni = level.students[row] + self.students[other], level.alumni[row] + self.alumni[other]
        languages = level.languages[row] & self.languages[other]
        fits = size + np.maximum(0, least - students) + np.maximum(0, least - alumni) <= params.size_max
        fits &= languages != 0
        row, other = row[fits], other[fits]
        common = level.common[row] & self.starts[other]
        meets = ((common & self.hosted) != 0).any(axis=1)
        if params.min_windows > 1:
            meets &= np.bitwise_count(common).sum(axis=1, dtype=np.int64) >= params.min_windows
        row, other = row[meets], other[meets]
        return _Level(
            units=np.concatenate((level.units[row], other[:, None].astype(np.int16)), axis=1),
            pool=level.pool[row] & self.later[other],
            common=common[meets],
            languages=languages[fits][meets],
            size=size[fits][meets],
            students=students[fits][meets],
            alumni=alumni[fits][meets],
        )

    def _keep_valid(self, level: _Level) -> None:
        params, least = self.params, self.params.min_per_generation
        valid = (level.size >= params.size_min) & (level.students >= least) & (level.alumni >= least)
        if not valid.any():
            return
        level = level.only(valid)
        found = [self._seats(level.only(rows)) for rows in self._few(len(level.units))]
        # Classes are numbered at once: where all those groups may meet would weigh ten times as much as the groups.
        for key in sorted({key for _, keys, _ in found for key in keys}):
            self.kinds.setdefault(key, len(self.kinds))
        seated = np.concatenate([one for one, _, _ in found])
        kinds = np.concatenate(
            [np.array([self.kinds[key] for key in keys], np.int32)[where] for _, keys, where in found]
        )
        units = np.full((len(kinds), params.size_max), len(self.model.members), np.int16)
        units[:, : level.units.shape[1]] = level.units[seated]
        self.found.append((units, level.size[seated].astype(np.int8), kinds))
        self.count += len(units)
        if self.count > self.most:
            raise TooManyGroups

    def _few(self, count: int) -> list[slice]:
        """Return slices of so many rows: each few enough that all hosts' starts for them weigh little."""
        rows = max(1, OCTETS_AT_ONCE // (8 * max(1, self.led.size)))
        return [slice(first, first + rows) for first in range(0, count, rows)]

    def _seats(self, level: _Level) -> tuple[NDArray[np.bool_], list[bytes], NDArray[np.int64]]:
        """Return which sets may meet somewhere, the distinct places where they may, and which of these each has."""
        speak = (level.languages[:, None] & self.spoken) != 0
        at = np.where(speak[:, :, None], level.common[:, None] & self.led, np.uint64(0)).reshape(
            len(level.units), self.led.size
        )
        seated = np.asarray(at.any(axis=1), np.bool_)
        distinct, where = np.unique(at[seated].view(f"V{at.shape[1] * 8}").ravel(), return_inverse=True)
        return seated, [key.tobytes() for key in distinct], where.ravel().astype(np.int64)

    def groups(self) -> Groups:
        model = self.model
        hosts = [host for host, starts in enumerate(model.host_starts) if starts]
        width = len(self.hosted) * 8
        seats = []
        for key in self.kinds:
            masks = [int.from_bytes(key[place : place + width], "little") for place in range(0, len(key), width)]
            seats.append(tuple((host, start) for host, mask in zip(hosts, masks, strict=True) for start in bits(mask)))
        return Groups(
            units=np.concatenate(
                [np.zeros((0, model.params.size_max), np.int16), *(units for units, _, _ in self.found)]
            ),
            people=np.concatenate([np.zeros(0, np.int8), *(people for _, people, _ in self.found)]).astype(np.int64),
            kind=np.concatenate([np.zeros(0, np.int32), *(kinds for _, _, kinds in self.found)]),
            seats=seats,
        )


def valid_groups(model: Model, *, possible: int, stop: Callable[[], bool], most: int = MOST_GROUPS) -> Groups:
    """Return every valid group, in a fixed order; none at all is an empty answer.

    Raises:
        TooManyGroups: there are more than `most`, or `stop` cut the listing.
    """
    listing = _Listing(model, possible, stop, most)
    if possible:
        listing.run()
    return listing.groups()


def groups_with_first(model: Model, *, most: int) -> Groups:
    """Return valid groups that the first unit belongs to, in a fixed order: all, or about the first `most`."""
    listing = _Listing(model, model.everyone, lambda: False, most)
    listing.first = listing.first.only(slice(0, 1))
    with suppress(TooManyGroups):
        listing.run()
    return listing.groups()


def joined(parts: Sequence[Groups]) -> Groups:
    """Return the groups of several lists one after the other, each class numbered anew."""
    seats: list[tuple[tuple[int, int], ...]] = []
    kinds = []
    for part in parts:
        kinds.append(part.kind + np.int32(len(seats)))
        seats += part.seats
    return Groups(
        units=np.concatenate([part.units for part in parts]),
        people=np.concatenate([part.people for part in parts]),
        kind=np.concatenate(kinds),
        seats=seats,
    )


def packed(masks: Sequence[int], width: int) -> Words:
    """Return integers of so many bits as rows of words, lowest bits first."""
    octets = (width + 63) // 64 * 8
    joined = b"".join(mask.to_bytes(octets, "little") for mask in masks)
    return np.frombuffer(joined, np.uint64).reshape(len(masks), octets // 8).copy()
