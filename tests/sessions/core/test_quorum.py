"""Quorum: four people and the facilitator, one of each generation; who would be alone is asked first."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.quorum import (
    AHEAD,
    COMES,
    LEAST,
    Alone,
    Lead,
    Seat,
    State,
    Trouble,
    judge,
    lead_at,
    patience,
    stretch_of,
)
from tests.factories import NOW

STUDENT, ALUMNI = Generation.STUDENT, Generation.ALUMNI


def circle(**answers: str) -> list[Seat]:
    """Seats from s1="yes", a2="no" and so on."""
    return [
        Seat(person=number, generation=STUDENT if name[0] == "s" else ALUMNI, answer=answer)
        for number, (name, answer) in enumerate(answers.items(), start=1)
    ]


def test_four_with_two_of_each_generation_are_safe():
    verdict = judge(circle(s1="yes", s2="late", a1="yes", a2="yes"))

    assert (verdict.state, verdict.troubles, verdict.to_ask) == (State.SAFE, frozenset(), None)


def test_three_and_a_no_are_lost_for_too_few():
    verdict = judge(circle(s1="yes", s2="no", a1="yes", a2="yes", a3="no"))

    assert (verdict.state, verdict.troubles, verdict.missing) == (State.LOST, {Trouble.FEW}, 1)


def test_one_without_an_answer_may_still_make_it_four():
    assert judge(circle(s1="yes", s2="none", a1="yes", a2="yes")).state is State.OPEN


def test_a_session_without_its_facilitator_is_lost():
    verdict = judge(circle(s1="yes", s2="yes", a1="yes", a2="yes"), facilitator_comes=False)

    assert (verdict.state, verdict.troubles) == (State.LOST, {Trouble.FACILITATOR})


def test_four_of_one_generation_are_no_dialogue():
    verdict = judge(circle(s1="yes", s2="yes", s3="yes", s4="yes", a1="no"))

    assert (verdict.state, verdict.troubles) == (State.LOST, {Trouble.GENERATION})


def test_who_would_be_alone_is_asked_before_anybody_else_hears_of_it():
    verdict = judge(circle(s1="yes", s2="no", a1="yes", a2="yes", a3="yes"))

    assert (verdict.state, verdict.to_ask) == (State.SAFE, 1)


def test_nobody_is_asked_while_another_of_their_generation_may_come():
    assert judge(circle(s1="yes", s2="none", a1="yes", a2="yes", a3="yes")).to_ask is None


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (Alone.ASKED, State.SAFE),
        (Alone.JOIN, State.SAFE),
        (Alone.ANOTHER_DAY, State.LOST),
        (Alone.SILENT, State.LOST),
    ],
)
def test_what_they_say_decides_whether_company_is_looked_for(said, state):
    verdict = judge(circle(s1="yes", s2="no", a1="yes", a2="yes", a3="yes"), alone={1: said})

    assert (verdict.state, verdict.to_ask) == (state, None)


def test_a_mini_session_needs_three():
    assert judge(circle(s1="yes", a1="yes", a2="yes", s2="no"), least=3, alone={1: Alone.JOIN}).state is State.SAFE


SEATS = st.lists(
    st.tuples(st.sampled_from(list(Generation)), st.sampled_from(["yes", "late", "no", "none"])), max_size=8
).map(lambda rows: [Seat(person=n, generation=g, answer=a) for n, (g, a) in enumerate(rows)])


@given(seats=SEATS, least=st.integers(3, 6), comes=st.booleans())
def test_safe_means_what_the_rule_says(seats, least, comes):
    verdict = judge(seats, facilitator_comes=comes, least=least)

    coming = [seat for seat in seats if seat.answer in COMES]
    both = {seat.generation for seat in coming} == set(Generation)
    assert (verdict.state is State.SAFE) == (comes and len(coming) >= least and both)
    assert (verdict.state is State.SAFE) == (not verdict.troubles)


@given(seats=SEATS, least=st.integers(3, 6))
def test_open_means_that_it_takes_place_if_everybody_comes_who_has_not_answered(seats, least):
    if judge(seats, least=least).state is State.OPEN:
        all_come = [
            Seat(person=s.person, generation=s.generation, answer="yes" if s.answer == "none" else s.answer)
            for s in seats
        ]

        assert judge(all_come, least=least).state is State.SAFE


@given(seats=SEATS)
def test_one_more_yes_never_makes_it_too_few(seats):
    more = [*seats, Seat(person=99, generation=STUDENT, answer="yes")]

    assert judge(more).missing <= judge(seats).missing


@given(ahead=st.integers(-60, 80 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_every_moment_has_one_look_and_the_stretches_agree(ahead):
    lead = lead_at(starts_at=NOW + ahead, now=NOW)

    within = [one for one in Lead if stretch_of(one)[0] < ahead <= stretch_of(one)[1]]
    assert within == ([lead] if lead else [])


def test_the_looks_are_72_24_and_2_hours_ahead():
    assert [ahead // timedelta(hours=1) for ahead in AHEAD.values()] == [72, 24, 2]
    assert LEAST == 4


@given(ahead=st.integers(0, 200), others=st.integers(0, 9))
def test_whoever_is_asked_has_twenty_minutes_to_twelve_hours(ahead, others):
    given_time = patience(starts_at=NOW + timedelta(hours=ahead), now=NOW, others=others)

    assert timedelta(minutes=20) <= given_time <= timedelta(hours=12)
