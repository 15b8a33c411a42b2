"""How evenly the time to speak was shared in one session: a figure of the circle, never of somebody in it.

Lengths come from the guide's own turns, so nothing is listened to and nothing recorded; where everybody agreed, they
are the seconds in which each was heard (`speaking`). What would tell how long one
person spoke is not worked out: in a circle of three a figure almost names somebody's share, and the balance of the
generations does so where one of them has a single voice. The longest turn is left out for the same reason.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Final

from dialogue.core.generation import Generation

FEWEST: Final = 4
"""Voices from which on a figure tells nothing of one of them."""

FEWEST_OF_A_GENERATION: Final = 2
BALANCED: Final = 0.15
UNEVEN: Final = 0.30
EVEN_BETWEEN: Final = (0.85, 1.15)
"""Mean time of the students for one of the alumni: what still counts as the same."""

MANY_PASSES: Final = 0.25


class Band(StrEnum):
    """How evenly time was shared, in three steps: as much as is ever said of it to the circle."""

    BALANCED = "balanced"
    WATCH = "watch"
    REVIEW = "review"


class Basis(StrEnum):
    """What the lengths of a figure are."""

    TURNS = "turns"
    """How long each had the word by the guide."""
    SPEAKING = "speaking"
    """How long each was heard in the own room."""


class Next(StrEnum):
    """What a circle may try next time. Each is about the form of a session, none about a person."""

    KEEP = "keep"
    STUDENTS_OPEN = "students_open"
    ALUMNI_OPEN = "alumni_open"
    SHORTER_QUESTIONS = "shorter_questions"
    GENTLY = "gently"


@dataclass(frozen=True, slots=True)
class Voices:
    """One session's figures: how many spoke, how evenly, and what part of the turns was passed."""

    students: int
    alumni: int
    gini: float
    balance: float | None
    """Mean of the students for one of the alumni; None where it would tell how long one person spoke."""
    passes: float | None
    """Passed turns for one turn that was offered; None where turns were not counted."""


def gini(lengths: Collection[float]) -> float:
    """Return the normalised Gini coefficient G·n/(n-1): 0 where all are alike, 1 where one has everything.

    G is the mean difference of all pairs over twice the mean (Woolley et al. 2010 count the evenness of turns so).

    Raises:
        ValueError: there are fewer than two lengths, or there is nothing to share.
    """
    number, total = len(lengths), sum(lengths)
    if number < 2 or total <= 0:
        raise ValueError("evenness needs two lengths and something that they share")
    apart = sum(abs(one - other) for one in lengths for other in lengths)
    return apart / (2 * number * total) * number / (number - 1)


def voices_of(
    spoken: Mapping[int, float], generations: Mapping[int, Generation], *, turns: int = 0, passed: int = 0
) -> Voices | None:
    """Return the figures of a session, or nothing where they would tell of one person, or where nobody spoke.

    Args:
        spoken: seconds of everybody who was there, 0 for who passed every turn.
        generations: of everybody in `spoken`.
        turns: how many turns were offered, and `passed` how many of them were passed.
    """
    by_generation: dict[Hashable, list[float]] = {
        one: [seconds for key, seconds in spoken.items() if generations[key] is one] for one in Generation
    }
    students, alumni = by_generation[Generation.STUDENT], by_generation[Generation.ALUMNI]
    if len(spoken) < FEWEST or sum(spoken.values()) <= 0:
        return None
    return Voices(
        students=len(students),
        alumni=len(alumni),
        gini=gini(spoken.values()),
        balance=_balance(students, alumni),
        passes=passed / turns if turns else None,
    )


def _balance(students: Collection[float], alumni: Collection[float]) -> float | None:
    if min(len(students), len(alumni)) < FEWEST_OF_A_GENERATION or sum(alumni) <= 0:
        return None
    return fmean(students) / fmean(alumni)


def band_of(evenness: float) -> Band:
    """Return in which of three steps a normalised Gini lies: up to 0.15, up to 0.30, above."""
    return Band.BALANCED if evenness <= BALANCED else Band.WATCH if evenness <= UNEVEN else Band.REVIEW


def next_time(voices: Voices) -> tuple[Next, ...]:
    """Return what the circle may try next time, the most telling first; to go on as it is where all was even."""
    fewest, most = EVEN_BETWEEN
    tries = []
    if voices.balance is not None and voices.balance < fewest:
        tries.append(Next.STUDENTS_OPEN)
    elif voices.balance is not None and voices.balance > most:
        tries.append(Next.ALUMNI_OPEN)
    if band_of(voices.gini) is Band.REVIEW:
        tries.append(Next.SHORTER_QUESTIONS)
    if voices.passes is not None and voices.passes >= MANY_PASSES:
        tries.append(Next.GENTLY)
    if not tries and band_of(voices.gini) is Band.WATCH:
        tries.append(Next.SHORTER_QUESTIONS)
    return tuple(tries) or (Next.KEEP,)
