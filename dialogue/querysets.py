"""Every way to ask for people, terms, participations and cohorts, named as a coordinator would say it.

`managed_by` is what a coordinator runs, `visible_to` what somebody's own pages may show. Both are the only
doors from a view to a row: what they leave out is a 404.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from dialogue.models import Person


class PersonQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the people of the terms that this coordinator runs."""
        if not reader.is_authenticated:
            return self.none()
        runs = Q(participations__term__programme__staff_roles__person=reader) | Q(
            facilitations__term__programme__staff_roles__person=reader
        )
        coordinates = Q(participations__term__programme__staff_roles__role="coordinator") | Q(
            facilitations__term__programme__staff_roles__role="coordinator"
        )
        return self.filter(runs & coordinates).distinct()


class TermQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the terms of the programmes that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(programme__staff_roles__person=reader, programme__staff_roles__role="coordinator")

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the terms that this person coordinates, facilitates in, or takes part in and has not left."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=self.model.objects.managed_by(reader).values("pk"))
            | Q(facilitations__person=reader)
            | Q(participations__person=reader, participations__ended_at__isnull=True)
        ).distinct()


class ParticipationQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the participations of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            term__programme__staff_roles__person=reader, term__programme__staff_roles__role="coordinator"
        )

    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return this person's own participations."""
        return self.filter(person=reader) if reader.is_authenticated else self.none()

    def with_consent(self) -> Self:
        """Return those whose consent to take part is valid today."""
        return self.filter(consents__purpose="take_part", consents__withdrawn_at__isnull=True)

    def waiting(self) -> Self:
        """Return those who are neither placed, relayed nor ended."""
        return self.filter(status__in=["applied", "accepted"])

    def to_be_matched(self) -> Self:
        """Return accepted people with valid consent who have no cohort: those a match run may place."""
        return self.filter(status="accepted").with_consent()


class FacilitationQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the facilitations of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            term__programme__staff_roles__person=reader, term__programme__staff_roles__role="coordinator"
        )


class CohortQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the cohorts of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            term__programme__staff_roles__person=reader, term__programme__staff_roles__role="coordinator"
        )

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the cohorts that this person coordinates, facilitates, or belongs to today."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=self.model.objects.managed_by(reader).values("pk"))
            | Q(facilitation__person=reader)
            | Q(memberships__participation__person=reader, memberships__left_at__isnull=True)
        ).distinct()

    def running(self) -> Self:
        """Return the cohorts that still meet."""
        return self.exclude(status="ended")


class OutboundMessageQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the messages to people of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        terms = reader.staff_roles.filter(role="coordinator").values("programme__terms")
        return self.filter(
            Q(recipient__participations__term__in=terms) | Q(recipient__facilitations__term__in=terms)
        ).distinct()

    def due(self, now: datetime) -> Self:
        """Return what is to be sent at this moment, oldest first."""
        return self.filter(status="queued", due_at__lte=now).order_by("due_at", "pk")
