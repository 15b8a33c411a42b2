"""What lies near a plan: each cohort as it is, with one more, one fewer, or one exchanged for another.

All of them stay where they meet. One cohort's exchange alone rarely does any good; chosen together, over dozens of
cohorts at once, they are every chain and every ring in which each takes the seat of the next.

Method: cyclic transfers (Thompson and Orlin 1989), a neighbourhood of exponential size that is searched by packing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.groups import Groups, packed
from matching.engine.model import Model
from matching.engine.plan import Draft
from matching.engine.week import bits

Units = NDArray[np.int64]


class Nearby:
    """The units of a part of a problem as arrays, with a last row for a seat that stays empty."""

    def __init__(self, part: Model) -> None:
        self.part, self.params = part, part.params
        self.none = len(part.members)
        self.size = np.array([*part.size, 0], np.int64)
        self.students = np.array([*part.students, 0], np.int64)
        self.alumni = np.array([*part.alumni, 0], np.int64)
        self.languages = np.array([*part.languages, (1 << len(part.speakers)) - 1], np.uint64)
        self.barred = np.zeros((self.none + 1, self.none + 1), np.bool_)
        for unit, mask in enumerate(part.barred):
            self.barred[unit, list(bits(mask))] = True
        whole_week = (1 << self.params.week_slots) - 1
        self.starts = packed([*part.starts, whole_week], self.params.week_slots)

    def groups(self, cohorts: Sequence[tuple[Sequence[int], Draft]]) -> Groups:
        """Return what lies near each cohort, given as its units in this part, and where it meets.

        The class of a group is the number of its cohort.
        """
        found, kinds = [], []
        for kind, (units, draft) in enumerate(cohorts):
            could = np.array([unit for unit in bits(self.part.at[draft.start]) if unit not in units], np.int64)
            could = np.append(could, self.none)
            for leaving in (*units, self.none):
                rest = np.array([unit for unit in units if unit != leaving], np.int64)
                comes = could[self._suit(rest, could, spoken=self.part.host_languages[draft.host])]
                rows = np.full((len(comes), self.params.size_max), self.none, np.int16)
                rows[:, : len(rest)] = rest
                if len(rest) < self.params.size_max:
                    rows[:, len(rest)] = comes
                found.append(np.sort(rows, axis=1))
                kinds.append(np.full(len(comes), kind, np.int32))
        units_of = np.concatenate([np.zeros((0, self.params.size_max), np.int16), *found])
        return Groups(
            units=units_of,
            people=self.size[units_of].sum(axis=1),
            kind=np.concatenate([np.zeros(0, np.int32), *kinds]),
            seats=[((draft.host, draft.start),) for _, draft in cohorts],
        )

    def _suit(self, rest: Units, could: Units, *, spoken: int) -> NDArray[np.bool_]:
        """Whether each who could come makes a valid group of those who stay; the time suits all of them."""
        params = self.params
        size = self.size[rest].sum() + self.size[could]
        suits: NDArray[np.bool_] = (size >= params.size_min) & (size <= params.size_max)
        suits &= self.students[rest].sum() + self.students[could] >= params.min_per_generation
        suits &= self.alumni[rest].sum() + self.alumni[could] >= params.min_per_generation
        suits &= ~self.barred[rest][:, could].any(axis=0)
        shared = np.bitwise_and.reduce(self.languages[rest], initial=np.uint64(spoken))
        suits &= shared & self.languages[could] != 0
        if params.min_windows > 1:
            common = np.bitwise_and.reduce(self.starts[rest], axis=0) & self.starts[could]
            suits &= np.bitwise_count(common).sum(axis=1, dtype=np.int64) >= params.min_windows
        return suits
