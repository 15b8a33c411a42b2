"""Consent that came by mail or on paper: coordinators write it down, and take it back where that was a slip."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from dialogue.announcing import subject_of
from dialogue.core.reception import reason_when_accepted
from dialogue.core.wall_clock import zone_named
from dialogue.decisions import Result
from dialogue.models import ConsentRecord, Participation, Person, Term
from dialogue.services import audit
from dialogue.services.for_several import GONE, Came, Why, locked
from dialogue.services.handing_on import is_invited
from dialogue.services.roster_rows import ConsentStatement

Purpose = ConsentRecord.Purpose
Status = Participation.Status
Reason = Participation.WaitingReason

WRITTEN: Final = ConsentRecord.Method.HOST


class DayAhead(Exception):
    """Nobody has agreed on a day that has not come."""


@transaction.atomic
def write_consents_down(
    *, term: Term, chosen: Collection[int], statement: ConsentStatement, actor: Person, now: datetime
) -> list[Came]:
    """Write down for each of these people that they agreed to take part. Whose consent is valid keeps that one.

    Who waited for it waits for their guardian or the next forming of cohorts from now on. Ids of other terms are left
    out, and nobody is mailed.

    Raises:
        DayAhead: the day lies ahead; then nothing is written.
    """
    if statement.given_on > timezone.localdate(now, timezone=zone_named(term.zone)):
        raise DayAhead
    people = locked(term, chosen)
    agreed, guardians = _valid(people, Purpose.TAKE_PART), _valid(people, Purpose.GUARDIAN)
    return [
        _write_down(one, statement, actor, now, has_consent=one.pk in agreed, guardian_agreed=one.pk in guardians)
        for one in people
    ]


@transaction.atomic
def take_written_consents_back(*, term: Term, chosen: Collection[int], actor: Person, now: datetime) -> list[Came]:
    """Take back what was written down for these people by a slip: they wait for consent again. Twice is harmless.

    What somebody agreed to themselves, or what came with a roster, stays. So does the consent of whoever has a cohort.
    """
    people = locked(term, chosen)
    written = _valid(people, Purpose.TAKE_PART, method=WRITTEN)
    return [_take_back(one, written.get(one.pk), actor, now) for one in people]


def _write_down(
    one: Participation,
    statement: ConsentStatement,
    actor: Person,
    now: datetime,
    *,
    has_consent: bool,
    guardian_agreed: bool,
) -> Came:
    if one.status in GONE:
        return Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.GONE)
    if is_invited(one):
        return Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.INVITED)
    if has_consent:
        return Came(people=(one,), result=Result.ALREADY)
    ConsentRecord.objects.create(
        participation=one,
        purpose=Purpose.TAKE_PART,
        method=WRITTEN,
        text_version=statement.text_version,
        collected_by=statement.collected_by,
        given_on=statement.given_on,
        recorded_at=now,
    )
    if one.waiting_reason == Reason.CONSENT:
        one.waiting_reason = reason_when_accepted(
            has_consent=True, under_18=one.under_18, guardian_agreed=guardian_agreed
        )
        one.save(update_fields=["waiting_reason"])
    audit.record(actor=actor, action="consent_written_down", subject_key=subject_of(one), now=now)
    return Came(people=(one,), result=Result.DONE)


def _take_back(one: Participation, consent: ConsentRecord | None, actor: Person, now: datetime) -> Came:
    if one.status in GONE:
        return Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.GONE)
    if consent is None:
        return Came(people=(one,), result=Result.ALREADY)
    if one.status == Status.PLACED:
        return Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.HAS_COHORT)
    consent.withdrawn_at = now
    consent.save(update_fields=["withdrawn_at"])
    if one.status == Status.ACCEPTED:
        one.waiting_reason = Reason.CONSENT
        one.save(update_fields=["waiting_reason"])
    audit.record(actor=actor, action="written_consent_taken_back", subject_key=subject_of(one), now=now)
    return Came(people=(one,), result=Result.DONE)


def _valid(people: Collection[Participation], purpose: str, **narrowed: str) -> Mapping[int, ConsentRecord]:
    """Return the valid consents of these people to a purpose, by participation. One query."""
    rows = ConsentRecord.objects.filter(
        participation__in=[one.pk for one in people], purpose=purpose, withdrawn_at__isnull=True, **narrowed
    )
    return {row.participation_id: row for row in rows}
