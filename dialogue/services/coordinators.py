"""Who coordinates a programme: named, and taken off again, by those who do."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person, Programme, StaffRole
from dialogue.outbox import Draft, queue_messages, void_messages
from dialogue.services import audit
from dialogue.services.partners import Contact

NAMED = "coordinator_named"
Role = StaffRole.Role


class LastOne(Exception):
    """Nobody else coordinates the programme, so that nobody could name anybody any more."""


@transaction.atomic
def add_coordinator(
    *, programme: Programme, contact: Contact, now: datetime, actor: Person | None = None
) -> tuple[StaffRole, bool]:
    """Let somebody coordinate a programme, and mail them where its pages are; return the role and whether it is new.

    Somebody whose address is known keeps the name and language they have. Done again, it changes and sends nothing.
    """
    person = Person.objects.filter(email=contact.email).first() or Person.objects.create_user(
        email=contact.email, preferred_name=contact.name, language=contact.language, created_at=now
    )
    role, new = StaffRole.objects.get_or_create(programme=programme, person=person, role=Role.COORDINATOR)
    if new:
        _record("coordinator_added", role, now=now, actor=actor)
        draft = Draft(
            kind=NAMED, recipient_id=person.pk, subject_key=f"role:{role.pk}", dedupe_key=f"{NAMED}:{role.pk}",
            due_at=now,
        )  # fmt: skip
        queue_messages([draft], now=now)
    return role, new


@transaction.atomic
def remove_coordinator(*, role: StaffRole, now: datetime, actor: Person | None = None) -> None:
    """Take the pages of a programme away from somebody, from the next request on. Removing twice is harmless.

    Raises:
        LastOne: nobody else coordinates the programme; nothing has changed.
        ValueError: the role is another one.
    """
    if role.role != Role.COORDINATOR:
        raise ValueError(f"{role.role} is not a coordinator")
    # Two who take each other off at once queue up here, so that one of them stays.
    Programme.objects.select_for_update(of=("self",)).get(pk=role.programme_id)
    coordinators = StaffRole.objects.filter(programme=role.programme_id, role=Role.COORDINATOR)
    if not coordinators.filter(pk=role.pk).exists():
        return
    if not coordinators.exclude(pk=role.pk).exists():
        raise LastOne
    coordinators.filter(pk=role.pk).delete()
    void_messages(subject_key=f"role:{role.pk}", kinds_to_void=[NAMED])
    _record("coordinator_removed", role, now=now, actor=actor)


def _record(action: str, role: StaffRole, *, now: datetime, actor: Person | None) -> None:
    detail = {"person": role.person_id}
    audit.record(actor=actor, action=action, subject_key=f"programme:{role.programme_id}", now=now, detail=detail)
