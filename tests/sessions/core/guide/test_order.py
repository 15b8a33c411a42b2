"""Who speaks when: by turns, and over a series equally often first."""

from collections import Counter
from itertools import pairwise

import pytest

from dialogue.core.generation import Generation
from sessions.core.guide.order import Seat, circle, openers, speaking

MIXES = [(students, alumni) for students in range(1, 6) for alumni in range(1, 6) if 3 <= students + alumni <= 6]


def seats(students: int, alumni: int) -> list[Seat]:
    generations = [Generation.STUDENT] * students + [Generation.ALUMNI] * alumni
    return [Seat(number, generation) for number, generation in enumerate(generations)]


def test_generations_alternate_as_far_as_there_are_people():
    assert [one.generation.value[0] for one in circle(seats(3, 3))] == ["s", "a"] * 3
    assert [one.generation.value[0] for one in circle(seats(2, 3))] == ["s", "a", "s", "a", "a"]
    assert [one.generation.value[0] for one in circle(seats(4, 2))] == ["a", "s", "s", "a", "s", "s"]


@pytest.mark.parametrize("mix", MIXES)
def test_nobody_of_the_fewer_sits_beside_their_own(mix):
    around = circle(seats(*mix))
    fewer = Generation.STUDENT if mix[0] < mix[1] else Generation.ALUMNI
    pairs = zip(around, around[1:] + around[:1], strict=True)

    assert sorted(one.key for one in around) == list(range(sum(mix)))
    if min(mix) > 1 or sum(mix) > 2:
        assert not any(one.generation is other.generation is fewer and one != other for one, other in pairs)


@pytest.mark.parametrize("mix", [mix for mix in MIXES if 1 not in mix or sum(mix) < 6])
@pytest.mark.parametrize("rounds", [5, 6])
def test_over_a_series_everybody_opens_equally_often(mix, rounds):
    circle_of = seats(*mix)
    opened = Counter(dict.fromkeys(circle_of, 0))
    for session in range(1, 25):
        opened.update(openers(circle_of, session=session, rounds=rounds))
        assert max(opened.values()) - min(opened.values()) <= 1, session


@pytest.mark.parametrize("mix", MIXES)
def test_no_generation_opens_two_sessions_in_a_row_and_its_people_share_that(mix):
    circle_of = seats(*mix)
    firsts = [openers(circle_of, session=session, rounds=6)[0] for session in range(1, 25)]

    assert all(one.generation is not after.generation for one, after in pairwise(firsts))
    for generation in Generation:
        often = Counter(one for one in firsts if one.generation is generation)
        assert len(often) == sum(one.generation is generation for one in circle_of)
        assert max(often.values()) - min(often.values()) <= 1


def test_where_one_generation_is_missing_the_other_opens():
    alone = seats(0, 3)

    assert [openers(alone, session=session, rounds=1)[0].key for session in (1, 2, 3, 4)] == [0, 1, 2, 0]


def test_everybody_speaks_once_from_the_opener_on():
    around = circle(seats(3, 3))

    assert speaking(seats(3, 3), first=around[2]) == [*around[2:], *around[:2]]


@pytest.mark.parametrize(("people", "session", "rounds"), [(0, 1, 5), (4, 0, 5), (4, 1, 0)])
def test_an_order_of_nothing_is_refused(people, session, rounds):
    with pytest.raises(ValueError, match="openers need"):
        openers(seats(0, people), session=session, rounds=rounds)
