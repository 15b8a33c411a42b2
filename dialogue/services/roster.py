"""Bring a roster into a term: people, participations, times, wishes and consent, all of it or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dialogue.core.roster import FacilitatorRow, ParticipantRow
from dialogue.models import Affiliation, Facilitation, Membership, Participation, Partner, Person, Term
from dialogue.services import audit
from dialogue.services.cohorts import mark_if_broken
from dialogue.services.roster_rows import (
    CHUNK,
    ConsentStatement,
    take_over,
    write_affiliations,
    write_consents,
    write_partners,
    write_people,
    write_windows,
    write_wishes,
)

PARTICIPATION_FIELDS = ("generation", "affiliation", "partner", "field", "languages", "interests", "under_18")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows were new, changed something, or changed nothing."""

    added: int
    updated: int
    unchanged: int


@transaction.atomic
def import_participants(
    *,
    term: Term,
    rows: Sequence[ParticipantRow],
    consent: ConsentStatement | None,
    now: datetime,
    actor: Person | None = None,
) -> Outcome:
    """Add the people of a roster to a term as accepted, and update those who are in it already.

    The same rows again change nothing. With `consent` each row gets its record; without it new people wait for
    consent and are not matched. Somebody who has left the term stays out. A placed person whose row changes has
    their cohort checked against the rules again.
    """
    people, changed_people = write_people(term, rows, now)
    affiliations = write_affiliations(term, (row.affiliation for row in rows))
    partners = write_partners(term, (row.partner for row in rows))
    there = Participation.objects.filter(term=term).select_related("affiliation", "partner")  # both are compared below
    known = {one.person_id: one for one in there}
    waiting = Participation.WaitingReason.MATCHING if consent else Participation.WaitingReason.CONSENT

    living: dict[str, Participation] = {}
    fresh: list[Participation] = []
    differing: list[Participation] = []
    for row in rows:
        person = people[row.email]
        values = _participation_values(row, affiliations, partners)
        one = known.get(person.pk)
        if one is None:
            status = Participation.Status.ACCEPTED
            one = Participation(
                term=term, person=person, status=status, waiting_reason=waiting, created_at=now, **values
            )
            fresh.append(one)
        elif one.status == Participation.Status.ENDED:
            continue
        elif take_over(one, values):
            differing.append(one)
        living[row.email] = one
    Participation.objects.bulk_create(fresh, batch_size=CHUNK)
    Participation.objects.bulk_update(differing, PARTICIPATION_FIELDS, batch_size=CHUNK)

    changed = {one.pk for one in differing} | {living[email].pk for email in changed_people if email in living}
    changed |= write_windows(
        term, "participation", {living[row.email].pk: row.windows for row in rows if row.email in living}
    )
    changed |= write_wishes(term, rows, living)
    if consent:
        changed |= write_consents(term, (one.pk for one in living.values()), consent, now)
    new = {one.pk for one in fresh}
    _check_cohorts_of(term, changed - new, now)
    return _told(term, "roster_imported", rows=len(rows), new=new, changed=changed, now=now, actor=actor)


@transaction.atomic
def import_facilitators(
    *, term: Term, rows: Sequence[FacilitatorRow], now: datetime, actor: Person | None = None
) -> Outcome:
    """Add the facilitators of a roster to a term, and update those who are in it already.

    The same rows again change nothing.
    """
    people, changed_people = write_people(term, rows, now)
    known = {one.person_id: one for one in Facilitation.objects.filter(term=term)}
    by_email: dict[str, Facilitation] = {}
    fresh: list[Facilitation] = []
    differing: list[Facilitation] = []
    for row in rows:
        values = {"max_cohorts": row.max_cohorts, "languages": list(row.languages)}
        one = known.get(people[row.email].pk)
        if one is None:
            one = Facilitation(term=term, person=people[row.email], created_at=now, **values)
            fresh.append(one)
        elif take_over(one, values):
            differing.append(one)
        by_email[row.email] = one
    Facilitation.objects.bulk_create(fresh, batch_size=CHUNK)
    Facilitation.objects.bulk_update(differing, ["max_cohorts", "languages"], batch_size=CHUNK)

    changed = {one.pk for one in differing} | {by_email[email].pk for email in changed_people}
    changed |= write_windows(term, "facilitation", {by_email[row.email].pk: row.windows for row in rows})
    new = {one.pk for one in fresh}
    return _told(term, "facilitators_imported", rows=len(rows), new=new, changed=changed, now=now, actor=actor)


def _participation_values(
    row: ParticipantRow, affiliations: Mapping[str, Affiliation], partners: Mapping[str, Partner]
) -> dict[str, Any]:
    return {
        "generation": row.generation.value,
        "affiliation": affiliations.get(row.affiliation),
        "partner": partners.get(row.partner),
        "field": row.field,
        "languages": list(row.languages),
        "interests": {interest.text: interest.rating for interest in row.interests},
        "under_18": row.under_18_or_high_school,
    }


def _check_cohorts_of(term: Term, participations: Collection[int], now: datetime) -> None:
    if not participations:
        return
    members = Membership.objects.filter(cohort__term=term, left_at__isnull=True).order_by("cohort")
    cohorts = {cohort for cohort, member in members.values_list("cohort", "participation") if member in participations}
    for pk in sorted(cohorts):
        mark_if_broken(cohort_id=pk, now=now)


def _told(
    term: Term, action: str, *, rows: int, new: set[int], changed: set[int], now: datetime, actor: Person | None
) -> Outcome:
    outcome = Outcome(added=len(new), updated=len(changed - new), unchanged=rows - len(new | changed))
    audit.record(actor=actor, action=action, subject_key=f"term:{term.pk}", now=now, detail=asdict(outcome))
    return outcome
