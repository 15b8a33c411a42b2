"""Who asks whom: everybody once a session, and over a series every student and every alumnus each other."""

from collections.abc import Collection
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.guide.order import Seat
from sessions.core.guide.pairing import Asking, asking


@st.composite
def circles(draw) -> list[Seat]:
    """Up to twelve people: two cohorts may meet together."""
    generations = draw(st.lists(st.sampled_from(Generation), min_size=1, max_size=12))
    return [Seat(key, generation) for key, generation in enumerate(generations)]


def pairs(groups: list[Asking]) -> set[tuple[Seat, Seat]]:
    return {pair for group in groups for pair in product(group.students, group.alumni)}


def people(groups: list[Asking]) -> list[Seat]:
    return [seat for group in groups for seat in (*group.students, *group.alumni)]


def of(seats: Collection[Seat], generation: Generation) -> list[Seat]:
    return [seat for seat in seats if seat.generation is generation]


@given(circles(), st.integers(1, 30))
def test_in_a_few_sessions_running_everybody_and_everybody_of_the_other_generation_ask_each_other(seats, first):
    students, alumni = of(seats, Generation.STUDENT), of(seats, Generation.ALUMNI)
    how_many = min(len(students), len(alumni))

    asked = [pairs(asking(seats, session=first + number)) for number in range(how_many)]

    assert set().union(*asked) == set(product(students, alumni))
    assert sum(map(len, asked)) == len(students) * len(alumni), "nobody the same person twice before all have had turns"


@given(circles(), st.integers(1, 30), st.data())
def test_whoever_is_there_asks_and_is_asked_once_if_anybody_of_the_other_generation_is(seats, session, data):
    missing = data.draw(st.sets(st.sampled_from(seats)))
    here = [seat for seat in seats if seat not in missing]

    groups = asking(seats, session=session, missing=missing)

    both = of(here, Generation.STUDENT) and of(here, Generation.ALUMNI)
    assert sorted(people(groups), key=seats.index) == (here if both else [])
    assert all(group.students and group.alumni for group in groups)


@given(circles(), st.integers(1, 30))
def test_groups_are_as_small_as_the_generations_allow_where_nobody_is_missing(seats, session):
    students, alumni = of(seats, Generation.STUDENT), of(seats, Generation.ALUMNI)
    few, many = sorted((len(students), len(alumni)))

    sizes = [len(group.students) + len(group.alumni) for group in asking(seats, session=session)]

    assert len(sizes) == few
    assert not sizes or (max(sizes) == 1 + -(-many // few) and max(sizes) - min(sizes) <= 1)


def test_several_whose_counterparts_are_missing_share_the_one_who_is_there():
    seats = [Seat(key, generation) for key, generation in enumerate([Generation.STUDENT] * 3 + [Generation.ALUMNI] * 3)]

    [group] = asking(seats, session=1, missing=seats[4:])

    assert (sorted(one.key for one in group.students), [one.key for one in group.alumni]) == ([0, 1, 2], [3])


def test_a_session_before_the_first_is_refused():
    with pytest.raises(ValueError, match="session 1"):
        asking([], session=0)
