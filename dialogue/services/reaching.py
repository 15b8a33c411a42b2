"""How people are reached: what they choose, LINE, and addresses that mail comes back from."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from dialogue.models import ContactChoice, FailingAddress, LineCode, LineLink, OutboundMessage, Person, StaffRole
from dialogue.outbox import DELIVER_TASK
from dialogue.services import audit
from dialogue.wake import wake

CODE_LASTS: Final = timedelta(minutes=15)
CODE_LENGTH: Final = 8
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are mistaken for each other when they are read from another screen."""


class AddressTaken(Exception):
    """Another account has this address."""


class NotYours(Exception):
    """An account that runs programmes: its address opens them, so no other coordinator changes it."""


def choose_contact(*, person: Person, channel: str, reminders: str, next_terms: bool, now: datetime) -> None:
    """Keep how somebody wants to be reached. Holds for what is already queued, too.

    Hearing of later terms is a consent of its own: it is kept with the moment of the wish, and taken back here.

    Raises:
        ValueError: no such channel or frequency.
    """
    before = ContactChoice.objects.filter(person=person).values_list("next_terms_since", flat=True).first()
    ContactChoice.objects.update_or_create(
        person=person,
        defaults={
            "channel": ContactChoice.Channel(channel).value,
            "reminders": ContactChoice.Reminders(reminders).value,
            "next_terms_since": (before or now) if next_terms else None,
        },
    )


# LINE


def make_line_code(*, person: Person, now: datetime) -> str:
    """Return a new code to send to our account at LINE. The one before it no longer works."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))
    LineCode.objects.update_or_create(
        person=person, defaults={"code_hash": _hash(code), "expires_at": now + CODE_LASTS}
    )
    return code


@transaction.atomic
def link_line(*, code: str, account: str, now: datetime) -> bool:
    """Link the person whose code this is to an account at LINE, and send their reminders there.

    Returns whether the code was good. It is good once. An account that was linked to somebody else moves over: whoever
    holds the phone holds the account.
    """
    given = LineCode.objects.filter(code_hash=_hash(code.strip().upper()), expires_at__gt=now).first()
    # Deleting is the claim: the same message delivered twice links once.
    if given is None or not LineCode.objects.filter(pk=given.pk, code_hash=given.code_hash).delete()[0]:
        return False
    forget_account(account=account)
    LineLink.objects.update_or_create(
        person_id=given.person_id,
        defaults={"account": account, "account_hash": _hash(account), "linked_at": now},
    )
    ContactChoice.objects.update_or_create(
        person_id=given.person_id, defaults={"channel": ContactChoice.Channel.LINE.value}
    )
    return True


def forget_line(*, person_id: int) -> None:
    """Unlink somebody from LINE: mail goes to them from this moment. Repeated, it changes nothing."""
    LineLink.objects.filter(person=person_id).delete()
    LineCode.objects.filter(person=person_id).delete()
    ContactChoice.objects.filter(person=person_id).update(channel=ContactChoice.Channel.MAIL)


def forget_account(*, account: str) -> None:
    """Unlink whoever is linked to this account at LINE: they blocked ours, or the phone is somebody else's now."""
    for person_id in LineLink.objects.filter(account_hash=_hash(account)).values_list("person", flat=True):
        forget_line(person_id=person_id)


# Addresses that fail


def note_failing_address(*, person_id: int, code: str, now: datetime) -> None:
    """Write down that mail to somebody comes back for good. Mail to them waits; a repeat changes nothing."""
    FailingAddress.objects.get_or_create(person_id=person_id, defaults={"code": code[:12], "noticed_at": now})


@transaction.atomic
def correct_address(*, person: Person, email: str, actor: Person | None, now: datetime) -> None:
    """Give somebody another address and let what waited for it go out, if it is still wanted then.

    Raises:
        AddressTaken: another account has it.
        NotYours: the person coordinates or is a safety contact; whoever runs the server changes their address.
    """
    roles = (StaffRole.Role.COORDINATOR, StaffRole.Role.SAFETY_CONTACT)
    if StaffRole.objects.filter(person=person, role__in=roles).exists():
        raise NotYours
    try:
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(email=email)
    except IntegrityError as error:
        raise AddressTaken from error
    audit.record(actor=actor, action="address_corrected", subject_key=f"person:{person.pk}", now=now)
    try_address_again(person=person, now=now)


@transaction.atomic
def try_address_again(*, person: Person, now: datetime) -> int:
    """Take an address as working and let what waited for it go out. Returns how many messages that is."""
    FailingAddress.objects.filter(person=person).delete()
    # Counted afresh: what failed before, failed at another address or another time.
    released = OutboundMessage.objects.filter(recipient=person, status=OutboundMessage.Status.HELD).update(
        status=OutboundMessage.Status.QUEUED, due_at=now, attempts=0, trouble=""
    )
    if released:
        wake(DELIVER_TASK)
    return released


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
