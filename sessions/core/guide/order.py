"""Who speaks when: generations by turns, and over a series everybody opens equally many rounds.

A session is opened by the generations by turns, so that no role opens two sessions in a row. Where one generation has
more people, their turn to open a session comes round less often; the later rounds of a session make up for it.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from dialogue.core.generation import Generation


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in the circle: any key that names them for life, and their generation."""

    key: Hashable
    generation: Generation


def circle(seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats with the generations side by side as evenly as their numbers allow, each in the order given."""
    few, many = sorted(([one for one in seats if one.generation is generation] for generation in Generation), key=len)
    if not few:
        return many
    placed: list[Seat] = []
    for place, seat in enumerate(few):
        placed += [seat, *many[place * len(many) // len(few) : (place + 1) * len(many) // len(few)]]
    return placed


def openers(seats: Sequence[Seat], *, session: int, rounds: int) -> list[Seat]:
    """Return who opens each round of a session of a series, as if everybody had always been there.

    Args:
        seats: everybody in the circle, the same order each time.
        session: the session's number in its series, from 1.
        rounds: how many rounds a session has.

    Raises:
        ValueError: nobody sits there, the number is below 1, or a session has no round.
    """
    if not seats or session < 1 or rounds < 1:
        raise ValueError("openers need a circle, a session from 1 on, and rounds")
    around = circle(seats)
    opened: Counter[Seat] = Counter()
    led: Counter[Seat] = Counter()
    chosen: list[Seat] = []
    for number in range(session):
        mine = [one for one in around if one.generation is _role(number)] or around
        first = min(mine, key=lambda one: (led[one], opened[one], around.index(one)))
        led[first] += 1
        chosen = [first]
        opened[first] += 1
        for _round in range(rounds - 1):
            chosen.append(_next(around, opened, after=chosen[-1]))
            opened[chosen[-1]] += 1
    return chosen


def _role(number: int) -> Generation:
    """Return whose turn it is to open: students the first session, alumni the second, and so on."""
    return (Generation.STUDENT, Generation.ALUMNI)[number % 2]


def _next(around: Sequence[Seat], opened: Counter[Seat], *, after: Seat) -> Seat:
    """Return who has opened least, the nearest in the circle first."""
    place = around.index(after)
    return min(around, key=lambda one: (opened[one], (around.index(one) - place - 1) % len(around)))


def speaking(seats: Sequence[Seat], *, first: Seat) -> list[Seat]:
    """Return the circle from the one who opens."""
    around = circle(seats)
    place = around.index(first)
    return around[place:] + around[:place]
