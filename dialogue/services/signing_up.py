"""Sign up for a term: keep what somebody has answered so far, prove their address, and take their place."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from dialogue.announcing import tell_received
from dialogue.consent_texts import texts_to_agree_to
from dialogue.core.sign_up import Page, is_under, missing
from dialogue.models import ConsentRecord, Guardianship, JoinLink, Participation, Person, SignUpDraft
from dialogue.services import audit
from dialogue.services.answers import earlier_answers, record_consent, write_interests, write_times
from dialogue.services.guardians import ask_guardian

NUMBER_LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
"""As for signing in (config.settings.accounts)."""

PERSON_FIELDS: Final = ("family_name", "given_name", "family_kana", "given_kana", "preferred_name")

Status = Participation.Status


class DraftGone(Exception):
    """The draft has been sent already, thrown away, or has waited for too long."""


class NotComplete(Exception):
    """A page misses answers."""


class NotProven(Exception):
    """Nobody has shown yet that they read the mail at this address."""


class AlreadyHere(Exception):
    """This person has a place in the term already."""

    def __init__(self, participation: Participation) -> None:
        super().__init__(participation.pk)
        self.participation = participation


class AccountClosed(Exception):
    """The account of this address has been closed; the coordinators can open it again."""


class Typed(StrEnum):
    """What came of a typed number."""

    RIGHT = "right"
    WRONG = "wrong"
    VOID = "void"
    """It has run out, has been tried too often, or was mailed to another address."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """The number that is under way for a draft."""

    address: str
    digits: int
    mailed_at: datetime


@transaction.atomic
def start_draft(*, link: JoinLink, now: datetime, person: Person | None = None) -> str:
    """Make an empty draft and return the key that the browser is to keep. Here only its hash is stored.

    For somebody who is signed in its forms begin with what they answered in an earlier term.
    """
    key = secrets.token_urlsafe(32)
    answers = {"earlier": earlier_answers(person=person, term=link.term)} if person else {}
    SignUpDraft.objects.create(
        link=link, key_hash=_hash(key), answers=json.dumps(answers), created_at=now, updated_at=now
    )
    return key


def draft_behind(*, key: str, link: JoinLink) -> SignUpDraft | None:
    """Return the draft of this link that a browser's key opens."""
    if not key:
        return None
    return SignUpDraft.objects.filter(link=link, key_hash=_hash(key)).first()


def answers_of(draft: SignUpDraft) -> dict[str, Any]:
    """Return what has been answered, by page."""
    answers: dict[str, Any] = json.loads(draft.answers)
    return answers


