"""The three questions after a session: when they are asked, and what of the answers may be shown.

Answers are counts without people. They are shown of whole weeks of a term, joined until five or more people have
answered a question, and only once the weeks are closed. As time goes on lines are added and none ever changes, so
whatever two looks at the page differ by is five answers or more, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

STEPS: Final = 5
"""Words to choose from for each question, the strongest first."""

LEAST: Final = 5
"""Answers to a question below which nothing of them is shown."""

OPENS_BEFORE_END: Final = timedelta(minutes=15)
"""The last minutes of a session are for these questions, and some circles close early."""

TAKEN_FOR: Final = timedelta(days=7)
"""How long after a session answers are taken. A week closes when this has passed for its last evening."""


class Question(StrEnum):
    """What is asked. Of the last one less is better."""

    HEARD = "heard"
    EQUAL = "equal"
    TAUGHT = "taught"


Counts = tuple[int, ...]
"""How many people chose each word, the strongest first."""


@dataclass(frozen=True, slots=True)
class Week:
    """The answers to one question after the sessions that ended in one week of the term's zone."""

    monday: date
    numbers: frozenset[int]
    """Which sessions of their series these were."""
    counts: Counts


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown of one week, or of several that stand together."""

    first: date
    last: date
    numbers: frozenset[int]
    counts: Counts

    @property
    def answers(self) -> int:
        return sum(self.counts)

    @property
    def bands(self) -> tuple[int, int, int]:
        """How many said yes, neither, and no: five words are too fine for a handful of people."""
        return self.counts[0] + self.counts[1], self.counts[2], self.counts[3] + self.counts[4]


def takes_answers(*, starts_at: datetime, ends_at: datetime, now: datetime, closed_at: datetime | None = None) -> bool:
    """Return whether a session's people may answer now: from its last minutes, or from when its room was closed."""
    opens = min(ends_at - OPENS_BEFORE_END, closed_at or ends_at)
    return max(starts_at, opens) <= now < ends_at + TAKEN_FOR


def closes_on(monday: date) -> date:
    """Return the day from which no session of the week that began on this Monday takes answers any more."""
    return monday + timedelta(days=7) + TAKEN_FOR


def lines_of(weeks: Iterable[Week], *, today: date) -> list[Line]:
    """Return what may be shown of one question today, the earliest first.

    Closed weeks are joined in their order until a line has five answers; those at the end that have not come to five
    wait for more.
    """
    lines: list[Line] = []
    waiting: list[Week] = []
    for week in sorted(weeks, key=lambda one: one.monday):
        if closes_on(week.monday) > today:
            break
        waiting.append(week)
        if sum(sum(one.counts) for one in waiting) >= LEAST:
            lines.append(_joined(waiting))
            waiting = []
    return lines


def of_all(lines: Sequence[Line]) -> Line | None:
    """Return the figure of the whole term: of what is shown line by line, and of nothing else."""
    if not lines:
        return None
    return Line(
        lines[0].first,
        lines[-1].last,
        frozenset().union(*(one.numbers for one in lines)),
        _added([one.counts for one in lines]),
    )


def _joined(weeks: Sequence[Week]) -> Line:
    numbers = frozenset().union(*(one.numbers for one in weeks))
    return Line(weeks[0].monday, weeks[-1].monday, numbers, _added([one.counts for one in weeks]))


def _added(counts: Sequence[Counts]) -> Counts:
    return tuple(sum(column) for column in zip(*counts, strict=True))
