"""Celery's way in: read the clock once, then call the domain."""

from celery import shared_task

from dialogue import clock
from sessions.services.alone import pass_over_the_silent
from sessions.services.booking import book_queued_series
from sessions.services.quorum import check_quorum
from sessions.services.rescheduling import look_after_choices
from sessions.services.rescuing import decide_where_madoi_may
from sessions.services.standing_in import pass_on_asks


@shared_task(name="sessions.book_queued_series", ignore_result=True)
def book_queued_series_task() -> None:
    """Every 30 seconds and after each publish. Safe to run late, twice or in parallel."""
    book_queued_series(now=clock.now())


@shared_task(name="sessions.look_after_quorum", ignore_result=True)
def look_after_quorum_task() -> None:
    """Every minute. Safe to run late, twice or in parallel: each step claims its row."""
    now = clock.now()
    check_quorum(now=now)
    pass_over_the_silent(now=now)
    pass_on_asks(now=now)
    look_after_choices(now=now)
    decide_where_madoi_may(now=now)
