"""Keep a roster file for the time between its preview and its import, and how its form is to be read."""

import base64
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dialogue.core.roster import FileMapping, Roster
from dialogue.core.roster.mapping_text import mapping_to_toml
from dialogue.core.roster.mapping_toml import MappingRefused, mapping_from_toml
from dialogue.fields import decrypted, encrypted
from dialogue.models import FormMapping, Person, Programme, Term, UploadedRoster
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
    mapping: FileMapping,
    collected_by: str,
    given_on: date | None,
    text_version: str,
    now: datetime,
) -> UploadedRoster:
    """Keep a file, how it is read and its consent statement.

    The uploader's earlier files are dropped, and all that are over an hour old.
    """
    drop_old_uploads(now=now)
    UploadedRoster.objects.filter(uploader=uploader).delete()
    return UploadedRoster.objects.create(
        term=term,
        uploader=uploader,
        kind=kind,
        filename=filename[:120],
        content=base64.b64encode(content).decode("ascii"),
        mapping=_sealed(mapping),
        collected_by=collected_by,
        given_on=given_on,
        text_version=text_version,
        created_at=now,
    )


def content_of(upload: UploadedRoster) -> bytes:
    """Return the file as it came."""
    return base64.b64decode(upload.content)


def mapping_of(upload: UploadedRoster) -> FileMapping:
    """Return how the file is to be read."""
    return mapping_from_toml(decrypted(upload.mapping)) if upload.mapping else FileMapping()


def change_mapping(*, upload: UploadedRoster, mapping: FileMapping) -> None:
    """Read the file in another way from now on. Again with the same mapping, it changes nothing that shows."""
    UploadedRoster.objects.filter(pk=upload.pk).update(mapping=_sealed(mapping))
    upload.mapping = _sealed(mapping)


def _sealed(mapping: FileMapping) -> str:
    # What somebody meant by a cell is as private as the cell.
    return encrypted(mapping_to_toml(mapping))


def remember_mapping(*, programme: Programme, kind: str, header_key: str, mapping: FileMapping, now: datetime) -> None:
    """Keep how a form is read for its next file, without what stood in its cells. The latest counts."""
    FormMapping.objects.update_or_create(
        programme=programme,
        kind=kind,
        header_key=header_key,
        defaults={"toml": mapping_to_toml(mapping.without_people()), "updated_at": now},
    )


def remembered_mapping(*, programme: Programme, kind: str, header_key: str) -> FileMapping | None:
    """Return how files with this header row were read last time, None where none is kept that can still be used."""
    kept = FormMapping.objects.filter(programme=programme, kind=kind, header_key=header_key).first()
    if kept is None:
        return None
    try:
        return mapping_from_toml(kept.toml)
    except MappingRefused:  # it was kept by a version that allowed more
        return None


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
