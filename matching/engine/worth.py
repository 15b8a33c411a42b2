"""What cohorts are worth in forming them: quality times people, less the costs of what was not wished for.

Thousands of rows are judged at once. Each row lists the people in one cohort's seats, empty seats included.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.engine.arrays import Arrays, Floats, Ints, held, spare_windows
from matching.engine.groups import Groups
from matching.engine.model import Model
from matching.engine.options import Options
from matching.engine.problem import Params
from matching.engine.score import CROSS_GENERATION_WEIGHT, SPARE_CAP

SOFT_COST = 0.25
STEADY_COST = 0.25
FAIR_FLOOR, FAIR_WEIGHT = 0.55, 8.0
PEOPLE_IN_TABLE = 2_500
ROWS_AT_ONCE = 8_192

Worths = NDArray[np.float64]


class Worth:
    """Judges rows of people by a problem's arrays and a caller's options."""

    def __init__(self, arrays: Arrays, options: Options) -> None:
        self.arrays, self.options = arrays, options
        seats = arrays.params.size_max
        self.weighs = options.weights
        students = np.arange(seats + 1)[:, None]
        alumni = np.arange(seats + 1)[None, :]
        people = np.maximum(students + alumni, 1)
        pairs = (
            CROSS_GENERATION_WEIGHT * students * alumni + students * (students - 1) // 2 + alumni * (alumni - 1) // 2
        )
        self.pair_share = self.weighs.affinity / np.maximum(pairs, 1)
        self.even = self.weighs.balance * (1 - np.abs(students - alumni) / people)
        self.needed = needed_of(arrays.params)
        self.likeness: Floats | None = None
        if len(arrays.real) <= PEOPLE_IN_TABLE:
            # einsum instead of a matrix product: a product's rounding may depend on the number of cores.
            self.likeness = np.einsum("ik,jk->ij", arrays.vectors, arrays.vectors)
            across = arrays.student[:, None] != arrays.student[None, :]
            self.likeness *= np.where(across, CROSS_GENERATION_WEIGHT, 1).astype(np.float32)
        largest = int(arrays.background.max(initial=0))
        self.background_bit = (
            np.where(arrays.background >= 0, np.uint64(1) << np.maximum(arrays.background, 0).astype(np.uint64), 0)
            if largest < 64
            else None
        )

    def pull(self, person: Ints, rows: Ints) -> Floats:
        """Return the weighed likeness of each row's person with everybody in its seats."""
        arrays = self.arrays
        if self.likeness is not None:
            return self.likeness[person[:, None], rows]
        pull: Floats = np.einsum("pd,psd->ps", arrays.vectors[person], arrays.vectors[rows])
        across = arrays.student[person][:, None] != arrays.student[rows]
        return pull * np.where(across, CROSS_GENERATION_WEIGHT, 1).astype(np.float32)

    def likenesses(self, rows: Ints) -> Worths:
        """Return the sum of weighed likeness over the pairs of each row."""
        total = np.zeros(len(rows))
        for seat in range(1, rows.shape[1]):
            total += self.pull(rows[:, seat], rows[:, :seat]).sum(axis=1, dtype=np.float64)
        return total

    def of(self, rows: Ints) -> Worths:
        """Return what each row is worth."""
        parts = []
        for first in range(0, max(1, len(rows)), ROWS_AT_ONCE):
            part = rows[first : first + ROWS_AT_ONCE]
            parts.append(self.of_counted(part, self.likenesses(part), *self.counts(part)))
        return np.concatenate(parts)

    def of_groups(self, groups: Groups, model: Model) -> Worths:
        """Return what each group is worth."""
        empty, found = len(self.arrays.real) - 1, [np.zeros(0)]
        for first in range(0, len(groups.people), ROWS_AT_ONCE):
            part = groups.only(slice(first, first + ROWS_AT_ONCE))
            found.append(self.of(part.rows(model, empty=empty)))
        return np.concatenate(found)

    def plain(self) -> "Worth":
        """Return what judges by the weights asked for alone, without what costs and fairness take off."""
        return Worth(replace(self.arrays, soft=None), Options(weights=self.weighs))

    def quality_of(self, groups: Groups, model: Model) -> Worths:
        """Return the quality of each group by the weights asked for, without what costs and fairness take off."""
        quality: Worths = self.plain().of_groups(groups, model) / groups.people
        return quality

    def counts(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return how many students and how many alumni sit in each row."""
        students: Ints = self.arrays.student[rows].sum(axis=1)
        return students, self.arrays.real[rows].sum(axis=1) - students

    def of_counted(self, rows: Ints, likeness: Worths, students: Ints, alumni: Ints) -> Worths:
        """Return what each row is worth, given its likeness and counts; nobody in it is worth nothing."""
        arrays, weighs = self.arrays, self.weighs
        params, people = arrays.params, np.maximum(students + alumni, 1)
        common = arrays.windows[rows[:, 0]]
        for seat in range(1, rows.shape[1]):
            common &= arrays.windows[rows[:, seat]]
        spare = spare_windows(common, width=arrays.bits_per_word, length=params.window_slots, slots=params.week_slots)
        quality = (
            likeness * self.pair_share[students, alumni]
            + weighs.robust / SPARE_CAP * spare
            + self.even[students, alumni]
            + weighs.diversity * self._distinct(rows) / people
        )
        if self.options.fair:
            quality = quality - FAIR_WEIGHT * np.maximum(0.0, FAIR_FLOOR - quality) ** 2
        worth: Worths = (students + alumni) * quality - self.options.cohort_cost * (students + alumni > 0)
        if self.options.steady:
            worth -= STEADY_COST * self.needed[students, alumni]
        if arrays.soft is not None:
            for seat in range(rows.shape[1]):
                worth -= SOFT_COST / 2 * held(arrays.soft, rows[:, seat], rows)
        if self.options.alone_cost:
            worth -= self.options.alone_cost * self._alone(rows)
        return worth

    def _distinct(self, rows: Ints) -> Ints:
        if self.background_bit is not None:
            seen = self.background_bit[rows[:, 0]]
            for seat in range(1, rows.shape[1]):
                seen = seen | self.background_bit[rows[:, seat]]
            return np.bitwise_count(seen).astype(np.int64)
        codes = np.sort(self.arrays.background[rows], axis=1)
        distinct: Ints = ((codes[:, 1:] != codes[:, :-1]) & (codes[:, 1:] >= 0)).sum(axis=1) + (codes[:, 0] >= 0)
        return distinct

    def _alone(self, rows: Ints) -> Ints:
        """Return how often somebody is the only one of a value in each row."""
        alone = np.zeros(len(rows), np.int64)
        for column in range(self.arrays.attributes.shape[1]):
            codes = self.arrays.attributes[rows, column]
            alike = (codes[:, :, None] == codes[:, None, :]).sum(axis=2)
            alone += ((alike == 1) & (codes >= 0)).sum(axis=1)
        return alone


def needed_of(params: Params) -> Ints:
    """Return how many people of a cohort cannot leave without breaking its size or its generations.

    By how many students (rows) and alumni (columns) it has.
    """
    students = np.arange(params.size_max + 1)[:, None]
    alumni = np.arange(params.size_max + 1)[None, :]
    small, least = students + alumni <= params.size_min, params.min_per_generation
    needed: Ints = np.where(small | (students <= least), students, 0) + np.where(small | (alumni <= least), alumni, 0)
    return needed
