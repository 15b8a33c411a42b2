"""Whether enough people come for a dialogue to be one, and when that is looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from dialogue.core.generation import Generation

LEAST: Final = 4
MINI: Final = 3
"""People of a mini-session, which a facilitator may hold."""

COMES: Final = frozenset({"yes", "late"})
LONE_PATIENCE: Final = timedelta(hours=12)
"""How long somebody who would be the only one of their generation may think before others are asked to help."""


class Lead(StrEnum):
    """How long before the start the quorum is looked at."""

    THREE_DAYS = "72h"
    A_DAY = "24h"
    TWO_HOURS = "2h"


AHEAD: Final[Mapping[Lead, timedelta]] = {
    Lead.THREE_DAYS: timedelta(hours=72),
    Lead.A_DAY: timedelta(hours=24),
    Lead.TWO_HOURS: timedelta(hours=2),
}


class State(StrEnum):
    """How a session stands."""

    SAFE = "safe"
    OPEN = "open"  # it takes place if those come who have not answered
    LOST = "lost"  # not even then


class Trouble(StrEnum):
    """What is missing."""

    FACILITATOR = "facilitator"
    FEW = "few"
    GENERATION = "generation"
    ALONE = "alone"


class Alone(StrEnum):
    """What somebody who would be the only one of their generation said when asked privately."""

    ASKED = "asked"
    JOIN = "join"
    ANOTHER_DAY = "another_day"
    REST = "rest"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody who is expected. `answer` is yes, late, no or none."""

    person: int
    generation: Generation
    answer: str

    @property
    def comes(self) -> bool:
        return self.answer in COMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a session stands. `missing` people would have to come besides those who do."""

    state: State
    troubles: frozenset[Trouble]
    coming: int
    unanswered: int
    missing: int
    generations: frozenset[Generation] = field(default_factory=frozenset)
    """The generations of which somebody comes."""
    to_ask: int | None = None
    """Who is to be asked privately whether they mind being the only one of their generation."""
    wanted: frozenset[Generation] = field(default_factory=frozenset)
    """The generations of which one person more would help: nobody of it comes, or one who would rather have company."""

    @property
    def needed(self) -> int:
        """How many people more would make it safe, the facilitator aside, if they are of the wanted generations."""
        return max(self.missing, len(self.wanted))

    def helped_by(self, generation: Generation) -> bool:
        """Whether one person more of this generation brings the session nearer to taking place."""
        return generation in self.wanted if self.wanted else self.missing > 0


def judge(
    seats: Sequence[Seat],
    *,
    facilitator_comes: bool = True,
    least: int = LEAST,
    alone: Mapping[int, Alone] | None = None,
) -> Verdict:
    """Return how a session stands: `least` people and the facilitator, at least one of each generation.

    If everybody has answered in a generation and one person of it comes, that person is to be asked first. While they
    think nothing is wrong; if they would rather come on another day, or stay silent, the session lacks company.
    """
    said = alone or {}
    coming = [seat for seat in seats if seat.comes]
    open_seats = [seat for seat in seats if seat.answer == "none"]
    by_generation = Counter(seat.generation for seat in coming)
    may_come = Counter(seat.generation for seat in open_seats)
    troubles: set[Trouble] = set()
    wanted: set[Generation] = set()
    lost, to_ask = False, None
    if not facilitator_comes:
        troubles.add(Trouble.FACILITATOR)
        lost = True
    if len(coming) < least:
        troubles.add(Trouble.FEW)
        lost |= len(coming) + len(open_seats) < least
    for generation in Generation:
        here, maybe = by_generation[generation], may_come[generation]
        if not here:
            troubles.add(Trouble.GENERATION)
            wanted.add(generation)
            lost |= not maybe
        elif here == 1 and not maybe and len(coming) > 1:
            person = next(seat.person for seat in coming if seat.generation is generation)
            match said.get(person):
                case None:
                    to_ask = person
                case Alone.ANOTHER_DAY | Alone.SILENT:
                    troubles.add(Trouble.ALONE)
                    wanted.add(generation)
                    lost = True
                case _:
                    pass
    return Verdict(
        state=State.LOST if lost else State.OPEN if troubles else State.SAFE,
        troubles=frozenset(troubles),
        coming=len(coming),
        unanswered=len(open_seats),
        missing=max(0, least - len(coming)),
        generations=frozenset(by_generation),
        to_ask=to_ask,
        wanted=frozenset(wanted),
    )


def lead_at(*, starts_at: datetime, now: datetime) -> Lead | None:
    """Return the look at the quorum that is due: the latest whose moment has come; None before all and after the start.

    A look that was missed is not made up for: the next one sees more.
    """
    if now >= starts_at:
        return None
    due = [lead for lead, ahead in AHEAD.items() if now >= starts_at - ahead]
    return due[-1] if due else None


def stretch_of(lead: Lead) -> tuple[timedelta, timedelta]:
    """Return how far ahead a session starts whose due look is `lead`: more than the first, at most the second."""
    nearer = [ahead for ahead in AHEAD.values() if ahead < AHEAD[lead]]
    return max(nearer, default=timedelta(0)), AHEAD[lead]


def patience(*, starts_at: datetime, now: datetime, others: int) -> timedelta:
    """Return how long somebody who is asked to stand in may think before the next of `others` is asked.

    The time until two hours before the start is shared out evenly; nobody gets over twelve hours or under twenty
    minutes.
    """
    left = (starts_at - AHEAD[Lead.TWO_HOURS] - now) / (others + 1)
    return min(max(left, timedelta(minutes=20)), timedelta(hours=12))
