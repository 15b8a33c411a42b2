"""Give people of a running term other places: several cohorts at once, whole or not at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dialogue.models import Cohort, Facilitation, Membership, Participation, Person, Term
from dialogue.services import audit
from dialogue.services.cohorts import CohortRefused, broken_rule
from dialogue.signals import cohort_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who is to belong to a cohort, and who leads it. No members: the cohort ends."""

    cohort_id: int
    facilitation_id: int
    participation_ids: Collection[int]


@transaction.atomic
def reseat(*, term: Term, seatings: Sequence[Seating], now: datetime, actor: Person | None = None) -> list[Cohort]:
    """Make these cohorts what the seatings say, and tell the higher apps of each that changed.

    Whoever is in one of the cohorts today has to be in one of the seatings: nobody is left without a place.

    Raises:
        CohortRefused: a cohort would break a rule of the term, somebody has left it or has no consent, or somebody
            would lose their place.
    """
    by_pk = {one.cohort_id: one for one in sorted(seatings, key=lambda one: one.cohort_id)}
    cohorts = list(Cohort.objects.select_for_update().filter(pk__in=by_pk, term=term).running().order_by("pk"))
    if len(cohorts) != len(by_pk):
        raise CohortRefused("cohort_ended")
    wanted = {pk: one.cohort_id for one in by_pk.values() for pk in one.participation_ids}
    people = {
        one.pk: one
        for one in Participation.objects.select_for_update()
        .filter(pk__in=wanted, term=term, status__in=[Participation.Status.ACCEPTED, Participation.Status.PLACED])
        .order_by("pk")
    }
    if len(people) != len(wanted):
        raise CohortRefused("not_waiting")
    standing = {
        one.participation_id: one
        for one in Membership.objects.filter(cohort__in=by_pk, left_at__isnull=True).order_by("pk")
    }
    if not set(standing) <= set(wanted):
        raise CohortRefused("somebody_left_out")
    comers = [one for pk, one in people.items() if pk not in standing]
    if any(one.status != Participation.Status.ACCEPTED for one in comers):
        raise CohortRefused("not_waiting")
    if Participation.objects.filter(pk__in=[one.pk for one in comers]).to_be_matched().count() != len(comers):
        raise CohortRefused("consent_missing")
    for one in by_pk.values():
        members = [people[pk] for pk in one.participation_ids]
        if members and (broken := broken_rule(term=term, people=members)):
            raise CohortRefused(broken)

    movers = [one for pk, one in standing.items() if one.cohort_id != wanted[pk]]
    Membership.objects.filter(pk__in=[one.pk for one in movers]).update(left_at=now)
    Membership.objects.bulk_create(
        Membership(cohort_id=wanted[pk], participation_id=pk, joined_at=now)
        for pk in [*(one.participation_id for one in movers), *(one.pk for one in comers)]
    )
    Participation.objects.filter(pk__in=[one.pk for one in comers]).update(
        status=Participation.Status.PLACED, waiting_reason=""
    )
    for cohort in cohorts:
        seating = by_pk[cohort.pk]
        cohort.status = Cohort.Status.ACTIVE if seating.participation_ids else Cohort.Status.ENDED
        cohort.facilitation = Facilitation.objects.get(pk=seating.facilitation_id, term=term)
        cohort.save(update_fields=["status", "facilitation"])
    audit.record(
        actor=actor,
        action="cohorts_repaired",
        subject_key=f"term:{term.pk}",
        now=now,
        detail={"cohorts": [one.number for one in cohorts], "moved": len(movers), "seated": len(comers)},
    )
    # Whoever goes from one cohort to another gives up the hours of the old one before the new one asks for theirs.
    leaving_first = sorted(cohorts, key=lambda one: any(wanted[mover.participation_id] == one.pk for mover in movers))
    for cohort in leaving_first:
        cohort_changed.send(sender=Cohort, cohort_id=cohort.pk, now=now)
    return cohorts
