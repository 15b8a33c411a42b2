"""An uploaded file under its mapping: what can be read of it, and what cannot."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dialogue.core.roster import FileMapping, Roster, RosterRefused
from dialogue.core.roster.guess import guess_mapping, open_file
from dialogue.core.roster.mapping import header_digest
from dialogue.core.roster.read import Attempt, try_facilitators, try_participants
from dialogue.core.roster.table import Table
from dialogue.models import Term, UploadedRoster
from dialogue.services.uploads import content_of, mapping_of, remembered_mapping


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as a table, how it is read, and what that makes of it."""

    table: Table
    mapping: FileMapping
    attempt: Attempt
    is_remembered: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether nobody need look at how the file is read: by the usual heads and words, or as last time."""
        return not self.attempt.errors and (self.is_remembered or self.mapping.is_usual())

    @property
    def header_key(self) -> str:
        return header_digest(self.table.names)

    def roster(self) -> Roster[Any]:
        """Return the people of the file.

        Raises:
            RosterRefused: something in it cannot be read.
        """
        if self.attempt.errors:
            raise RosterRefused(self.attempt.errors)
        return Roster(self.attempt.people, self.attempt.ignored_columns)


def open_new(*, term: Term, kind: str, content: bytes, filename: str, today: date) -> Opened:
    """Open a file and read it as the same form was read last time, or by a guess.

    Raises:
        RosterRefused: it is no table with a header.
    """
    table = open_file(content=content, filename=filename)
    for_facilitators = kind == UploadedRoster.Kind.FACILITATORS
    remembered = remembered_mapping(programme=term.programme, kind=kind, header_key=header_digest(table.names))
    mapping = remembered or guess_mapping(table, facilitators=for_facilitators, slot_minutes=term.session_minutes)
    return Opened(table, mapping, _attempt(term, kind, table, mapping, today), remembered is not None)


def open_upload(upload: UploadedRoster, *, today: date) -> Opened:
    """Open a file that is kept, under its mapping.

    Raises:
        RosterRefused: it is no table with a header.
    """
    mapping = mapping_of(upload)
    table = open_file(content=content_of(upload), filename=upload.filename, mapping=mapping)
    return Opened(table, mapping, _attempt(upload.term, upload.kind, table, mapping, today))


def turned(upload: UploadedRoster) -> FileMapping:
    """Return a proposal for a file that is kept, with rows and columns the other way round than it is read now.

    Raises:
        RosterRefused: that way it is no table with a header.
    """
    as_now = mapping_of(upload)
    table = open_file(
        content=content_of(upload),
        filename=upload.filename,
        mapping=replace(as_now, people_in_columns=not as_now.people_in_columns),
    )
    for_facilitators = upload.kind == UploadedRoster.Kind.FACILITATORS
    return guess_mapping(table, facilitators=for_facilitators, slot_minutes=upload.term.session_minutes)


def _attempt(term: Term, kind: str, table: Table, mapping: FileMapping, today: date) -> Attempt:
    if kind == UploadedRoster.Kind.FACILITATORS:
        return try_facilitators(table, mapping, default_zone=term.zone)
    return try_participants(table, mapping, today=today, default_zone=term.zone)
