"""Every mail about forming cohorts: a contents page."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, Participation


def _participation_of(row: OutboundMessage) -> Participation:
    _, pk = row.subject_key.split(":")
    return Participation.objects.select_related("person", "term__programme__organisation").get(pk=pk)


def _still_waits(row: OutboundMessage, now: datetime) -> bool:
    return _participation_of(row).status == Participation.Status.ACCEPTED


def _not_placed(row: OutboundMessage, now: datetime) -> Letter:
    one = _participation_of(row)
    return write_letter(
        "matching/email/not_placed",
        {
            "name": one.person.preferred_name,
            "organisation": one.term.programme.organisation.name,
            "programme": one.term.programme.title,
            "reason": one.get_waiting_reason_display(),
            "home": urljoin(settings.BASE_URL, reverse("home")),
            "contact": one.term.contact,
        },
    )


register(MessageKind("not_placed", repeatable=True, still_wanted=_still_waits, render=_not_placed))
