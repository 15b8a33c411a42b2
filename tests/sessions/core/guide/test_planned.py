"""The guide fits its session, shares the talk equally, and gives way in the order that was promised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.guide.arcs import MINUTES, ROUNDS, Kind, arc_for
from sessions.core.guide.fitting import GRAIN, fitted, next_to_go
from sessions.core.guide.planned import planned
from sessions.core.guide.steps import Caution, Step
from sessions.guide_words import STEPS, cautions_in_words
from tests.sessions.core.guide.test_order import seats

SIZES = (3, 4, 5, 6)
OF_THE_METHOD = {
    (60, 4): (55.0, 0.71, 7.5), (60, 5): (55.8, 0.79, 6.8), (60, 6): (57.5, 0.84, 6.2),
    (90, 4): (85.0, 0.70, 11.5), (90, 5): (88.5, 0.76, 10.5), (90, 6): (89.0, 0.84, 9.8),
    (120, 4): (111.0, 0.71, 15.2), (120, 5): (113.8, 0.77, 13.8), (120, 6): (117.5, 0.83, 12.8),
}  # fmt: skip
"""By minutes and people: minutes in all, share of talk in equal turns, minutes that each is sure of."""


def mixed(people: int):
    return seats(people // 2, people - people // 2)


def by_kind(guide) -> dict[Kind, Step]:
    return {step.kind: step for step in guide.steps}


@pytest.mark.parametrize(("minutes", "people"), OF_THE_METHOD)
def test_arcs_are_those_of_the_method(minutes, people):
    whole, share, each = OF_THE_METHOD[minutes, people]
    guide = planned(minutes=minutes, seats=mixed(people), session=1)

    assert (60 * minutes - guide.spare) / 60 == pytest.approx(whole, abs=0.06)
    assert guide.equal_share == pytest.approx(share, abs=0.006)
    assert sum(step.seconds for step in guide.steps if step.is_round) / 60 == pytest.approx(each, abs=0.06)


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("people", SIZES)
def test_every_arc_fits_with_most_of_the_talk_in_equal_turns(minutes, people):
    guide = planned(minutes=minutes, seats=mixed(people), session=1)

    assert guide.spare >= 60
    assert 0.695 <= guide.equal_share <= 0.845
    assert set(guide.cautions) <= {Caution.TIGHT}


def test_six_in_ninety_minutes_are_warned_and_may_drop_the_third_round():
    guide = planned(minutes=90, seats=mixed(6), session=1)

    assert (guide.spare, guide.cautions) == (60, (Caution.TIGHT,))
    assert Kind.SHIFT in by_kind(guide)


def test_a_late_start_comes_out_of_open_questions_then_silence_then_the_third_round_then_all_turns_alike():
    found = {
        late: planned(minutes=90, seats=mixed(6), session=1, late_seconds=60 * late) for late in (0, 5, 10, 20, 30)
    }
    usual = by_kind(found[0])

    assert by_kind(found[5])[Kind.OPEN_QUESTIONS].whole == usual[Kind.OPEN_QUESTIONS].whole - 240
    assert by_kind(found[10])[Kind.OPEN_QUESTIONS].whole == 300
    assert by_kind(found[10])[Kind.SILENCE].whole == usual[Kind.SILENCE].whole - 180
    assert Caution.SHIFT_DROPPED in found[20].cautions
    assert Caution.TURNS_SHORTENED not in found[20].cautions
    part = {kind: step.seconds / usual[kind].seconds for kind, step in by_kind(found[30]).items() if step.is_round}
    assert max(part.values()) - min(part.values()) < 0.12
    assert Caution.TURNS_SHORTENED in found[30].cautions


def test_the_close_is_the_last_to_go():
    guide = planned(minutes=90, seats=mixed(6), session=1, late_seconds=85 * 60)

    assert [step.kind for step in guide.steps] == [Kind.CHECK_OUT, Kind.CLOSE]
    assert Caution.STEPS_DROPPED in guide.cautions


def test_whoever_is_missing_has_no_turn_and_hands_the_opening_on():
    everybody = mixed(5)
    opens = by_kind(planned(minutes=90, seats=everybody, session=1))[Kind.SCENE].speakers
    guide = planned(minutes=90, seats=everybody, session=1, missing=[opens[0]])

    assert len(by_kind(guide)[Kind.SCENE].speakers) == 4
    assert by_kind(guide)[Kind.SCENE].speakers[0] == opens[1]
    assert by_kind(guide)[Kind.DECISION].seconds == arc_for(90, 4).turns[Kind.DECISION]


CIRCLES = {
    "students": st.integers(0, 6),
    "alumni": st.integers(0, 6),
    "minutes": st.integers(1, 240),
    "late": st.integers(0, 240 * 60),
    "session": st.integers(1, 24),
    "data": st.data(),
}


@settings(max_examples=200)
@given(**CIRCLES)
def test_whoever_comes_and_however_late_it_begins_it_ends_on_time(**circle):
    assert_sound(**circle)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=5_000)
@given(**CIRCLES)
def test_5000_circles_of_any_kind_end_on_time(**circle):
    assert_sound(**circle)


def assert_sound(*, students: int, alumni: int, minutes: int, late: int, session: int, data: st.DataObject) -> None:
    """Draw who is missing, plan, and see that the steps are in order, for those who are there, and end on time."""
    everybody = seats(students, alumni)
    missing = data.draw(st.sets(st.sampled_from(everybody))) if everybody else set()
    here = [one for one in everybody if one not in missing]
    if not here or late >= minutes * 60:
        with pytest.raises(ValueError, match=r"held in|is over"):
            planned(minutes=minutes, seats=everybody, session=session, late_seconds=late, missing=missing)
        return

    guide = planned(minutes=minutes, seats=everybody, session=session, late_seconds=late, missing=missing)

    assert sum(step.whole for step in guide.steps) + guide.spare == minutes * 60 - late
    assert guide.spare >= 0
    kinds = [step.kind for step in guide.steps]
    assert kinds == [kind for kind in Kind if kind in kinds]
    for step in guide.steps:
        assert sorted(one.key for one in step.speakers) == (sorted(one.key for one in here) if step.is_round else [])
        if step.kind is Kind.OPEN_QUESTIONS:
            assert step.seconds >= 300
    at = [begins for begins, _step in guide.starts()]
    assert at == sorted(at)


def test_shortened_turns_are_easy_to_say():
    made = fitted([Step(Kind.SCENE, 150, tuple(mixed(6)))], seconds=700)

    assert [step.seconds % GRAIN for step in made.steps] == [0]
    assert {Generation.STUDENT, Generation.ALUMNI} == {one.generation for one in made.steps[0].speakers}
    assert made.steps[0].kind in ROUNDS


@settings(max_examples=100)
@given(students=st.integers(1, 4), alumni=st.integers(1, 4), minutes=st.integers(20, 150), late=st.integers(0, 45))
def test_what_a_warning_names_is_in_the_guide_and_what_is_left_out_by_choice_is_not(students, alumni, minutes, late):
    late_seconds = min(late, minutes - 1) * 60
    how = {"minutes": minutes, "seats": seats(students, alumni), "session": 1, "late_seconds": late_seconds}
    guide, shorter = planned(**how), planned(**how, without=[Kind.SHIFT])

    named = [
        kind
        for kind, words in STEPS.items()
        if f"「{words.name}」" in hardly(guide) or f"“{words.name}”" in hardly(guide)
    ]
    assert named == ([next_to_go(guide.steps)] if Caution.TIGHT in guide.cautions and next_to_go(guide.steps) else [])
    assert set(named) <= set(by_kind(guide))
    assert (Caution.OPEN_SHORTENED in guide.cautions) <= (Kind.OPEN_QUESTIONS in by_kind(guide))
    assert Kind.SHIFT not in by_kind(shorter)
    assert Caution.SHIFT_DROPPED not in shorter.cautions
    assert sum(step.whole for step in shorter.steps) + shorter.spare == minutes * 60 - late_seconds


def hardly(guide) -> str:
    """Return the warning that there is hardly a minute, if there is one."""
    return next(
        (words for one, words in zip(guide.cautions, cautions_in_words(guide), strict=True) if one is Caution.TIGHT), ""
    )
