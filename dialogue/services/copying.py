"""Bring people who facilitate along from one term to another."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dialogue.models import AvailabilityWindow, Facilitation, Person, Term
from dialogue.services import audit


@transaction.atomic
def copy_facilitations(
    *, source: Term, target: Term, chosen: Collection[int], now: datetime, actor: Person | None = None
) -> list[Facilitation]:
    """Have the chosen facilitations of one term stand in another, each with its weekly times and its load.

    The times are by wall clock in the person's own zone and hold on any date. `chosen` are primary keys; those of
    another term, of an account that is closed, and of somebody who facilitates in the target already are passed over,
    so that doing it again changes nothing. Nobody is mailed.
    """
    there = set(target.facilitations.values_list("person", flat=True))
    rows = source.facilitations.filter(pk__in=chosen, person__is_active=True).exclude(person__in=there)
    made: list[Facilitation] = []
    windows: list[AvailabilityWindow] = []
    for row in rows.prefetch_related("windows").order_by("pk"):
        one = Facilitation(
            term=target,
            person_id=row.person_id,
            max_cohorts=row.max_cohorts,
            languages=list(row.languages),
            created_at=now,
        )
        made.append(one)
        windows += [
            AvailabilityWindow(facilitation=one, weekday=each.weekday, starts=each.starts, ends=each.ends)
            for each in row.windows.all()
        ]
    Facilitation.objects.bulk_create(made)
    AvailabilityWindow.objects.bulk_create(windows)
    if made:
        detail = {"from": source.pk, "added": len(made)}
        audit.record(actor=actor, action="facilitators_copied", subject_key=f"term:{target.pk}", now=now, detail=detail)
    return made
