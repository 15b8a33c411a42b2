"""Celery's way in: read the clock once, make one domain call."""

from celery import shared_task

from dialogue import clock
from dialogue.delivery import deliver_due


@shared_task(name="dialogue.deliver_due_messages", ignore_result=True)
def deliver_due_messages_task() -> None:
    """Every 30 seconds and after each commit that queues a message. Safe to run late, twice or in parallel."""
    deliver_due(now=clock.now())
