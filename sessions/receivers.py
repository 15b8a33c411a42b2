"""What the lower apps tell: one line each into a service."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from dialogue.signals import cohort_formed, participation_ended
from sessions.services.booking import queue_series
from sessions.services.leaving import free_future_of


@receiver(cohort_formed)
def book_when_formed(cohort_id: int, now: datetime, **_: Any) -> None:
    queue_series(cohort_id=cohort_id, now=now)


@receiver(participation_ended)
def free_when_ended(participation_id: int, now: datetime, **_: Any) -> None:
    free_future_of(participation_id=participation_id, now=now)
