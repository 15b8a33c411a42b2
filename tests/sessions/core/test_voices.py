"""How evenly time was shared: the worked examples of the method, what is never worked out, what to try next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.voices import Band, Next, Voices, band_of, gini, next_time, voices_of

S, A = Generation.STUDENT, Generation.ALUMNI


@pytest.mark.parametrize(
    ("minutes", "figure"),
    [
        ((24, 22, 20, 18, 16), 0.10),
        ((30, 25, 20, 15, 10), 0.25),
        ((40, 15, 15, 15, 15), 0.25),
        ((60, 10, 10, 10, 10), 0.50),
        ((20, 20, 20, 20), 0.0),
        ((80, 0, 0, 0), 1.0),
    ],
)
def test_evenness_is_that_of_the_worked_examples(minutes, figure):
    assert gini(minutes) == pytest.approx(figure)


@given(st.lists(st.floats(0, 5400), min_size=2, max_size=6).filter(lambda all_: sum(all_) > 1))
def test_evenness_lies_between_nothing_and_one_and_knows_no_order(lengths):
    figure = gini(lengths)

    assert -1e-9 <= figure <= 1 + 1e-9
    assert gini(sorted(lengths)) == pytest.approx(figure)


@pytest.mark.parametrize(("figure", "band"), [(0.15, "balanced"), (0.151, "watch"), (0.30, "watch"), (0.301, "review")])
def test_bands_end_where_the_method_says(figure, band):
    assert band_of(figure) is Band(band)


def test_balance_is_the_mean_of_students_for_one_of_the_alumni():
    voices = voices_of({1: 300, 2: 300, 3: 400, 4: 200, 5: 300}, {1: S, 2: S, 3: A, 4: A, 5: A}, turns=20, passed=2)

    assert voices == Voices(students=2, alumni=3, gini=pytest.approx(2 / 15), balance=1.0, passes=0.1)


@pytest.mark.parametrize(
    ("spoken", "generations"),
    [({}, {}), ({1: 60, 2: 60, 3: 90}, {1: S, 2: A, 3: A}), (dict.fromkeys(range(4), 0.0), dict.fromkeys(range(4), S))],
)
def test_a_circle_of_three_or_one_in_which_nobody_spoke_has_no_figure(spoken, generations):
    assert voices_of(spoken, generations) is None


@pytest.mark.parametrize("generations", [(S, S, S, A), (S, A, A, A), (S, S, S, S)])
def test_balance_is_not_worked_out_where_it_would_tell_how_long_one_person_spoke(generations):
    voices = voices_of({1: 60, 2: 60, 3: 90, 4: 30}, dict(zip((1, 2, 3, 4), generations, strict=True)))

    assert voices is not None
    assert voices.balance is None


@pytest.mark.parametrize(
    ("figures", "tries"),
    [
        ({}, [Next.KEEP]),
        ({"balance": 0.84}, [Next.STUDENTS_OPEN]),
        ({"balance": 1.16}, [Next.ALUMNI_OPEN]),
        ({"balance": 0.85, "gini": 0.15}, [Next.KEEP]),
        ({"gini": 0.31}, [Next.SHORTER_QUESTIONS]),
        ({"gini": 0.2}, [Next.SHORTER_QUESTIONS]),
        ({"passes": 0.25}, [Next.GENTLY]),
        ({"balance": 1.5, "gini": 0.4, "passes": 0.5}, [Next.ALUMNI_OPEN, Next.SHORTER_QUESTIONS, Next.GENTLY]),
        ({"balance": None, "gini": 0.05, "passes": None}, [Next.KEEP]),
    ],
)
def test_what_to_try_next_time_is_about_the_form(figures, tries):
    usual = {"students": 2, "alumni": 2, "gini": 0.1, "balance": 1.0, "passes": 0.0}

    assert list(next_time(Voices(**usual | figures))) == tries
