"""Celery's way in: read the clock once, make one domain call."""

import logging

from celery import shared_task
from django.conf import settings

from dialogue import clock
from dialogue.delivery import deliver_due
from dialogue.models import OutboundMessage
from dialogue.querysets import TOO_LONG
from dialogue.services.bounces import read_bounces
from dialogue.services.guardians import nudge_guardians
from dialogue.services.signing_up import drop_stale_drafts
from dialogue.services.uploads import drop_old_uploads

log = logging.getLogger(__name__)


@shared_task(name="dialogue.deliver_due_messages", ignore_result=True)
def deliver_due_messages_task() -> None:
    """Every 30 seconds and after each commit that queues a message. Safe to run late, twice or in parallel."""
    now = clock.now()
    deliver_due(now=now)
    waits = OutboundMessage.objects.longest_wait(now)
    if waits > TOO_LONG:
        log.warning("mail waits: the oldest message that is due has not left for %d s", waits.total_seconds())


@shared_task(name="dialogue.drop_old_uploads", ignore_result=True)
def drop_old_uploads_task() -> None:
    """Every ten minutes. Safe to run late, twice or in parallel."""
    drop_old_uploads(now=clock.now())


@shared_task(name="dialogue.drop_stale_drafts", ignore_result=True)
def drop_stale_drafts_task() -> None:
    """Every hour. Safe to run late, twice or in parallel."""
    drop_stale_drafts(now=clock.now())


@shared_task(name="dialogue.nudge_guardians", ignore_result=True)
def nudge_guardians_task() -> None:
    """Every ten minutes. Safe to run late, twice or in parallel: a guardian is reminded once."""
    nudge_guardians(now=clock.now())


@shared_task(name="dialogue.read_bounces", ignore_result=True)
def read_bounces_task() -> None:
    """Every five minutes where a mailbox is set. Safe to run late, twice or in parallel."""
    if settings.BOUNCES_FROM:
        read_bounces(url=settings.BOUNCES_FROM, now=clock.now())
