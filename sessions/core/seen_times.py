"""When the people of a term can come, hour by hour, and which weekly time is missing most."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dialogue.core.grid import SLOTS_IN_DAY, SLOTS_IN_WEEK
from dialogue.core.sign_up_fit import starts_of

HOURS_IN_DAY: Final = 24
SLOTS_IN_HOUR: Final = SLOTS_IN_DAY // HOURS_IN_DAY
DAYS: Final = 7


class Party(StrEnum):
    """Who has to be there for a cohort to meet."""

    STUDENTS = "student"
    ALUMNI = "alumni"
    FACILITATORS = "facilitators"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTime:
    """A weekly start at which one party alone is missing.

    `start` is a half hour of the week. `here` says how many of each party could come to a whole session then; `gain`
    people could come to no session at all as things are, and could to this one.
    """

    start: int
    party: Party
    here: dict[Party, int]
    gain: int


def by_hour(masks: Sequence[int]) -> list[list[int]]:
    """Return how many are free through each whole hour: seven weekdays from Monday, 24 hours each.

    A mask holds the half hours of the week, as `dialogue.core.grid` makes it.
    """
    counts = [[0] * HOURS_IN_DAY for _day in range(DAYS)]
    whole = (1 << SLOTS_IN_HOUR) - 1
    for mask in masks:
        for day in range(DAYS):
            for hour in range(HOURS_IN_DAY):
                if mask >> (day * SLOTS_IN_DAY + hour * SLOTS_IN_HOUR) & whole == whole:
                    counts[day][hour] += 1
    return counts


def without_a_time(people: dict[Party, Sequence[int]], *, length: int, least: int) -> int:
    """Return how many participants who gave times share none with a facilitator and `least` of both generations."""
    works = _works(_starts(people, length), least)
    return len(_left_out(_starts(people, length), works))


def missing_time(people: dict[Party, Sequence[int]], *, length: int, least: int) -> MissingTime | None:
    """Return the start at which one party more would help most participants who could come to no session so far.

    `length` is that of a session in half hours, `least` how many of each generation a cohort needs. Of equal starts the
    first of the week is named. None where no start with a single party missing would help anybody.
    """
    starts = _starts(people, length)
    left_out = _left_out(starts, _works(starts, least))
    best: MissingTime | None = None
    for start in range(SLOTS_IN_WEEK):
        here = {party: sum(mask >> start & 1 for mask in masks) for party, masks in starts.items()}
        lacking = [party for party in Party if here[party] < _needed(party, least)]
        gain = sum(mask >> start & 1 for mask in left_out)
        if len(lacking) == 1 and gain > (best.gain if best else 0):
            best = MissingTime(start=start, party=lacking[0], here=here, gain=gain)
    return best


def _needed(party: Party, least: int) -> int:
    return 1 if party is Party.FACILITATORS else least


def _starts(people: dict[Party, Sequence[int]], length: int) -> dict[Party, list[int]]:
    return {party: [starts_of(mask, length) for mask in people[party]] for party in Party}


def _works(starts: dict[Party, list[int]], least: int) -> int:
    """Return the starts at which a cohort could meet, as a mask."""
    works = 0
    for start in range(SLOTS_IN_WEEK):
        if all(sum(mask >> start & 1 for mask in starts[party]) >= _needed(party, least) for party in Party):
            works |= 1 << start
    return works


def _left_out(starts: dict[Party, list[int]], works: int) -> list[int]:
    return [mask for party in (Party.STUDENTS, Party.ALUMNI) for mask in starts[party] if mask and not mask & works]
