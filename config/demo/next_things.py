"""The next thing to do behind each door of the demo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.demo.models import SentMail
from dialogue.models import JoinLink, Participation, Person
from sessions.models import DialogueSession, SafetyMark


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody of the cast: the word in the address that signs them in, and what they are called."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Door:
    """One way into the demo: who comes in there, and what is next. The words may be about a `session`."""

    key: str
    people: tuple[Role, ...]
    words: str
    session: DialogueSession | None = None
    link: str = ""
    """Where somebody who is nobody yet goes from here."""


def next_things(cast: Mapping[str, str], *, now: datetime) -> list[Door]:
    """Return the doors in order. `cast` gives the address of each role: coordinator, student, alumni and so on."""
    found = {person.email: person for person in Person.objects.filter(email__in=cast.values())}
    roles = {key: Role(key, found[address].preferred_name) for key, address in cast.items() if address in found}

    def named(*keys: str) -> tuple[Role, ...]:
        return tuple(roles[key] for key in keys if key in roles)

    sent = SentMail.objects.count()
    mails = ngettext("%(count)s mail has been sent.", "%(count)s mails have been sent.", sent) % {"count": sent}
    return [
        Door("coordinator", named("coordinator"), _waiting_words()),
        Door("participant", named("student", "alumni"), *_participants_next(found.get(cast["student"]), now)),
        Door("facilitator", named("facilitator"), *_facilitators_next(found.get(cast["facilitator"]), now)),
        Door("partner", named("partner"), _partners_next(found.get(cast["partner"])), link=_open_link()),
        Door("safety", named("safety"), _safety_contacts_next(found.get(cast["safety"]))),
        Door("mails", (), mails),
    ]


def _waiting_words() -> str:
    waiting, fresh = Participation.objects.to_be_matched().count(), Participation.objects.applied().count()
    if not waiting and not fresh:
        return _("Nobody waits. See how the cohorts are doing.")
    placing = ngettext("%(count)s person waits for a cohort.", "%(count)s people wait for their cohorts.", waiting)
    signing = ngettext("%(count)s sign-up waits at the reception.", "%(count)s sign-ups wait at the reception.", fresh)
    return " ".join([placing % {"count": waiting}, signing % {"count": fresh}])


def _partners_next(person: Person | None) -> str:
    if person is None:
        return ""
    theirs = Participation.objects.of_contact(person).distinct().count()
    return ngettext("%(count)s person whom you sent.", "%(count)s people whom you sent.", theirs) % {"count": theirs}


def _safety_contacts_next(person: Person | None) -> str:
    if person is None:
        return ""
    waits = SafetyMark.objects.told_to(person).filter(taken_up_at=None).count()
    if not waits:
        return _("No mark for safety waits.")
    return ngettext("%(count)s mark for safety waits.", "%(count)s marks for safety wait.", waits) % {"count": waits}


def _open_link() -> str:
    """Return where somebody new signs up, if a term takes people in."""
    link = JoinLink.objects.filter(closed_at__isnull=True, partner__isnull=True).order_by("-pk").first()
    return reverse("join", args=[link.code]) if link else ""


def _participants_next(person: Person | None, now: datetime) -> tuple[str, DialogueSession | None]:
    if person is None:
        return "", None
    session = DialogueSession.objects.attended_by(person).with_a_date().not_over_at(now).order_by("starts_at").first()
    return (_("The next dialogue:") if session else _("The term is over. Read what you wrote.")), session


def _facilitators_next(person: Person | None, now: datetime) -> tuple[str, DialogueSession | None]:
    if person is None:
        return "", None
    mine = DialogueSession.objects.facilitated_by(person).filter(status=DialogueSession.Status.CONFIRMED)
    unrecorded = mine.ended_by(now).filter(record=None).order_by("starts_at").first()
    if unrecorded:
        return _("The record of this dialogue is due:"), unrecorded
    in_danger = mine.filter(starts_at__gt=now, dangers__status="open").order_by("starts_at").first()
    if in_danger:
        return _("This dialogue cannot take place as it stands:"), in_danger
    session = mine.not_over_at(now).order_by("starts_at").first()
    return (_("The next dialogue to facilitate:") if session else _("Nothing is due.")), session
