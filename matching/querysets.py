"""Every way to ask for match runs and repairs."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from dialogue.querysets import OfProgrammeQuerySet

if TYPE_CHECKING:
    from dialogue.models import Person


class MatchRunQuerySet(OfProgrammeQuerySet):
    def finished(self) -> Self:
        """Return the runs that came to proposals, whatever became of these."""
        return self.filter(status__in=["ready", "published", "discarded"], finished_at__isnull=False)


class TimeAskQuerySet(models.QuerySet):
    def to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the questions that this person was asked, in a place of theirs that has not ended."""
        if not reader.is_authenticated:
            return self.none()
        waits = Q(facilitation__isnull=True, participation__person=reader, participation__ended_at__isnull=True)
        return self.filter(waits | Q(facilitation__person=reader))


class RepairQuerySet(OfProgrammeQuerySet):
    """Repairs of cohorts at work."""
