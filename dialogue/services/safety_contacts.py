"""Safety contacts (相談窓口) of a programme: who reads the marks that facilitators set for somebody's safety."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person, Programme, StaffRole
from dialogue.outbox import Draft, queue_messages, void_messages
from dialogue.services import audit
from dialogue.services.partners import Contact

NAMED = "safety_contact_named"


@transaction.atomic
def add_safety_contact(
    *, programme: Programme, contact: Contact, now: datetime, actor: Person | None = None
) -> StaffRole:
    """Let somebody read the marks for safety in a programme, and mail them where their page is.

    Somebody whose address is known keeps the name and language they have. Done again, it changes and sends nothing.
    """
    person = Person.objects.filter(email=contact.email).first() or Person.objects.create_user(
        email=contact.email, preferred_name=contact.name, language=contact.language, created_at=now
    )
    role, new = StaffRole.objects.get_or_create(programme=programme, person=person, role=StaffRole.Role.SAFETY_CONTACT)
    if new:
        _record("safety_contact_added", role, now=now, actor=actor)
        draft = Draft(
            kind=NAMED, recipient_id=person.pk, subject_key=f"role:{role.pk}", dedupe_key=f"{NAMED}:{role.pk}",
            due_at=now,
        )  # fmt: skip
        queue_messages([draft], now=now)
    return role


@transaction.atomic
def remove_safety_contact(*, role: StaffRole, now: datetime, actor: Person | None = None) -> None:
    """Take the page away from the next request on. Removing twice is harmless; nobody is mailed.

    Raises:
        ValueError: the role is another one.
    """
    if role.role != StaffRole.Role.SAFETY_CONTACT:
        raise ValueError(f"{role.role} is not a safety contact")
    number, _ = StaffRole.objects.filter(pk=role.pk).delete()
    if number:
        void_messages(subject_key=f"role:{role.pk}", kinds_to_void=[NAMED])
        _record("safety_contact_removed", role, now=now, actor=actor)


def _record(action: str, role: StaffRole, *, now: datetime, actor: Person | None) -> None:
    detail = {"person": role.person_id}
    audit.record(actor=actor, action=action, subject_key=f"programme:{role.programme_id}", now=now, detail=detail)
