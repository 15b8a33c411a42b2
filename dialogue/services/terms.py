"""Set up programmes and their terms."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from dialogue.core.named_slots import OfferedSlot
from dialogue.core.week import WeeklyWindow
from dialogue.models import ClosedDay, NamedSlot, Organisation, Person, Programme, StaffRole, Term
from dialogue.services import audit

FIXED_BY_COHORTS: Final = frozenset(
    {
        "starts_on", "cadence", "session_count", "session_minutes", "zone", "closed_sets", "closed_days", "size_min",
        "size_max", "min_per_generation",
    }
)  # fmt: skip
"""What cohorts were formed and their sessions booked by."""


class TermRefused(Exception):
    """A term cannot be changed so. `reason` is its code: cohorts_exist, slot_answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    slots: Iterable[OfferedSlot] = (),
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
    _offer(term, slots)
    audit.record(actor=actor, action="term_created", subject_key=f"term:{term.pk}", now=now)
    return term


@transaction.atomic
def change_term(
    *,
    term: Term,
    values: Mapping[str, Any],
    slots: Iterable[OfferedSlot],
    now: datetime,
    closed_days: Mapping[date, str] | None = None,
    actor: Person | None = None,
) -> Term:
    """Change a term. `values` are fields of `Term`; closed days are left as they are when none are given.

    Once cohorts exist, what they were formed by stays as it is. A time that people have answered for stays, too; it may
    get another name. Changing nothing writes nothing.

    Raises:
        TermRefused: one of these was to change; then nothing has changed.
        ValidationError: a value that the model refuses, by field.
    """
    term = Term.objects.select_for_update(of=("self",)).select_related("programme").get(pk=term.pk)
    changed = {name for name, value in values.items() if getattr(term, name) != value}
    own_days = {day.date: day.reason for day in term.closed_days.all()}
    if closed_days is not None and dict(closed_days) != own_days:
        changed.add("closed_days")
    if changed & FIXED_BY_COHORTS and term.cohorts.exists():
        raise TermRefused("cohorts_exist")
    for name in changed - {"closed_days"}:
        setattr(term, name, values[name])
    term.full_clean()
    term.save()
    if closed_days is not None and "closed_days" in changed:
        term.closed_days.all().delete()
        ClosedDay.objects.bulk_create(
            ClosedDay(term=term, date=day, reason=reason) for day, reason in closed_days.items()
        )
    if _offer(term, slots):
        changed.add("slots")
    if changed:
        detail = {"changed": sorted(changed)}
        audit.record(actor=actor, action="term_changed", subject_key=f"term:{term.pk}", now=now, detail=detail)
    return term


def _offer(term: Term, slots: Iterable[OfferedSlot]) -> bool:
    """Have the term offer these times, and return whether that changed anything.

    Raises:
        TermRefused: a time that people have answered for would go.
    """
    wanted = {slot.window: slot.name for slot in slots}
    there = {WeeklyWindow(slot.weekday, slot.starts, slot.ends): slot for slot in term.slots.all()}
    gone = [slot.pk for window, slot in there.items() if window not in wanted]
    if NamedSlot.objects.filter(pk__in=gone, answers__isnull=False).exists():
        raise TermRefused("slot_answered")
    NamedSlot.objects.filter(pk__in=gone).delete()
    renamed = [slot for window, slot in there.items() if window in wanted and slot.name != wanted[window]]
    for slot in renamed:
        slot.name = wanted[WeeklyWindow(slot.weekday, slot.starts, slot.ends)]
    NamedSlot.objects.bulk_update(renamed, ["name"])
    fresh = [window for window in wanted if window not in there]
    NamedSlot.objects.bulk_create(
        NamedSlot(term=term, name=wanted[window], weekday=window.weekday, starts=window.starts, ends=window.ends)
        for window in sorted(fresh)
    )
    return bool(gone or renamed or fresh)
