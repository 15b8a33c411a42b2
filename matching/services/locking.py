"""Lock what repairs leave alone of a running cohort: all of it, its time, or one person in it."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Cohort, Membership, Person
from dialogue.services import audit
from matching.models import CohortLock


class NotThere(Exception):
    """The cohort has ended, or the person does not belong to it (any more)."""


@transaction.atomic
def set_lock(
    *,
    cohort_id: int,
    kind: str,
    participation_id: int | None = None,
    on: bool,
    now: datetime,
    actor: Person | None = None,
) -> bool:
    """Lock something of a cohort, or with `on` false unlock it. Returns whether that changed anything.

    `participation_id` names the person of a lock of that kind. A lock of a person ends when they leave the cohort.

    Raises:
        NotThere: the cohort has ended, or the person is not in it.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).filter(pk=cohort_id).running().first()
    if cohort is None:
        raise NotThere
    membership = None
    if kind == CohortLock.Kind.PERSON:
        places = Membership.objects.filter(cohort=cohort, participation=participation_id, left_at__isnull=True)
        membership = places.first()
        if membership is None:
            raise NotThere
    if on:
        _, changed = CohortLock.objects.get_or_create(
            cohort=cohort, kind=kind, membership=membership, defaults={"locked_by": actor, "locked_at": now}
        )
    else:
        changed = bool(CohortLock.objects.filter(cohort=cohort, kind=kind, membership=membership).delete()[0])
    if changed:
        audit.record(
            actor=actor,
            action="cohort_locked" if on else "cohort_unlocked",
            subject_key=f"cohort:{cohort.pk}",
            now=now,
            detail={"kind": kind},
        )
    return changed
