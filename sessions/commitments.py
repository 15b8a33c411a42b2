"""The sessions that people are booked for, in whatever term: time at which nobody may be asked for again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from dialogue.commitments import register_source
from dialogue.core.spans import Span
from sessions.models import BusyTime


@register_source
def booked_sessions(
    people: Collection[int], earliest: datetime, latest: datetime, besides_term: int | None
) -> Iterable[tuple[int, Span]]:
    """Yield each person's sessions that touch the stretch, once each; those of one term are left out if asked."""
    rows = BusyTime.objects.filter(person__isnull=False, session__ends_at__gt=earliest, session__starts_at__lt=latest)
    if besides_term is not None:
        rows = rows.exclude(session__cohort__term=besides_term)
    found = rows.values_list("person", "session__starts_at", "session__ends_at").distinct().order_by("person")
    wanted = set(people)  # compared here: a term of thousands would not fit into one statement's parameters
    for person, starts_at, ends_at in found.iterator():
        if person in wanted:
            yield person, Span(starts_at, ends_at)
