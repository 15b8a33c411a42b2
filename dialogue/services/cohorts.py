"""Make cohorts of people, and mark those that no longer keep their term's rules."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from dialogue.core.interests import between
from dialogue.models import (
    Cohort,
    Facilitation,
    Generation,
    Guardianship,
    IdentityCheck,
    Membership,
    PairWish,
    Participation,
    Person,
    Term,
)
from dialogue.services import audit
from dialogue.signals import cohort_changed, cohort_formed, participation_ended

MOST_SHARED: Final = 6
"""Topics that a cohort is told it shares."""


class CohortRefused(Exception):
    """A cohort would break a rule of its term. `rule` is the rule's code."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@transaction.atomic
def form_cohort(
    *,
    term: Term,
    facilitation: Facilitation,
    weekday: int,
    starts: int,
    participation_ids: Collection[int],
    shared_interests: Sequence[str],
    now: datetime,
    held_until: datetime | None = None,
) -> Cohort:
    """Make a cohort of waiting people, in one weekly window of the term's zone (`starts` in minutes).

    Nobody is told of it before `held_until`.

    Raises:
        CohortRefused: the people would break a rule of the term, or one of them is no longer waiting.
    """
    people = list(
        Participation.objects.select_for_update()
        .filter(pk__in=participation_ids, term=term, status=Participation.Status.ACCEPTED)
        .order_by("pk")
    )
    if len(people) != len(participation_ids):
        raise CohortRefused("not_waiting")
    if Participation.objects.filter(pk__in=participation_ids).with_consent().count() != len(people):
        raise CohortRefused("consent_missing")
    if broken := broken_rule(term=term, people=people):
        raise CohortRefused(broken)

    latest = Cohort.objects.filter(term=term).order_by("-number").values_list("number", flat=True).first()
    cohort = Cohort.objects.create(
        term=term,
        number=(latest or 0) + 1,
        facilitation=facilitation,
        weekday=weekday,
        starts=starts,
        shared_interests=list(shared_interests),
        created_at=now,
        held_until=held_until,
    )
    Membership.objects.bulk_create(Membership(cohort=cohort, participation=one, joined_at=now) for one in people)
    Participation.objects.filter(pk__in=[one.pk for one in people]).update(
        status=Participation.Status.PLACED, waiting_reason=""
    )
    cohort_formed.send(sender=Cohort, cohort_id=cohort.pk, now=now)
    return cohort


@transaction.atomic
def dissolve_cohorts(*, cohort_ids: Collection[int], waited_for: Mapping[int, str]) -> None:
    """Delete cohorts of which nobody was told, and have their people wait as before.

    `waited_for` has the reason of each.

    The caller has made sure that nothing was done with them, and holds the rows of their people.
    """
    people = list(
        Participation.objects.filter(memberships__cohort__in=cohort_ids, status=Participation.Status.PLACED).distinct()
    )
    matching = Participation.WaitingReason.MATCHING
    for one in people:
        one.status, one.waiting_reason = Participation.Status.ACCEPTED, waited_for.get(one.pk, matching)
    Cohort.objects.filter(pk__in=cohort_ids).delete()
    Participation.objects.bulk_update(people, ["status", "waiting_reason"], batch_size=500)


def broken_rule(*, term: Term, people: Sequence[Participation]) -> str:
    """Return the code of the first rule of the term that these people would break together, or an empty text."""
    if not term.size_min <= len(people) <= term.size_max:
        return "size"
    by_generation = Counter(one.generation for one in people)
    if any(by_generation[generation] < term.min_per_generation for generation in Generation.values):
        return "generation"
    if not set.intersection(*(set(one.languages) for one in people)):
        return "language"
    ids = [one.pk for one in people]
    apart = Q(kind=PairWish.Kind.BLOCKED) | Q(kind=PairWish.Kind.APART)
    if PairWish.objects.filter(apart, first__in=ids, second__in=ids).exists():
        return "forbidden_pair"
    waits_for_guardian = any(one.waiting_reason == Participation.WaitingReason.GUARDIAN for one in people)
    if waits_for_guardian or Guardianship.objects.filter(participation__in=ids).exclude(agreed=True).exists():
        return "guardian"
    if unchecked_beside_young(term=term, people=people):
        return "identity"
    return ""


def shared_by(people: Sequence[Participation]) -> list[str]:
    """Return the topics that people of both generations named themselves, those that most of them named first."""
    students, alumni = ([one.interests for one in people if one.generation == side] for side in Generation)
    return list(between(students, alumni).shared)[:MOST_SHARED]


def refresh_shared(participation: Participation) -> None:
    """Let the cohort of somebody who is placed be told what its people share by their answers of today."""
    for cohort in Cohort.objects.running().filter(
        memberships__participation=participation, memberships__left_at__isnull=True
    ):
        members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
        cohort.shared_interests = shared_by(list(members.order_by("pk")))
        cohort.save(update_fields=["shared_interests"])


def unchecked_beside_young(*, term: Term, people: Sequence[Participation]) -> Sequence[tuple[int, int]]:
    """Return each (under 18, adult) of these people who may not share a cohort, because nobody has met the adult."""
    young = [one.pk for one in people if one.under_18]
    if not term.checks_identity or not young:
        return []
    known = set(IdentityCheck.objects.filter(participation__term=term).values_list("participation", flat=True))
    adults = [one.pk for one in people if not one.under_18 and one.pk not in known]
    return [(one, other) for one in young for other in adults]


@transaction.atomic
def end_participation(*, participation_id: int, now: datetime, actor: Person | None = None) -> Participation:
    """End one person's place in a term. Their cohort is marked as needing repair when it falls below the rules.

    Ending twice is harmless: the second call changes and sends nothing.
    """
    # The row alone: a publisher holds the term while it waits for its people, and two would wait for each other.
    participation = Participation.objects.select_for_update().get(pk=participation_id)
    if participation.status == Participation.Status.ENDED:
        return participation
    participation.status = Participation.Status.ENDED
    participation.waiting_reason = ""
    participation.ended_at = now
    participation.save(update_fields=["status", "waiting_reason", "ended_at"])

    membership = (
        Membership.objects.select_for_update().filter(participation=participation, left_at__isnull=True).first()
    )
    audit.record(actor=actor, action="participation_ended", subject_key=f"participation:{participation.pk}", now=now)
    participation_ended.send(sender=Participation, participation_id=participation.pk, now=now)
    if membership is not None:
        membership.left_at = now
        membership.save(update_fields=["left_at"])
        mark_if_broken(cohort_id=membership.cohort_id, now=now)
    return participation


@transaction.atomic
def mark_if_broken(*, cohort_id: int, now: datetime) -> Cohort:
    """Set a running cohort to active or to needing repair, as the rules of its term say of its members today.

    What it is told it shares is what these members share.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("term").get(pk=cohort_id)
    if cohort.status == Cohort.Status.ENDED:
        return cohort
    members = list(
        Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True).order_by("pk")
    )
    broken = broken_rule(term=cohort.term, people=members)
    cohort.status = Cohort.Status.NEEDS_REPAIR if broken else Cohort.Status.ACTIVE
    cohort.shared_interests = shared_by(members)
    cohort.save(update_fields=["status", "shared_interests"])
    cohort_changed.send(sender=Cohort, cohort_id=cohort.pk, now=now)
    return cohort
