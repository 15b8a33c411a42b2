"""The sessions and gatherings that people are booked for, in whatever term: nobody may be asked for again then."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models.functions import Coalesce

from dialogue.commitments import register_source
from dialogue.core.spans import Span
from sessions.models import BusyTime


@register_source
def booked_sessions(
    people: Collection[int], earliest: datetime, latest: datetime, besides_term: int | None
) -> Iterable[tuple[int, Span]]:
    """Yield each person's sessions and gatherings that touch the stretch, once each.

    The sessions of one term are left out if asked; its gatherings stand.
    """
    rows = BusyTime.objects.filter(person__isnull=False).annotate(
        starts=Coalesce("session__starts_at", "gathering__starts_at"),
        ends=Coalesce("session__ends_at", "gathering__ends_at"),
    )
    rows = rows.filter(ends__gt=earliest, starts__lt=latest)
    if besides_term is not None:
        rows = rows.exclude(session__cohort__term=besides_term)
    found = rows.values_list("person", "starts", "ends").distinct().order_by("person")
    wanted = set(people)  # compared here: a term of thousands would not fit into one statement's parameters
    for person, starts_at, ends_at in found.iterator():
        if person in wanted:
            yield person, Span(starts_at, ends_at)
