"""Who of the host has met a participant, or seen who they are."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dialogue.announcing import subject_of
from dialogue.core.wall_clock import zone_named
from dialogue.models import IdentityCheck, Membership, Participation, Person
from dialogue.services import audit
from dialogue.services.cohorts import mark_if_broken


class CheckRefused(Exception):
    """A check on a day that has not come."""


@transaction.atomic
def record_check(
    *, participation: Participation, method: str, checked_on: date, checked_by: Person, now: datetime
) -> IdentityCheck:
    """Write down that somebody has met this person or seen who they are. Later words take the place of earlier ones.

    A cohort that waited for it counts as whole again.

    Raises:
        CheckRefused: the day lies ahead.
        ValueError: there is no such method.
    """
    one = Participation.objects.select_for_update(of=("self",)).select_related("term").get(pk=participation.pk)
    if checked_on > timezone.localdate(now, timezone=zone_named(one.term.zone)):
        raise CheckRefused
    values = {"method": IdentityCheck.Method(method).value, "checked_on": checked_on, "checked_by": checked_by}
    known = IdentityCheck.objects.filter(participation=one).first()
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return known
    check, _new = IdentityCheck.objects.update_or_create(participation=one, defaults={**values, "recorded_at": now})
    audit.record(actor=checked_by, action="identity_checked", subject_key=subject_of(one), now=now)
    _look_at_cohort(one, now)
    return check


@transaction.atomic
def withdraw_check(*, participation: Participation, now: datetime, actor: Person | None = None) -> None:
    """Take a check back that was a slip. Their cohort is marked when it needed the check. Twice is harmless."""
    one = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if IdentityCheck.objects.filter(participation=one).delete()[0]:
        audit.record(actor=actor, action="identity_check_withdrawn", subject_key=subject_of(one), now=now)
        _look_at_cohort(one, now)


def _look_at_cohort(one: Participation, now: datetime) -> None:
    place = Membership.objects.filter(participation=one, left_at__isnull=True).first()
    if place is not None:
        mark_if_broken(cohort_id=place.cohort_id, now=now)
