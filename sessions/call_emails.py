"""The mail about a call for help out of a room: that there was one, and where. It does not know who called."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_moment
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage, StaffRole
from sessions.calls import call_of
from sessions.models import DialogueSession
from sessions.services.calling import CALLED, waiting_call


def _key(row: OutboundMessage) -> str:
    return row.subject_key.partition(":")[2]


def _waits(row: OutboundMessage, now: datetime) -> bool:
    session = waiting_call(_key(row))
    roles = StaffRole.objects.filter(person=row.recipient_id, role=StaffRole.Role.COORDINATOR)
    return session is not None and roles.filter(programme=session.cohort.term.programme_id).exists()


def _called(row: OutboundMessage, now: datetime) -> Letter:
    pk, at = call_of(_key(row))
    session = DialogueSession.objects.select_related("cohort__term__programme__organisation").get(pk=pk)
    term, zone = session.cohort.term, zone_named(row.recipient.zone)
    return write_letter(
        f"sessions/email/{CALLED}",
        {
            "name": row.recipient.preferred_name,
            "cohort": session.cohort.number,
            "number": session.number,
            "moment": format_moment(at=at, zone=zone, language=get_language() or "ja"),
            "term": term.name,
            "programme": term.programme.title,
            "organisation": term.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, reverse("today")),
        },
    )


# Never sent twice: whoever opens a second one would look for a second call.
register(MessageKind(CALLED, repeatable=False, still_wanted=_waits, render=_called))
