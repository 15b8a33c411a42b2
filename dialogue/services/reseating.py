"""Give people of a running term other places, and take that back: several cohorts at once, whole or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dialogue.models import Cohort, Facilitation, Membership, Participation, Person, Term
from dialogue.services import audit
from dialogue.services.cohorts import CohortRefused, broken_rule, shared_by
from dialogue.signals import cohort_changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who is to belong to a cohort, who leads it, and when it meets. No members: the cohort ends.

    `window`: weekday (Monday = 0) and minutes after midnight by the term's clock; None leaves it as it is.
    """

    cohort_id: int
    facilitation_id: int
    participation_ids: Collection[int]
    window: tuple[int, int] | None = None


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
    former = {cohort.pk: (cohort.weekday, cohort.starts) for cohort in cohorts}
    for cohort in cohorts:
        members = [people[pk] for pk in by_pk[cohort.pk].participation_ids]
        status = Cohort.Status.ACTIVE if members else Cohort.Status.ENDED
        _set(cohort, by_pk[cohort.pk], members, status=status)
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
        _tell(cohort, former[cohort.pk], now)
    return cohorts


@transaction.atomic
def put_back(
    *,
    term: Term,
    seatings: Sequence[Seating],
    waiting: Mapping[int, str],
    made_at: datetime,
    now: datetime,
    actor: Person | None = None,
) -> list[Cohort]:
    """Make these cohorts what they were before `reseat` changed them at `made_at`, and tell the higher apps.

    `waiting` holds, by participation, the reason for which somebody waits again. What is put back need not keep the
    rules of the term: a cohort may need repair again. Places that were had for nothing leave no trace.

    Raises:
        CohortRefused: a cohort has ended.
    """
    by_pk = {one.cohort_id: one for one in seatings}
    cohorts = list(Cohort.objects.select_for_update().filter(pk__in=by_pk, term=term).running().order_by("pk"))
    if len(cohorts) != len(by_pk):
        raise CohortRefused("cohort_ended")
    of_before = {(pk, one) for pk, seating in by_pk.items() for one in seating.participation_ids}
    rows = list(Membership.objects.filter(cohort__in=by_pk))
    undone = [
        row
        for row in rows
        if row.joined_at == made_at and row.left_at is None and (row.cohort_id, row.participation_id) not in of_before
    ]
    left = [row.pk for row in rows if row.left_at == made_at and (row.cohort_id, row.participation_id) in of_before]
    Membership.objects.filter(pk__in=[row.pk for row in undone]).update(left_at=now)
    Membership.objects.filter(pk__in=left).update(left_at=None)
    for pk, reason in waiting.items():
        Participation.objects.filter(pk=pk, term=term).update(
            status=Participation.Status.ACCEPTED, waiting_reason=reason
        )
    people = Participation.objects.in_bulk([pk for one in by_pk.values() for pk in one.participation_ids])
    former = {cohort.pk: (cohort.weekday, cohort.starts) for cohort in cohorts}
    for cohort in cohorts:
        members = [people[pk] for pk in by_pk[cohort.pk].participation_ids]
        broken = broken_rule(term=term, people=members)
        status = Cohort.Status.NEEDS_REPAIR if broken else Cohort.Status.ACTIVE
        _set(cohort, by_pk[cohort.pk], members, status=status)
    audit.record(
        actor=actor,
        action="repair_taken_back",
        subject_key=f"term:{term.pk}",
        now=now,
        detail={"cohorts": [one.number for one in cohorts]},
    )
    losing = {row.cohort_id for row in undone}
    for cohort in sorted(cohorts, key=lambda one: one.pk not in losing):
        _tell(cohort, former[cohort.pk], now)
    Membership.objects.filter(pk__in=[row.pk for row in undone]).delete()
    return cohorts


def _set(cohort: Cohort, seating: Seating, members: Sequence[Participation], *, status: str) -> None:
    cohort.status = status
    cohort.shared_interests = shared_by(members)
    cohort.facilitation = Facilitation.objects.get(pk=seating.facilitation_id, term=cohort.term_id)
    cohort.weekday, cohort.starts = seating.window or (cohort.weekday, cohort.starts)
    cohort.save(update_fields=["status", "facilitation", "weekday", "starts", "shared_interests"])


def _tell(cohort: Cohort, former: tuple[int, int], now: datetime) -> None:
    moved = {"former_window": former} if former != (cohort.weekday, cohort.starts) else {}
    cohort_changed.send(sender=Cohort, cohort_id=cohort.pk, now=now, **moved)
