"""The life of a session."""

import pickle

import pytest

from sessions.core.lifecycle import ALLOWED_MOVES, IllegalMove, check_move


@pytest.mark.parametrize(
    ("current", "target"),
    [
        ("proposed", "confirmed"),
        ("proposed", "cancelled"),
        ("confirmed", "held"),
        ("confirmed", "missed"),
        ("confirmed", "cancelled"),
    ],
)
def test_a_session_goes_forward(current, target):
    check_move(current, target)


def test_every_other_move_is_refused_by_name():
    forward = {(current, target) for current, targets in ALLOWED_MOVES.items() for target in targets}

    assert len(forward) == 5
    for current in ALLOWED_MOVES:
        for target in ALLOWED_MOVES:
            if (current, target) not in forward:
                with pytest.raises(IllegalMove, match=f"A {current} session cannot become {target}."):
                    check_move(current, target)


def test_what_is_held_missed_or_cancelled_stays_so():
    assert [name for name, targets in ALLOWED_MOVES.items() if not targets] == ["held", "missed", "cancelled"]


@pytest.mark.parametrize(("current", "target"), [("unknown", "held"), ("confirmed", "unknown")])
def test_a_status_the_table_does_not_know_is_refused(current, target):
    with pytest.raises(IllegalMove):
        check_move(current, target)


def test_the_refusal_survives_the_trip_between_processes():
    assert str(pickle.loads(pickle.dumps(IllegalMove("A held session cannot become missed.")))) == (  # noqa: S301
        "A held session cannot become missed."
    )
