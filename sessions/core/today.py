"""When something in a term is a matter for a human: rules on dates and facts alone, nothing about who somebody is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

SIGN_UP_PATIENCE: Final = timedelta(days=1)
"""How long a sign-up may wait before its answer is a matter of today."""

GUARDIAN_PATIENCE: Final = timedelta(days=5)
"""A guardian is reminded by mail after three days; two more, and somebody calls."""

PERSON_PATIENCE: Final = timedelta(days=3)
"""How long consent or times may be missing, and a guardian not be asked."""

RECORD_PATIENCE: Final = timedelta(days=2)
FACILITATOR_PATIENCE: Final = timedelta(days=7)
RUNNING_ABSENCES: Final = 2
CONTACT_EVERY: Final = timedelta(days=30)
"""One human contact a month: over 1,451 programmes, how often staff were in touch was the only stable predictor of who
stays (doi 10.1007/s11121-020-01200-9)."""

SERIES_REMEMBERED: Final = timedelta(days=28)
"""How long after its last session a cohort without a next one is asked about; then its term counts as over."""


def has_waited(since: datetime, *, now: datetime, patience: timedelta) -> bool:
    """Return whether something has waited for at least `patience`."""
    return now - since >= patience


def is_time_to_speak(*, last: date, today: date) -> bool:
    """Return whether a month has passed since somebody of the staff spoke with a person."""
    return today - last >= CONTACT_EVERY


def absences_running(came: Sequence[bool | None]) -> int:
    """Return how many of the latest sessions somebody missed one after the other. `came` is in order of time.

    None: nobody knows yet. What is not known at the end is passed over; before that it ends the row, so that nobody is
    said to have been away who may have been there.
    """
    known = list(came)
    while known and known[-1] is None:
        known.pop()
    running = 0
    while known and known.pop() is False:
        running += 1
    return running


def lacks_next_session(*, held: int, ahead: int, planned: int, last_end: datetime | None, now: datetime) -> bool:
    """Return whether a booked cohort stands without a next session though its series is not over.

    `held` and `ahead` count sessions that were not cancelled; `planned` is what the term promises.
    """
    if ahead or held >= planned:
        return False
    return last_end is None or now - last_end < SERIES_REMEMBERED


def is_silent(*, owes_since: datetime, last_sign: datetime | None, now: datetime) -> bool:
    """Return whether a facilitator who owes a record has given no sign of life for a week."""
    if not has_waited(owes_since, now=now, patience=FACILITATOR_PATIENCE):
        return False
    return last_sign is None or has_waited(last_sign, now=now, patience=FACILITATOR_PATIENCE)
