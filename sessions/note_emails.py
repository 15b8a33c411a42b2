"""The mail about a reported note: that there is one, and where. Its words stay on the page."""

from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import OutboundMessage
from sessions.models import CohortNote


def _reported_notes(row: OutboundMessage) -> QuerySet[CohortNote]:
    _noun, pk = row.subject_key.split(":")
    return CohortNote.objects.filter(pk=pk, reported_at__isnull=False)


def _still_reported(row: OutboundMessage, now: datetime) -> bool:
    return _reported_notes(row).exists()


def _reported(row: OutboundMessage, now: datetime) -> Letter:
    note = _reported_notes(row).select_related("cohort__term__programme__organisation").get()
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
