"""Celery's way in: read the clock once, make one domain call."""

from celery import shared_task

from dialogue import clock
from sessions.services.booking import book_queued_series


@shared_task(name="sessions.book_queued_series", ignore_result=True)
def book_queued_series_task() -> None:
    """Every 30 seconds and after each publish. Safe to run late, twice or in parallel."""
    book_queued_series(now=clock.now())
