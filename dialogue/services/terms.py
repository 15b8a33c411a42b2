"""Set up programmes and their terms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dialogue.models import ClosedDay, Organisation, Person, Programme, StaffRole, Term
from dialogue.services import audit


@transaction.atomic
def create_programme(
    *, organisation: str, name: str, coordinator: Person, now: datetime, name_en: str = ""
) -> Programme:
    """Make a programme of a host, with its first coordinator. Done again, it finds the same programme."""
    host, _ = Organisation.objects.get_or_create(name=organisation)
    programme, new = Programme.objects.get_or_create(organisation=host, name=name, defaults={"name_en": name_en})
    StaffRole.objects.get_or_create(programme=programme, person=coordinator, role=StaffRole.Role.COORDINATOR)
    if new:
        audit.record(actor=coordinator, action="programme_created", subject_key=f"programme:{programme.pk}", now=now)
    return programme


@transaction.atomic
def create_term(
    *,
    programme: Programme,
    values: Mapping[str, Any],
    now: datetime,
    actor: Person | None = None,
    closed_days: Mapping[date, str] | None = None,
) -> Term:
    """Make a term of a programme. `values` are fields of `Term`; `closed_days` are dates with their reason.

    Raises:
        ValidationError: a value that the model refuses, by field.
    """
    term = Term(programme=programme, **values)
    term.full_clean()
    term.save()
    ClosedDay.objects.bulk_create(
        ClosedDay(term=term, date=day, reason=reason) for day, reason in (closed_days or {}).items()
    )
    audit.record(actor=actor, action="term_created", subject_key=f"term:{term.pk}", now=now)
    return term
