"""Every way to ask for sessions, named as a coordinator or a participant would say it."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from dialogue.models import Person


class DialogueSessionQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            cohort__term__programme__staff_roles__person=reader,
            cohort__term__programme__staff_roles__role="coordinator",
        )

    def facilitated_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person facilitates."""
        return self.filter(facilitator=reader) if reader.is_authenticated else self.none()

    def attended_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions of the cohort that this person belongs to today."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(cohort__memberships__participation__person=reader, cohort__memberships__left_at__isnull=True)

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person takes part in, facilitates or coordinates."""
        if not reader.is_authenticated:
            return self.none()
        every = self.model.objects
        return self.filter(
            Q(pk__in=every.managed_by(reader).values("pk"))
            | Q(facilitator=reader)
            | Q(pk__in=every.attended_by(reader).values("pk"))
        )

    def standing(self) -> Self:
        """Return the sessions that have not been cancelled."""
        return self.exclude(status="cancelled")

    def starting_between(self, earliest: datetime, latest: datetime) -> Self:
        return self.filter(starts_at__gte=earliest, starts_at__lt=latest)

    def ended_by(self, now: datetime) -> Self:
        return self.filter(ends_at__lte=now)

    def not_over_at(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)


class ReflectionQuerySet(models.QuerySet):
    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return what this person wrote."""
        return self.filter(author=reader) if reader.is_authenticated else self.none()
