"""Hand somebody on to another term of the same host. Until they agree there, it holds nothing but their name.

Consent is given for one term. So the other term gets a participation that waits for consent, with what a row cannot
do without; what the person answered is copied when, and only if, they agree.
"""

from datetime import datetime

from django.db import transaction

from dialogue.announcing import subject_of
from dialogue.consent_texts import TAKE_PART
from dialogue.core.reception import Stage, reason_when_applied, stage_of
from dialogue.models import AvailabilityWindow, ConsentRecord, Guardianship, Participation, Person, Term
from dialogue.services import audit
from dialogue.services.answers import record_consent
from dialogue.services.guardians import GuardianRefused, ask_guardian

Status = Participation.Status
Reason = Participation.WaitingReason

COPIED = ("generation", "languages", "under_18", "affiliation_id", "field", "interests", "not_yet_in_words")


class HandOnRefused(Exception):
    """Somebody cannot be handed on, or no longer taken back. `reason`: there_already or agreed_there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotInvited(Exception):
    """No other term waits for this person's answer."""


def terms_to_hand_on_to(term: Term, *, now: datetime) -> "list[Term]":
    """Return the other terms of the same host that have not begun, the nearest first."""
    others = Term.objects.filter(
        programme__organisation=term.programme.organisation_id, starts_on__gte=now.date()
    ).exclude(pk=term.pk)
    return list(others.select_related("programme").order_by("starts_on", "pk"))


@transaction.atomic
def invite(one: Participation, *, to_term: Term, now: datetime, actor: Person | None = None) -> Participation:
    """Make a place in another term that waits for the person's consent.

    Raises:
        HandOnRefused: they have signed up there themselves.
        ValueError: the other term belongs to another host, to whom nothing may be given.
    """
    if to_term.programme.organisation_id != one.term.programme.organisation_id or to_term.pk == one.term_id:
        raise ValueError("people are handed on within one host, to another term")
    place, new = Participation.objects.get_or_create(
        term=to_term,
        person_id=one.person_id,
        defaults={
            "generation": one.generation,
            "status": Status.APPLIED,
            "waiting_reason": Reason.CONSENT,
            "created_at": now,
        },
    )
    if not new:
        raise HandOnRefused("there_already")
    audit.record(actor=actor, action="handed_on_from", subject_key=subject_of(place), now=now, detail={"from": one.pk})
    return place


def withdraw_invitation(one: Participation) -> None:
    """Take back a place that waits for consent in the term where somebody was handed on to.

    Raises:
        HandOnRefused: the person has answered there.
    """
    place = Participation.objects.select_for_update().filter(term=one.relayed_to_id, person=one.person_id).first()
    if place is None:
        return
    if not is_invited(place):
        raise HandOnRefused("agreed_there")
    place.delete()


def is_invited(one: Participation) -> bool:
    """Whether somebody was handed on to this term and has not answered."""
    stage = stage_of(status=one.status, waiting_reason=one.waiting_reason, end_reason=one.end_reason)
    return stage is Stage.INVITED


@transaction.atomic
def answer_invitation(*, participation_id: int, agrees: bool, now: datetime) -> Participation:
    """Keep what somebody says to being handed on: their answers come over with consent, or the place ends.

    The same answer again changes nothing.

    Raises:
        NotInvited: this place does not wait for an answer, or was answered differently.
    """
    one = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "term__programme__organisation")
        .get(pk=participation_id)
    )
    if not is_invited(one):
        agreed = one.consents.filter(purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True).exists()
        if agreed == agrees and (agreed or one.end_reason == Participation.EndReason.WITHDREW):
            return one
        raise NotInvited
    if agrees:
        _take_over(one, now)
    else:
        one.status, one.waiting_reason = Status.ENDED, ""
        one.ended_at, one.end_reason = now, Participation.EndReason.WITHDREW
        one.save(update_fields=["status", "waiting_reason", "ended_at", "end_reason"])
    action = "reception_agreed_to_hand_on" if agrees else "reception_refused_hand_on"
    audit.record(actor=one.person, action=action, subject_key=subject_of(one), now=now)
    return one


def _take_over(one: Participation, now: datetime) -> None:
    """Copy what the person answered in the term that handed them on. Their crossroads stay where they wrote them."""
    record_consent(one, ConsentRecord.Purpose.TAKE_PART, version=TAKE_PART, now=now)
    source = Participation.objects.filter(person=one.person_id, relayed_to=one.term_id).order_by("-pk").first()
    if source is not None:
        for name in COPIED:
            setattr(one, name, getattr(source, name))
        AvailabilityWindow.objects.bulk_create(
            AvailabilityWindow(participation=one, weekday=each.weekday, starts=each.starts, ends=each.ends)
            for each in source.windows.all()
        )
    one.waiting_reason = reason_when_applied(under_18=one.under_18, guardian_agreed=False)
    one.save(update_fields=[*(name.removesuffix("_id") for name in COPIED), "waiting_reason"])
    asked = Guardianship.objects.filter(participation=source).select_related("guardian").first() if source else None
    if one.under_18 and asked is not None:
        _ask_same_guardian(one, asked.guardian, now)


def _ask_same_guardian(one: Participation, guardian: Person, now: datetime) -> None:
    try:
        ask_guardian(participation=one, name=guardian.preferred_name, email=guardian.email, now=now)
    except GuardianRefused:
        return  # the coordinators there see that a guardian is missing, and ask for another address
