"""Where a term stands and what its coordinator does next, from its figures."""

from dataclasses import dataclass
from enum import StrEnum


class TermState(StrEnum):
    """A term's state in one word."""

    TAKING_IN = "taking_in"
    BEFORE_COHORTS = "before_cohorts"
    RUNNING = "running"
    OVER = "over"


class Step(StrEnum):
    """The next thing to do, most urgent first."""

    BRING_PEOPLE = "bring_people"
    BRING_FACILITATORS = "bring_facilitators"
    COLLECT_CONSENT = "collect_consent"
    WAIT_FOR_RUN = "wait_for_run"
    LOOK_AT_RUN = "look_at_run"
    RUN_AGAIN = "run_again"
    FORM_COHORTS = "form_cohorts"
    BOOK_AGAIN = "book_again"
    REPAIR = "repair"
    SAVE_SESSIONS = "save_sessions"
    LET_RUN = "let_run"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFigures:
    """A term in figures. `people` have not left, `matchable` wait with consent, `run` is the latest run's status."""

    people: int = 0
    matchable: int = 0
    facilitators: int = 0
    run: str = ""
    cohorts_running: int = 0
    cohorts_ended: int = 0
    cohorts_to_repair: int = 0
    series_refused: int = 0
    series_waiting: int = 0
    sessions_ahead: int = 0
    sessions_in_danger: int = 0


def state_of(figures: TermFigures) -> TermState:
    """Return the state: it is running while a cohort has sessions to come, are being booked, or could not be."""
    if figures.cohorts_running or figures.cohorts_ended:
        unfinished = figures.sessions_ahead or figures.series_waiting or figures.series_refused
        return TermState.RUNNING if figures.cohorts_running and unfinished else TermState.OVER
    return TermState.BEFORE_COHORTS if figures.matchable and figures.facilitators else TermState.TAKING_IN


def next_step(figures: TermFigures) -> Step:
    """Return the one thing that the coordinator does next."""
    if figures.run in ("queued", "running"):
        return Step.WAIT_FOR_RUN
    if figures.run == "ready":
        return Step.LOOK_AT_RUN
    match state_of(figures):
        case TermState.OVER:
            return Step.NOTHING
        case TermState.RUNNING:
            return _while_running(figures)
        case TermState.BEFORE_COHORTS:
            return Step.RUN_AGAIN if figures.run == "failed" else Step.FORM_COHORTS
        case TermState.TAKING_IN:
            return _while_taking_in(figures)


def _while_taking_in(figures: TermFigures) -> Step:
    if not figures.people:
        return Step.BRING_PEOPLE
    if not figures.facilitators:
        return Step.BRING_FACILITATORS
    return Step.COLLECT_CONSENT


def _while_running(figures: TermFigures) -> Step:
    if figures.series_refused:
        return Step.BOOK_AGAIN
    if figures.cohorts_to_repair:
        return Step.REPAIR
    if figures.sessions_in_danger:
        return Step.SAVE_SESSIONS
    return Step.LET_RUN
