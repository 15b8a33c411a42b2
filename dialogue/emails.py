"""Every mail about signing up, to applicants, guardians and partners: a contents page."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from dialogue.announcing import DECISION_LETTERS
from dialogue.core.reception import LEADS_TO, Stage
from dialogue.decisions import Decision
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import Guardianship, OutboundMessage, Participation, StaffRole
from dialogue.services.coordinators import NAMED as COORDINATES
from dialogue.services.decision_letters import decision_in
from dialogue.services.guardians import guardian_token, question_of
from dialogue.services.partners import INVITED
from dialogue.services.reception import stage_of_participation
from dialogue.services.safety_contacts import NAMED

Status = Participation.Status


def _participation_of(row: OutboundMessage) -> Participation:
    _, pk = row.subject_key.split(":")
    return Participation.objects.select_related(
        "person", "term__programme__organisation", "guardianship__guardian"
    ).get(pk=pk)


def _words(one: Participation) -> dict[str, Any]:
    """What every letter about a sign-up may say."""
    return {
        "name": one.person.preferred_name,
        "organisation": one.term.programme.organisation.name,
        "programme": one.term.programme.title,
        "term": one.term.name,
        "home": urljoin(settings.BASE_URL, reverse("home")),
        "contact": one.term.contact,
    }


def _waits(row: OutboundMessage, now: datetime) -> bool:
    return _participation_of(row).status in {Status.APPLIED, Status.ACCEPTED}


def _received(row: OutboundMessage, now: datetime) -> Letter:
    one = _participation_of(row)
    return write_letter("dialogue/email/application_received", {**_words(one), "under_18": one.under_18})


def _guardian_refused(row: OutboundMessage, now: datetime) -> bool:
    return stage_of_participation(_participation_of(row)) is Stage.GUARDIAN_REFUSED


def _without_guardian(row: OutboundMessage, now: datetime) -> Letter:
    return write_letter("dialogue/email/application_without_guardian", _words(_participation_of(row)))


# Decisions


def _still_so(row: OutboundMessage, now: datetime) -> bool:
    # An answer or a cohort may have come before the letter left.
    move = next(move for move, kind in DECISION_LETTERS.items() if kind == row.kind)
    return stage_of_participation(_participation_of(row)) is LEADS_TO[move]


def _decided(row: OutboundMessage, now: datetime) -> Letter:
    one = _participation_of(row)
    return decision_letter(one, decision_in(row, one), waits_for=one.waiting_reason)


def decision_letter(one: Participation, decision: Decision, *, waits_for: str) -> Letter:
    """Return the letter of a decision in the language that is active. It is what a preview shows, too.

    `waits_for` is what somebody who was accepted still waits for.
    """
    words = _words(one) | {"words": decision.words.strip(), "elsewhere": decision.elsewhere, "waits_for": waits_for}
    if decision.to_term is not None:
        words |= {"to_programme": decision.to_term.programme.title, "to_term": decision.to_term.name}
    return write_letter(f"dialogue/email/{DECISION_LETTERS[decision.move]}", words)


# To a guardian


def _guardianship_of(row: OutboundMessage) -> Guardianship | None:
    """Return what the guardian was asked, if they are still the one who is asked and the question is the same."""
    one = _participation_of(row)
    if one.status in {Status.ENDED, Status.RELAYED}:
        return None
    asked = Guardianship.objects.filter(participation=one, guardian=row.recipient_id).select_related("guardian").first()
    return asked if asked and question_of(asked) == row.context["question"] else None


def _guardian_is_asked(row: OutboundMessage, now: datetime) -> bool:
    asked = _guardianship_of(row)
    return asked is not None and asked.answered_at is None


def _to_guardian(row: OutboundMessage, now: datetime) -> Letter:
    asked = _guardianship_of(row)
    if asked is None:
        raise LookupError("this guardian is not asked any more")
    one = _participation_of(row)
    return write_letter(
        f"dialogue/email/{row.kind}",
        {
            **_words(one),
            "guardian": asked.guardian.preferred_name,
            "child": one.person.full_name or one.person.preferred_name,
            "page": urljoin(settings.BASE_URL, reverse("guardian", args=[guardian_token(asked)])),
        },
    )


# To the contact of a partner, and to a safety contact


def _role_of(row: OutboundMessage) -> StaffRole | None:
    _, pk = row.subject_key.split(":")
    roles = StaffRole.objects.select_related("person", "partner", "programme__organisation")
    return roles.filter(pk=pk, person=row.recipient_id).first()


def _still_contact(row: OutboundMessage, now: datetime) -> bool:
    return _role_of(row) is not None


def _invited(row: OutboundMessage, now: datetime) -> Letter:
    role = _role_of(row)
    if role is None or role.partner is None:
        raise StaffRole.DoesNotExist(row.subject_key)
    return write_letter(
        "dialogue/email/partner_invited",
        {
            "name": role.person.preferred_name,
            "partner": role.partner.name,
            "programme": role.programme.title,
            "organisation": role.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, reverse("partner")),
            "address": role.person.email,
        },
    )


def _named(row: OutboundMessage, now: datetime) -> Letter:
    role = _role_of(row)
    if role is None:
        raise StaffRole.DoesNotExist(row.subject_key)
    return write_letter(
        "dialogue/email/safety_contact_named",
        {
            "name": role.person.preferred_name,
            "programme": role.programme.title,
            "organisation": role.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, reverse("safety")),
            "address": role.person.email,
        },
    )


register(MessageKind("application_received", repeatable=True, still_wanted=_waits, render=_received))
register(
    MessageKind(
        "application_without_guardian", repeatable=True, still_wanted=_guardian_refused, render=_without_guardian
    )
)
for _kind in DECISION_LETTERS.values():
    register(MessageKind(_kind, repeatable=True, still_wanted=_still_so, render=_decided))
register(MessageKind("guardian_asked", repeatable=True, still_wanted=_guardian_is_asked, render=_to_guardian))
register(MessageKind("guardian_nudged", repeatable=False, still_wanted=_guardian_is_asked, render=_to_guardian))


def _coordinates(row: OutboundMessage, now: datetime) -> Letter:
    role = _role_of(row)
    if role is None:
        raise StaffRole.DoesNotExist(row.subject_key)
    return write_letter(
        "dialogue/email/coordinator_named",
        {
            "name": role.person.preferred_name,
            "programme": role.programme.title,
            "organisation": role.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, reverse("home")),
            "address": role.person.email,
        },
    )


register(MessageKind(COORDINATES, repeatable=True, still_wanted=_still_contact, render=_coordinates))
register(MessageKind(NAMED, repeatable=True, still_wanted=_still_contact, render=_named))
register(MessageKind(INVITED, repeatable=True, still_wanted=_still_contact, render=_invited))
