"""Every way to ask for gatherings."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from dialogue.models import Person


class GatheringQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the gatherings of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            term__programme__staff_roles__person=reader, term__programme__staff_roles__role="coordinator"
        )

    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return the gatherings that this person is invited to."""
        return self.filter(answers__person=reader) if reader.is_authenticated else self.none()

    def with_answers(self) -> Self:
        """Add how many people are invited, answered `yes` and `no`, and how many chose among the alternatives."""
        return self.annotate(
            invited=Count("answers", distinct=True),
            yes=Count("answers", filter=Q(answers__answer="yes"), distinct=True),
            no=Count("answers", filter=Q(answers__answer="no"), distinct=True),
            chose=Count("answers", filter=Q(answers__chose_at__isnull=False), distinct=True),
        )
