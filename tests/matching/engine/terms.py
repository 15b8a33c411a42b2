"""Random terms of a short week with every kind of rule in them, the same ones each time."""

import random
from functools import cache

from matching.engine import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    Problem,
    TogetherPair,
)
from tests.matching.engine.brute import most_placed, valid_groups

RULES = ({}, {"min_windows": 3}, {"size_min": 5}, {"min_windows": 2})
"""What the terms ask of a cohort beside the usual."""


def random_term(draw, *, people, hosts, load, **rules):
    """A term of a short week with every kind of rule in it."""

    def week(most):
        blocks = [(draw.randrange(12), draw.randint(2, most)) for _ in range(2)]
        return sum({1 << (first + step) % 12 for first, length in blocks for step in range(length)})

    everyone = tuple(
        Participant(
            id=f"P{number}",
            generation=draw.choice(list(Generation)),
            availability=week(8),
            languages=draw.choice([("ja",), ("ja",), ("en", "ja"), ("en",)]),
            interests={draw.choice("abc"): 3},
        )
        for number in range(people)
    )
    pairs = [draw.sample([one.id for one in everyone], 2) for _ in range(people // 3)]
    return Problem(
        name="random",
        params=Params(week_slots=12, window_slots=2, **rules),
        participants=everyone,
        facilitators=tuple(
            Facilitator(id=f"F{n}", availability=week(9), max_load=load, languages=draw.choice([("ja",), ("en",)]))
            for n in range(hosts)
        ),
        forbidden=tuple(ForbiddenPair(first=a, second=b, reason=ForbiddenReason.BLOCKED) for a, b in pairs),
        together=(TogetherPair(first="P0", second="P1"),),
    )


@cache
def small_terms():
    """Terms of 9 to 11 people, with the most that can be placed and everybody who is in a valid group."""
    found = []
    for number in range(36):
        draw = random.Random(number)
        made = random_term(draw, people=draw.randint(8, 10), hosts=3, load=number % 3, **RULES[number // 3 % 4])
        reached = 0
        for mask, _ in valid_groups(made) if number % 3 else ():
            reached |= mask
        found.append((made, most_placed(made), reached))
    return found


@cache
def middling_terms():
    return [
        random_term(random.Random(number), people=32, hosts=5, load=2 + number % 2, **RULES[number % 4])
        for number in range(8)
    ]


@cache
def repaired_terms():
    return [
        random_term(random.Random(number), people=32, hosts=6, load=2 + number % 2, **RULES[number % 4])
        for number in range(8)
    ]
