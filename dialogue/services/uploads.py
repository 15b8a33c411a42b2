"""Keep a roster file for the time between its preview and its import."""

import base64
from datetime import date, datetime

from django.db import transaction

from dialogue.models import Person, Term, UploadedRoster


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
