"""The mail that tells somebody where the page of their partner is."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, StaffRole
from dialogue.services.partners import INVITED


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


register(MessageKind(INVITED, repeatable=True, still_wanted=_still_contact, render=_invited))
