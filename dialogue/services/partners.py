"""Partners of a host, and the people who speak for them in a programme."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dialogue.models import Partner, Person, Programme, StaffRole, Term
from dialogue.outbox import Draft, queue_messages, void_messages
from dialogue.services import audit
from dialogue.services.join_links import open_link

INVITED = "partner_invited"


class ContactRefused(Exception):
    """Somebody cannot become the contact of a partner. `reason` is its code: elsewhere."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who speaks for a partner: a mail address in its stored form, what to call them, the language they read."""

    email: str
    name: str
    language: str = Person.Language.JAPANESE


@transaction.atomic
def add_partner(
    *, term: Term, name: str, now: datetime, contact: Contact | None = None, actor: Person | None = None
) -> Partner:
    """Make a partner of the term's host, with an open link to the term and, if given, its first contact.

    Done again, it finds the same partner.

    Raises:
        ContactRefused: the contact cannot be one; then nothing has changed.
    """
    host = term.programme.organisation
    partner, new = Partner.objects.get_or_create(organisation=host, name=name)
    if new:
        audit.record(actor=actor, action="partner_added", subject_key=f"partner:{partner.pk}", now=now)
    open_link(term=term, partner=partner, now=now, actor=actor)
    if contact is not None:
        add_contact(programme=term.programme, partner=partner, contact=contact, now=now, actor=actor)
    return partner


@transaction.atomic
def add_contact(
    *,
    programme: Programme,
    partner: Partner,
    contact: Contact,
    now: datetime,
    actor: Person | None = None,
) -> StaffRole:
    """Have somebody speak for a partner in a programme, and mail them where their page is.

    Somebody whose address is known keeps the name and language they have. Done again, it changes and sends nothing.

    Raises:
        ContactRefused: they speak for another partner in this programme already.
        ValueError: the partner belongs to another host than the programme.
    """
    if partner.organisation_id != programme.organisation_id:
        raise ValueError(f"{partner} is no partner of the host of {programme}")
    person = Person.objects.filter(email=contact.email).first() or Person.objects.create_user(
        email=contact.email, preferred_name=contact.name, language=contact.language, created_at=now
    )
    role, new = StaffRole.objects.get_or_create(
        programme=programme, person=person, role=StaffRole.Role.PARTNER_CONTACT, defaults={"partner": partner}
    )
    if role.partner_id != partner.pk:
        raise ContactRefused("elsewhere")
    if new:
        _record("partner_contact_added", role, now=now, actor=actor)
        draft = Draft(
            kind=INVITED, recipient_id=person.pk, subject_key=f"role:{role.pk}", dedupe_key=f"{INVITED}:{role.pk}",
            due_at=now,
        )  # fmt: skip
        queue_messages([draft], now=now)
    return role


@transaction.atomic
def remove_contact(*, role: StaffRole, now: datetime, actor: Person | None = None) -> None:
    """Take a contact's page away from the next request on. Removing twice is harmless; nobody is mailed."""
    if role.role != StaffRole.Role.PARTNER_CONTACT:
        raise ValueError(f"{role.role} is not a partner's contact")
    number, _ = StaffRole.objects.filter(pk=role.pk).delete()
    if number:
        void_messages(subject_key=f"role:{role.pk}", kinds_to_void=[INVITED])
        _record("partner_contact_removed", role, now=now, actor=actor)


def _record(action: str, role: StaffRole, *, now: datetime, actor: Person | None) -> None:
    detail = {"programme": role.programme_id, "person": role.person_id}
    audit.record(actor=actor, action=action, subject_key=f"partner:{role.partner_id}", now=now, detail=detail)
