"""The mail about a reported note: that there is one, and where. Its words stay on the page."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage
from sessions.models import CohortNote


def _note_of(row: OutboundMessage) -> CohortNote | None:
    _noun, pk = row.subject_key.split(":")
    return CohortNote.objects.select_related("cohort__term__programme__organisation").filter(pk=pk).first()


def _still_reported(row: OutboundMessage, now: datetime) -> bool:
    note = _note_of(row)
    return note is not None and note.reported_at is not None


def _reported(row: OutboundMessage, now: datetime) -> Letter:
    note = CohortNote.objects.select_related("cohort__term__programme__organisation").get(
        pk=row.subject_key.partition(":")[2]
    )
    term = note.cohort.term
    return write_letter(
        "sessions/email/note_reported",
        {
            "name": row.recipient.preferred_name,
            "cohort": note.cohort.number,
            "term": term.name,
            "programme": term.programme.title,
            "organisation": term.programme.organisation.name,
            "page": urljoin(settings.BASE_URL, reverse("term_reported_notes", args=[term.pk])),
        },
    )


register(MessageKind("note_reported", repeatable=True, still_wanted=_still_reported, render=_reported))
