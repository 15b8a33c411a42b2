"""The mails about a mark for safety: that there is one, and where. Neither its words nor whom or what it is about."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, StaffRole
from sessions.models import SafetyMark
from sessions.services.safety import MARKED, UNHEARD


def _open_mark(row: OutboundMessage) -> QuerySet[SafetyMark]:
    _noun, pk = row.subject_key.split(":")
    return SafetyMark.objects.filter(pk=pk, given_at__isnull=False, taken_up_at__isnull=True)


def _has_role(row: OutboundMessage, role: str) -> bool:
    programmes = _open_mark(row).values("session__cohort__term__programme")
    return StaffRole.objects.filter(programme__in=programmes, person=row.recipient_id, role=role).exists()


def _waits(row: OutboundMessage, now: datetime) -> bool:
    return _has_role(row, StaffRole.Role.SAFETY_CONTACT)


def _is_unheard(row: OutboundMessage, now: datetime) -> bool:
    programmes = _open_mark(row).values("session__cohort__term__programme")
    named = StaffRole.objects.filter(programme__in=programmes, role=StaffRole.Role.SAFETY_CONTACT)
    return _has_role(row, StaffRole.Role.COORDINATOR) and not named.exists()


def _letter(row: OutboundMessage, page: str) -> Letter:
    mark = _open_mark(row).select_related("session__cohort__term__programme__organisation").get()
    term = mark.session.cohort.term
    return write_letter(
        f"sessions/email/{row.kind}",
        {
            "name": row.recipient.preferred_name,
            "programme": term.programme.title,
            "organisation": term.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, page or reverse("term_safety", args=[term.pk])),
        },
    )


def _marked(row: OutboundMessage, now: datetime) -> Letter:
    return _letter(row, reverse("safety"))


def _unheard(row: OutboundMessage, now: datetime) -> Letter:
    return _letter(row, "")


register(MessageKind(MARKED, repeatable=True, still_wanted=_waits, render=_marked))
register(MessageKind(UNHEARD, repeatable=True, still_wanted=_is_unheard, render=_unheard))
