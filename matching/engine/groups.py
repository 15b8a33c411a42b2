"""Every valid group of a small problem, in compact arrays, with the seats where it could meet.

A seat is a facilitator with a start.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.model import Model
from matching.engine.week import bits

MOST_GROUPS = 300_000


class TooManyGroups(Exception):
    """There are more valid groups than are worth enumerating in the time given."""


@dataclass(slots=True)
class Groups:
    """`units[g]` holds the units of group g, padded with the number of units.

    `pair_group` lists the groups of the first seat, then of the second, and so on;
    those of seat k begin at `seat_first[k]`. No seat is empty.
    """

    units: NDArray[np.int32]
    people: NDArray[np.float64]
    pair_group: NDArray[np.int32]
    seat_first: NDArray[np.int64]
    seats: list[tuple[int, int]]

    def keep(self, pairs: NDArray[np.bool_]) -> "Groups":
        """Return what is left when only the given pairs of group and seat are kept."""
        counts = np.add.reduceat(pairs, self.seat_first, dtype=np.int64)
        filled = np.flatnonzero(counts)
        kept = self.pair_group[pairs]
        used = np.zeros(len(self.people), np.bool_)
        used[kept] = True
        renumbered = np.cumsum(used, dtype=np.int32) - 1
        return Groups(
            units=self.units[used],
            people=self.people[used],
            pair_group=renumbered[kept].astype(np.int32),
            seat_first=np.concatenate(([0], np.cumsum(counts[filled])[:-1])).astype(np.int64),
            seats=[self.seats[seat] for seat in filled.tolist()],
        )


def valid_groups(model: Model, *, possible: int, stop: Callable[[], bool], most: int = MOST_GROUPS) -> Groups:
    """Return every valid group, in a fixed order; none at all is an empty answer.

    Raises:
        TooManyGroups: there are more than `most`, or `stop` cut the listing.
    """
    params = model.params
    least, width = params.min_per_generation, params.size_max
    units_found, people_found = array("i"), array("d")
    at_seat: dict[tuple[int, int], array[int]] = {}
    hosts = [host for host, starts in enumerate(model.host_starts) if starts]

    def found(group: tuple[int, ...], size: int, common: int, languages: int) -> None:
        number = len(people_found)
        seats = [
            (host, start)
            for host in hosts
            if model.host_languages[host] & languages
            for start in bits(common & model.host_starts[host])
        ]
        for seat in seats:
            at_seat.setdefault(seat, array("i")).append(number)
        if seats:
            units_found.extend(group + (len(model.members),) * (width - len(group)))
            people_found.append(size)
            if len(people_found) > most or (number % 2000 == 0 and stop()):
                raise TooManyGroups

    def extend(
        group: tuple[int, ...], pool: int, size: int, students: int, alumni: int, common: int, languages: int
    ) -> None:
        if size >= params.size_min and students >= least and alumni >= least:
            found(group, size, common, languages)
        for other in bits(pool):
            pool &= ~(1 << other)
            shared, spoken = common & model.starts[other], languages & model.languages[other]
            new_size = size + model.size[other]
            new_students, new_alumni = students + model.students[other], alumni + model.alumni[other]
            missing = max(0, least - new_students) + max(0, least - new_alumni)
            if (
                new_size + missing <= params.size_max
                and spoken
                and shared & model.hosted
                and shared.bit_count() >= params.min_windows
            ):
                left = pool & ~model.barred[other]
                extend((*group, other), left, new_size, new_students, new_alumni, shared, spoken)

    whole_week, all_languages = (1 << params.week_slots) - 1, (1 << len(model.speakers)) - 1
    extend((), possible, 0, 0, 0, whole_week, all_languages)
    return _packed(units_found, people_found, at_seat, width=width)


def _packed(
    units: "array[int]", people: "array[float]", at_seat: "dict[tuple[int, int], array[int]]", *, width: int
) -> Groups:
    seats = sorted(at_seat)
    pairs = [np.array(at_seat[seat], np.int32) for seat in seats]
    ends = np.cumsum([len(part) for part in pairs], dtype=np.int64)
    return Groups(
        units=np.array(units, np.int32).reshape(-1, width),
        people=np.array(people, np.float64),
        pair_group=np.concatenate([np.zeros(0, np.int32), *pairs]),
        seat_first=np.concatenate([np.zeros(1, np.int64), ends])[: len(seats)],
        seats=seats,
    )