@transaction.atomic
def keep_answers(*, draft_id: int, name: str, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Keep the answers of one page, by its name, and return all. Two pages kept at the same moment both stay.

    Raises:
        DraftGone: there is nothing to keep them in any more.
    """
    draft = _locked(draft_id)
    answers = answers_of(draft) | {name: dict(given)}
    _keep(draft, answers, now)
    return answers


@transaction.atomic
def drop_draft(*, draft_id: int) -> None:
    """Throw away what somebody has typed. Done twice, it is still gone."""
    SignUpDraft.objects.filter(pk=draft_id).delete()


def drop_stale_drafts(*, now: datetime) -> int:
    """Delete every draft with which nobody has gone on for thirty days, and return how many."""
    return SignUpDraft.objects.stale(now).delete()[0]


@transaction.atomic
def number_for(*, draft_id: int, digits: int, now: datetime) -> tuple[str, str]:
    """Make a number of so many digits and return it with the address to mail it to. An earlier number is void.

    Raises:
        DraftGone: there is no such draft any more.
        NotComplete: a page still misses answers.
    """
    draft = _locked(draft_id)
    answers = answers_of(draft)
    _check_complete(draft, answers)
    number = "".join(secrets.choice("0123456789") for _ in range(digits))
    address = str(answers[Page.NAME]["email"])
    answers["number"] = {
        "address": address,
        "mark": _mark(draft, number),
        "digits": digits,
        "mailed_at": now.isoformat(),
        "tries": 0,
        "proven": False,
    }
    _keep(draft, answers, now)
    return address, number


def number_under_way(draft: SignUpDraft) -> Mailed | None:
    """Return which number is waited for; None when none was mailed to the address that the draft has now."""
    answers = answers_of(draft)
    kept = answers.get("number")
    if not kept or kept["address"] != answers.get(Page.NAME, {}).get("email"):
        return None
    return Mailed(kept["address"], kept["digits"], datetime.fromisoformat(kept["mailed_at"]))


@transaction.atomic
def check_number(*, draft_id: int, typed: str, now: datetime) -> Typed:
    """Compare a typed number with the one that was mailed, and remember that the address is proven when it is right.

    A number bears five tries and ten minutes.

    Raises:
        DraftGone: there is no such draft any more.
    """
    draft = _locked(draft_id)
    answers = answers_of(draft)
    kept = answers.get("number")
    if not kept or kept["address"] != answers.get(Page.NAME, {}).get("email") or kept["tries"] >= TRIES:
        return Typed.VOID
    if now - datetime.fromisoformat(kept["mailed_at"]) > NUMBER_LASTS:
        return Typed.VOID
    kept["tries"] += 1
    kept["proven"] = constant_time_compare(kept["mark"], _mark(draft, typed))
    _keep(draft, answers, now)
    if kept["proven"]:
        return Typed.RIGHT
    return Typed.WRONG if kept["tries"] < TRIES else Typed.VOID


@transaction.atomic
def take_place(*, draft_id: int, language: str, now: datetime, actor: Person | None = None) -> Participation:
    """Turn a complete draft into a participation that waits to be accepted, and throw the draft away.

    `actor` is who is signed in; their own address needs no proof. The person is made where the address is unknown;
    what a known person typed of their name counts from now on. Whoever had taken their sign-up back comes in again.
    Somebody under 18 waits for their guardian, who is asked.

    Raises:
        DraftGone: it has been sent already.
        NotComplete: a page misses answers.
        NotProven: the address has not been proven.
        AlreadyHere: the person has a place in the term; nothing has changed.
        AccountClosed: the person cannot sign in any more; nothing has changed.
        GuardianRefused: this guardian cannot be asked; nothing has changed.
    """
    draft = _locked(draft_id)
    answers = answers_of(draft)
    _check_complete(draft, answers)
    address = str(answers[Page.NAME]["email"])
    if not (actor and actor.email == address) and not _is_proven(answers, address):
        raise NotProven
    person = _person(answers, address, language=language, zone=draft.link.term.zone, now=now)
    participation = _place(draft.link, person, answers, now)
    zone = str(answers[Page.TIMES].get("zone") or draft.link.term.zone)
    write_interests(participation, answers[Page.INTERESTS])
    write_times(participation, answers[Page.TIMES], zone=zone)
    _write_consents(participation, answers[Page.AGREEMENTS], now)
    audit.record(actor=person, action="signed_up", subject_key=f"participation:{participation.pk}", now=now)
    tell_received(participation=participation, now=now)
    if participation.under_18:
        guardian = answers[Page.GUARDIAN]
        ask_guardian(participation=participation, name=guardian["name"], email=guardian["email"], now=now)
    draft.delete()
    return participation


@transaction.atomic
def put_in_place_of(*, draft_id: int, participation_id: int, now: datetime) -> Participation:
    """Let the interests and times of a draft take the place of what its sender answered before. The draft is gone then.

    Raises:
        DraftGone: it has been used already.
        NotProven: the draft's proven address is not this participation's.
    """
    draft = _locked(draft_id)
    answers = answers_of(draft)
    one = (
        Participation.objects.select_for_update(of=("self",)).select_related("person", "term").get(pk=participation_id)
    )
    address = str(answers.get(Page.NAME, {}).get("email", ""))
    if one.person.email != address or one.term_id != draft.link.term_id:
        raise NotProven
    _check_complete(draft, answers)
    write_interests(one, answers[Page.INTERESTS])
    write_times(one, answers[Page.TIMES], zone=str(answers[Page.TIMES].get("zone") or one.term.zone))
    audit.record(actor=one.person, action="answers_changed", subject_key=f"participation:{one.pk}", now=now)
    draft.delete()
    return one


def _locked(draft_id: int) -> SignUpDraft:
    draft = (
        SignUpDraft.objects.select_for_update(of=("self",))
        .select_related("link__term", "link__partner")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None:
        raise DraftGone
    return draft


def _keep(draft: SignUpDraft, answers: dict[str, Any], now: datetime) -> None:
    draft.answers, draft.updated_at = json.dumps(answers), now
    draft.save(update_fields=["answers", "updated_at"])


def _check_complete(draft: SignUpDraft, answers: dict[str, Any]) -> None:
    if missing(answers, texts=texts_to_agree_to(by_partner=draft.link.partner_id is not None)):
        raise NotComplete


def _is_proven(answers: dict[str, Any], address: str) -> bool:
    number = answers.get("number", {})
    return bool(number.get("proven")) and number["address"] == address


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _mark(draft: SignUpDraft, number: str) -> str:
    return salted_hmac("dialogue.sign-up-number", f"{draft.key_hash}:{number}", algorithm="sha256").hexdigest()


def _person(answers: dict[str, Any], address: str, *, language: str, zone: str, now: datetime) -> Person:
    named = {name: answers[Page.NAME][name] for name in PERSON_FIELDS}
    phone = answers[Page.NAME]["phone"]
    zone = str(answers[Page.TIMES].get("zone") or zone)
    person, new = Person.objects.get_or_create(
        email=address,
        defaults={
            **named,
            "phone": phone,
            "language": language,
            "zone": zone,
            "password": make_password(None),
            "created_at": now,
        },
    )
    if not person.is_active:
        raise AccountClosed
    if not new:
        for name, value in (named | ({"phone": phone} if phone else {})).items():
            setattr(person, name, value)
        person.save(update_fields=[*named, "phone"])
    return person


def _place(link: JoinLink, person: Person, answers: dict[str, Any], now: datetime) -> Participation:
    generation = answers[Page.GENERATION]
    under = is_under(answers)
    values = {
        "generation": generation["generation"],
        "languages": generation["languages"],
        "under_18": under,
        "partner": link.partner,
        "status": Status.APPLIED,
        "waiting_reason": Participation.WaitingReason.GUARDIAN if under else Participation.WaitingReason.ACCEPTANCE,
        "created_at": now,
    }
    one, new = Participation.objects.get_or_create(term=link.term, person=person, defaults=values)
    if new:
        return one
    one = Participation.objects.select_for_update(of=("self",)).select_related("person", "term").get(pk=one.pk)
    if one.end_reason != Participation.EndReason.WITHDREW:
        raise AlreadyHere(one)
    for name, value in values.items():
        setattr(one, name, value)
    one.ended_at, one.end_reason = None, ""
    one.save()
    Guardianship.objects.filter(participation=one).delete()  # whoever agreed once is asked anew
    return one


def _write_consents(one: Participation, agreed: dict[str, Any], now: datetime) -> None:
    purposes = {"take_part": ConsentRecord.Purpose.TAKE_PART}
    if agreed["share_with_partner"]:
        purposes["share_with_partner"] = ConsentRecord.Purpose.SHARE_WITH_PARTNER
    one.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    for text, purpose in purposes.items():
        record_consent(one, purpose, version=agreed["texts"][text], now=now)
