"""Seconds of speaking: when they may be used, and that nobody gains or loses by reloading a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.core.speaking import Told, may_be_measured, seconds_of

HERE = (1, 2, 3, 4)
HOUR = 3600.0
NUMBERS = st.lists(st.builds(Told, st.sampled_from(HERE), st.integers(0, 5000)), max_size=30)


@pytest.mark.parametrize("wrong", [{"chosen": False}, {"own_room": False}, {"minors": True}])
def test_nobody_is_measured_unless_all_of_it_holds(wrong):
    assert may_be_measured(chosen=True, own_room=True, minors=False)
    assert not may_be_measured(**{"chosen": True, "own_room": True, "minors": False, **wrong})


def test_pages_of_one_person_add_up_and_silence_counts_as_silence():
    told = [Told(1, 100), Told(1, 20), Told(2, 50), Told(3, 0), Told(4, 7)]

    assert seconds_of(told, HERE, longest=HOUR) == {1: 120.0, 2: 50.0, 3: 0.0, 4: 7.0}


def test_whoever_was_not_heard_of_at_all_leaves_no_figure():
    assert seconds_of([Told(1, 100), Told(2, 50), Told(3, 0)], HERE, longest=HOUR) is None


def test_a_session_in_which_nobody_was_heard_leaves_no_figure():
    assert seconds_of([Told(one, 0) for one in HERE], HERE, longest=HOUR) is None


@given(NUMBERS, st.permutations(range(30)), st.floats(1, 10_000))
def test_figures_know_the_circle_alone_whatever_the_order(told, order, longest):
    shuffled = [told[place] for place in order if place < len(told)]
    stranger = Told(99, 1234)

    seconds = seconds_of(told, HERE, longest=longest)

    assert seconds == seconds_of([*shuffled, stranger], HERE, longest=longest)
    if seconds is not None:
        assert set(seconds) == set(HERE)
        assert all(0 <= one <= longest for one in seconds.values())
    said = {one.person for one in told if one.seconds >= 0}
    assert (seconds is not None) == (said == set(HERE) and any(one.seconds for one in told))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_a_reload_changes_nobodys_share(parts):
    """What one page would have said, two or more say together."""
    others = [Told(2, 30), Told(3, 30), Told(4, 30)]
    in_one = seconds_of([Told(1, sum(parts)), *others], HERE, longest=HOUR)

    assert seconds_of([*(Told(1, part) for part in parts), *others], HERE, longest=HOUR) == in_one
