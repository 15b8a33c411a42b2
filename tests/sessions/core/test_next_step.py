"""Where a term stands and what comes next."""

import pytest

from sessions.core.next_step import Step, TermFigures, TermState, next_step, state_of

READY = TermFigures(people=60, matchable=60, facilitators=6)
AT_WORK = TermFigures(people=60, facilitators=6, cohorts_running=11, sessions_ahead=80, run="published")


@pytest.mark.parametrize(
    ("figures", "state", "step"),
    [
        (TermFigures(), TermState.TAKING_IN, Step.BRING_PEOPLE),
        (TermFigures(people=60, matchable=60), TermState.TAKING_IN, Step.BRING_FACILITATORS),
        (TermFigures(people=60, facilitators=6), TermState.TAKING_IN, Step.COLLECT_CONSENT),
        (READY, TermState.BEFORE_COHORTS, Step.FORM_COHORTS),
        (AT_WORK, TermState.RUNNING, Step.LET_RUN),
        (TermFigures(people=60, cohorts_running=11, series_waiting=11), TermState.RUNNING, Step.LET_RUN),
        (TermFigures(people=60, cohorts_running=11), TermState.OVER, Step.NOTHING),
        (TermFigures(people=60, cohorts_ended=11, sessions_ahead=0), TermState.OVER, Step.NOTHING),
    ],
)
def test_each_state_has_its_next_step(figures: TermFigures, state: TermState, step: Step) -> None:
    assert (state_of(figures), next_step(figures)) == (state, step)


@pytest.mark.parametrize(
    ("run", "step"),
    [
        ("queued", Step.WAIT_FOR_RUN),
        ("running", Step.WAIT_FOR_RUN),
        ("ready", Step.LOOK_AT_RUN),
        ("failed", Step.RUN_AGAIN),
        ("published", Step.FORM_COHORTS),
    ],
)
def test_run_that_waits_for_somebody_comes_first(run: str, step: Step) -> None:
    assert next_step(TermFigures(people=60, matchable=60, facilitators=6, run=run)) is step


def test_refused_booking_comes_before_repair() -> None:
    refused = TermFigures(cohorts_running=11, cohorts_to_repair=1, series_refused=1, sessions_ahead=80)
    repair = TermFigures(cohorts_running=11, cohorts_to_repair=1, sessions_ahead=80)

    assert next_step(refused) is Step.BOOK_AGAIN
    assert next_step(repair) is Step.REPAIR


def test_a_session_in_danger_comes_after_repair_and_before_letting_things_run() -> None:
    danger = TermFigures(cohorts_running=11, sessions_ahead=80, sessions_in_danger=1)
    repair = TermFigures(cohorts_running=11, cohorts_to_repair=1, sessions_ahead=80, sessions_in_danger=1)

    assert next_step(danger) is Step.SAVE_SESSIONS
    assert next_step(repair) is Step.REPAIR
