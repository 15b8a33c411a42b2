"""Keep a roster file for the time between its preview and its import."""

import base64
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dialogue.core.roster import Roster
from dialogue.models import Person, Term, UploadedRoster
from dialogue.services.roster import Outcome, import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement


@transaction.atomic
def keep_upload(
    *,
    term: Term,
    uploader: Person,
    kind: str,
    filename: str,
    content: bytes,
    collected_by: str,
    given_on: date | None,
    text_version: str,
    now: datetime,
) -> UploadedRoster:
    """Keep a file and its consent statement, and drop the uploader's earlier ones and all that are over an hour old."""
    drop_old_uploads(now=now)
    UploadedRoster.objects.filter(uploader=uploader).delete()
    return UploadedRoster.objects.create(
        term=term,
        uploader=uploader,
        kind=kind,
        filename=filename[:120],
        content=base64.b64encode(content).decode("ascii"),
        collected_by=collected_by,
        given_on=given_on,
        text_version=text_version,
        created_at=now,
    )


def content_of(upload: UploadedRoster) -> bytes:
    """Return the file as it came."""
    return base64.b64decode(upload.content)


def drop_old_uploads(*, now: datetime) -> int:
    """Delete every file that has waited for an hour and return how many. Repeated, it deletes nothing more."""
    return UploadedRoster.objects.stale(now).delete()[0]


class UploadGone(Exception):
    """The file has been taken in already, or has waited too long."""


@transaction.atomic
def take_in(*, upload: UploadedRoster, roster: Roster[Any], actor: Person, now: datetime) -> Outcome:
    """Bring the people of an uploaded file into its term and delete the file.

    Raises:
        UploadGone: somebody else was quicker, so that nothing is taken in twice.
    """
    if not UploadedRoster.objects.filter(pk=upload.pk).delete()[0]:
        raise UploadGone
    if upload.kind == UploadedRoster.Kind.FACILITATORS:
        return import_facilitators(term=upload.term, rows=roster.rows, actor=actor, now=now)
    consent = None
    if upload.given_on is not None:
        consent = ConsentStatement(
            collected_by=upload.collected_by, given_on=upload.given_on, text_version=upload.text_version
        )
    return import_participants(term=upload.term, rows=roster.rows, consent=consent, actor=actor, now=now)
