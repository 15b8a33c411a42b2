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
        ("confirmed", "proposed"),
        ("held", "missed"),
        ("missed", "held"),
    ],
)
def test_a_session_goes_forward_and_a_record_is_corrected(current, target):
    check_move(current, target)


def test_every_other_move_is_refused_by_name():
    forward = {(current, target) for current, targets in ALLOWED_MOVES.items() for target in targets}

    assert len(forward) == 8
    for current in ALLOWED_MOVES:
        for target in ALLOWED_MOVES:
            if (current, target) not in forward:
                with pytest.raises(IllegalMove, match=f"A {current} session cannot become {target}."):
                    check_move(current, target)


def test_what_is_cancelled_stays_so_and_what_is_over_never_starts_again():
    assert [name for name, targets in ALLOWED_MOVES.items() if not targets] == ["cancelled"]
    assert ALLOWED_MOVES["held"] | ALLOWED_MOVES["missed"] == {"held", "missed"}


@pytest.mark.parametrize(("current", "target"), [("unknown", "held"), ("confirmed", "unknown")])
def test_a_status_the_table_does_not_know_is_refused(current, target):
    with pytest.raises(IllegalMove):
        check_move(current, target)


def test_the_refusal_survives_the_trip_between_processes():
    assert str(pickle.loads(pickle.dumps(IllegalMove("A held session cannot become missed.")))) == (  # noqa: S301
        "A held session cannot become missed."
    )
