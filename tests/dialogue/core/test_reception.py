"""Where a sign-up stands, and where each decision leads: one table, and nothing beside it."""

from itertools import product

import pytest

from dialogue.core.reception import (
    ALLOWED_MOVES,
    IllegalMove,
    Move,
    Stage,
    reason_when_accepted,
    reason_when_applied,
    stage_after,
    stage_of,
)
from dialogue.models import Participation

Status, Reason, End = Participation.Status, Participation.WaitingReason, Participation.EndReason


def test_every_stage_stands_in_the_table():
    assert set(ALLOWED_MOVES) == set(Stage)


def test_whatever_is_stored_has_a_stage_and_every_stage_can_be_stored():
    found = {
        stage_of(status=status, waiting_reason=reason, end_reason=end)
        for status, reason, end in product(Status.values, ["", *Reason.values], ["", *End.values])
    }

    assert found == set(Stage)


def test_unknown_status_has_no_stage():
    with pytest.raises(ValueError, match="no participation"):
        stage_of(status="lost", waiting_reason="", end_reason="")


def test_nobody_with_a_cohort_or_gone_is_decided_about():
    for stage, move in product((Stage.PLACED, Stage.LEFT, Stage.INVITED), Move):
        with pytest.raises(IllegalMove):
            stage_after(stage, move)


def test_whatever_a_coordinator_decides_can_be_reopened():
    decided = {stage for moves in ALLOWED_MOVES.values() for stage in moves.values()} - {Stage.NEW}

    assert all(stage_after(stage, Move.REOPEN) is Stage.NEW for stage in decided)


def test_nobody_can_be_declined_twice():
    with pytest.raises(IllegalMove):
        stage_after(Stage.DECLINED, Move.DECLINE)


@pytest.mark.parametrize(
    ("has_consent", "under_18", "agreed", "reason"),
    [
        (True, False, False, "matching"),
        (True, True, True, "matching"),
        (True, True, False, "guardian"),
        (False, True, False, "consent"),
        (False, False, True, "consent"),
    ],
)
def test_who_is_accepted_waits_for_what_is_missing(has_consent, under_18, agreed, reason):
    assert reason_when_accepted(has_consent=has_consent, under_18=under_18, guardian_agreed=agreed) == reason


def test_who_is_not_decided_about_waits_for_the_guardian_first():
    assert reason_when_applied(under_18=True, guardian_agreed=False) == "guardian"
    assert reason_when_applied(under_18=True, guardian_agreed=True) == "acceptance"
    assert reason_when_applied(under_18=False, guardian_agreed=False) == "acceptance"
