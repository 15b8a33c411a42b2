"""What the lower apps tell: one line each into a service."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from dialogue.signals import cohort_changed, cohort_formed, participation_ended, person_erased
from sessions.services.booking import queue_series
from sessions.services.forgetting import forget_calendar_of
from sessions.services.gathering_answers import leave_gatherings
from sessions.services.greeting import drop_card_of
from sessions.services.leaving import free_future_of
from sessions.services.refitting import refit_sessions


@receiver(cohort_formed)
def book_when_formed(cohort_id: int, now: datetime, **_: Any) -> None:
    queue_series(cohort_id=cohort_id, now=now)


@receiver(cohort_changed)
def refit_when_changed(cohort_id: int, now: datetime, former_window: tuple[int, int] | None = None, **_: Any) -> None:
    refit_sessions(cohort_id=cohort_id, now=now, former_window=former_window)


@receiver(participation_ended)
def free_when_ended(participation_id: int, now: datetime, **_: Any) -> None:
    free_future_of(participation_id=participation_id, now=now)


@receiver(participation_ended)
def leave_gatherings_when_ended(participation_id: int, now: datetime, **_: Any) -> None:
    leave_gatherings(participation_id=participation_id, now=now)


@receiver(participation_ended)
def drop_the_card_when_ended(participation_id: int, now: datetime, **_: Any) -> None:
    drop_card_of(participation_id=participation_id)


@receiver(person_erased)
def forget_the_calendar_when_erased(person_id: int, **_: Any) -> None:
    forget_calendar_of(person_id=person_id)
