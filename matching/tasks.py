"""Celery's way in: read the clock once, make one domain call."""

from celery import shared_task

from dialogue import clock
from matching.forming import formed_apart
from matching.services.runs import run_queued


@shared_task(name="matching.run_queued", ignore_result=True)
def run_queued_task() -> None:
    """Every 30 seconds and after each start of a run. Safe to run late, twice or in parallel."""
    run_queued(now=clock.now(), form=formed_apart)
