"""Erase what somebody gave for a term, and who they were once nothing is left. That they took part stays counted."""

from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dialogue import erased_places
from dialogue.models import (
    ApiToken,
    AvailabilityException,
    AvailabilityWindow,
    ConsentRecord,
    ContactChoice,
    Facilitation,
    FailingAddress,
    Guardianship,
    IdentityCheck,
    LineCode,
    LineLink,
    OutboundMessage,
    PairWish,
    Participation,
    Person,
    SlotAnswer,
    StaffRole,
    ValueSort,
)
from dialogue.services import audit
from dialogue.signals import person_erased

ERASED_NAME: Final = "―"
NOWHERE: Final = "erased.invalid"
"""A domain that cannot exist (RFC 2606): no mail ever goes there."""

OPEN: Final = ("queued", "sending", "held")
OF_A_PLACE = (AvailabilityWindow, AvailabilityException, SlotAnswer, IdentityCheck)
OF_A_PERSON = (ApiToken, ContactChoice, FailingAddress, LineCode, LineLink, ValueSort)


@transaction.atomic
def forget_what_was_given(*, participation_id: int, now: datetime, actor: Person | None = None) -> bool:
    """Erase what a person gave for one term: words, times, wishes, affiliation, guardian. Returns whether it was there.

    Their place, its dates and how they attended stay, so that counts stay true. Consents are taken back.
    Who they are is erased by `erase_person`. Repeated, it changes nothing.
    """
    one = Participation.objects.select_for_update().get(pk=participation_id)
    if one.forgotten_at is not None:
        return False
    one.crossroads = one.asked = one.replied = one.note = one.field = ""
    one.interests, one.languages, one.not_yet_in_words, one.affiliation = {}, [], False, None
    one.forgotten_at = now
    one.save()
    for rows in OF_A_PLACE:
        rows.objects.filter(participation=one).delete()
    PairWish.objects.filter(Q(first=one) | Q(second=one)).delete()
    ConsentRecord.objects.filter(participation=one, withdrawn_at__isnull=True).update(withdrawn_at=now)
    guardians = list(Guardianship.objects.filter(participation=one).values_list("guardian", flat=True))
    Guardianship.objects.filter(participation=one).delete()
    for guardian in without_another_part().filter(pk__in=guardians).order_by("pk").values_list("pk", flat=True):
        erase_person(person_id=guardian, now=now)
    audit.record(actor=actor, action="forgotten", subject_key=f"participation:{one.pk}", now=now)
    transaction.on_commit(lambda: erased_places.note(one.pk), robust=True)
    return True


def without_another_part() -> QuerySet[Person]:
    """Return whoever has no other part here: no term that is not forgotten, no group to lead, no office, no child."""
    own = {"person": OuterRef("pk")}
    return Person.objects.filter(
        ~Exists(Participation.objects.filter(**own, forgotten_at__isnull=True)),
        ~Exists(Facilitation.objects.filter(**own)),
        ~Exists(StaffRole.objects.filter(**own)),
        ~Exists(Guardianship.objects.filter(guardian=OuterRef("pk"))),
    )


@transaction.atomic
def erase_person(*, person_id: int, now: datetime) -> None:
    """Erase who somebody was: names, addresses, phone, birth year, ways to sign in, and what they said of themselves.

    Whoever signs up with the same address later is somebody new. Repeated, it changes nothing.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if not person.is_active and person.email.endswith(NOWHERE):
        return
    person_erased.send(sender=Person, person_id=person.pk, now=now)
    person.family_name = person.given_name = person.family_kana = person.given_kana = person.phone = ""
    person.preferred_name, person.birth_year, person.zone = ERASED_NAME, None, "Asia/Tokyo"
    person.email, person.is_active = f"{person.pk}@{NOWHERE}", False
    person.set_unusable_password()
    person.save()
    for rows in OF_A_PERSON:
        rows.objects.filter(person=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    mine = OutboundMessage.objects.filter(recipient=person)
    mine.filter(status__in=OPEN).update(status="void", leased_until=None)
    mine.update(context={}, trouble="")
    audit.record(actor=None, action="person_erased", subject_key=f"person:{person.pk}", now=now)
