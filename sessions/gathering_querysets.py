"""Every way to ask for gatherings."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from dialogue.querysets import OfProgrammeQuerySet

if TYPE_CHECKING:
    from dialogue.models import Person


class GatheringQuerySet(OfProgrammeQuerySet):
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

    def latest_with_answers(self) -> Self:
        """Return them as a coordinator's list has them: the latest first, with who answered."""
        return self.with_answers().order_by("-created_at", "-pk")
