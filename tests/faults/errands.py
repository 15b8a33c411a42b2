"""What a process of a drill does once, in the place of a web request: it may be killed in the middle."""

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from dialogue import clock
from sessions.models import DialogueSession, SessionSeries
from sessions.services.booking import queue_series
from sessions.services.changing import cancel_session, move_session


def nothing() -> None:
    """Be there."""


def queue(cohorts: list[int], acknowledgements: str, pause: float = 0) -> None:
    """Ask for the series of cohorts as publishing does; each commit is acknowledged by a line, as a 2xx would."""
    for cohort in cohorts:
        with transaction.atomic():
            queue_series(cohort_id=cohort, now=clock.now())
            series = SessionSeries.objects.get(cohort=cohort).pk
        with Path(acknowledgements).open("a") as file:
            file.write(f"{series}\n")
        time.sleep(pause)


def publish(run_id: int, hold: float = 0) -> None:
    """What the publish page does."""
    from matching.services.publish import publish_run  # noqa: PLC0415  heavy

    publish_run(run_id=run_id, now=clock.now(), hold=timedelta(seconds=hold))


def book(series_id: int, pause: float = 0) -> None:
    """What the booking task does."""
    from sessions.services.booking import book_queued_series  # noqa: PLC0415

    time.sleep(pause)
    book_queued_series(now=clock.now())


def move(session_id: int, to: str) -> None:
    """What the move page does."""
    move_session(session_id=session_id, starts_at=datetime.fromisoformat(to), now=clock.now())


def cancel(session_id: int) -> None:
    """What the cancel page does."""
    cancel_session(session_id=session_id, now=clock.now())


def move_and_cancel_all(pause: float) -> None:
    """Move each session by a day, then cancel every second one, with a pause after each."""
    for number, session in enumerate(DialogueSession.objects.filter(status="confirmed").order_by("pk")):
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=clock.now())
        time.sleep(pause)
        if number % 2:
            cancel_session(session_id=session.pk, now=clock.now())
            time.sleep(pause)


def announce_again() -> None:
    """What a service does whose caller was cut off and tries again: it says all of it once more."""
    from dialogue.models import Cohort  # noqa: PLC0415
    from sessions.announcing import announce_booked_series  # noqa: PLC0415

    for cohort in Cohort.objects.select_related("facilitation", "term"):
        sessions = list(cohort.sessions.order_by("number"))
        announce_booked_series(cohort=cohort, sessions=sessions, now=clock.now())


def typed(verb: str) -> None:
    """What is typed on the server: `manage.py VERB`."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command(verb)
