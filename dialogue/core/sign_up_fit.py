"""How well somebody's times fit so far: how many others could meet them, in steps, and never who.

Availability is a mask of the half hours of the term's week, as `dialogue.core.grid` makes it. Numbers are told in
steps, so that two answers that differ by one window do not tell when one single person can come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from dialogue.core.grid import SLOTS_IN_WEEK

STEPS: Final = (50, 30, 20, 10, 5, 3)
"""What is told is the largest of these that is reached; fewer than three are "few"."""

_ALL: Final = (1 << SLOTS_IN_WEEK) - 1

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Fit:
    """At least so many people of the other generation, and facilitators, share a time as long as a session.

    0 stands for fewer than three.
    """

    others: int
    facilitators: int


def fit_of(*, mine: int, others: Sequence[int], facilitators: Sequence[int], length: int) -> Fit:
    """Return how many could meet somebody whose free half hours are `mine`, in sessions of `length` half hours."""
    starts = starts_of(mine, length)
    return Fit(
        others=told(sum(1 for other in others if starts & starts_of(other, length))),
        facilitators=told(sum(1 for one in facilitators if starts & starts_of(one, length))),
    )


def told(count: int) -> int:
    """Return the number that is told for a count: the largest step that it reaches, 0 below three."""
    return next((step for step in STEPS if count >= step), 0)


def best_addition(
    *, mine: int, additions: Mapping[Name, int], others: Sequence[int], facilitators: Sequence[int], length: int
) -> tuple[Name, Fit] | None:
    """Return the addition that lets most people of the other generation meet, with the fit that it leads to.

    None where no addition changes what is told. Of equal ones the first is chosen.
    """
    now = fit_of(mine=mine, others=others, facilitators=facilitators, length=length)
    found = [
        (name, fit_of(mine=mine | extra, others=others, facilitators=facilitators, length=length))
        for name, extra in additions.items()
        if extra & ~mine
    ]
    better = [(name, fit) for name, fit in found if (fit.others, fit.facilitators) > (now.others, now.facilitators)]
    return max(better, key=lambda one: (one[1].others, one[1].facilitators), default=None)


def mask_of(slots: Iterable[int]) -> int:
    """Return the mask of some half hours, numbered from Monday 00:00."""
    mask = 0
    for slot in slots:
        mask |= 1 << slot % SLOTS_IN_WEEK
    return mask


def starts_of(mask: int, length: int) -> int:
    """Return the half hours from which so many in a row are free; Sunday night runs on into Monday."""
    starts = mask
    for later in range(1, length):
        starts &= (mask >> later | mask << SLOTS_IN_WEEK - later) & _ALL
    return starts
