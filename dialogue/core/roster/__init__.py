"""Roster files: the bytes of a CSV or Excel file in, people out, or a list of errors by line and column.

All or nothing: `read_participants` and `read_facilitators` return every row or raise `RosterRefused` with everything
that is to be put right. The sentences for people are in `dialogue.roster_errors`.

    roster = read_participants(content=path.read_bytes(), filename=path.name, today=today)
    roster.rows[0].windows           weekly windows in the person's own zone
    roster.ignored_columns           headers that were not read

The road: `table` (with `separated`, `workbook`, `rows`) bytes to cells, `headers` names to columns, `cells` (with
`words`) and `availability` (with `clock_words`) a cell to a value, `person` a row to a person, `wishes` names to
addresses, `read` the whole.
"""

from dialogue.core.roster.availability import print_windows, read_windows
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.cells import Interest
from dialogue.core.roster.clock_words import AvailabilityFault
from dialogue.core.roster.errors import ErrorCode, RosterError, RosterRefused
from dialogue.core.roster.headers import Column
from dialogue.core.roster.mapping import FileMapping
from dialogue.core.roster.people import FacilitatorRow, ParticipantRow, Roster
from dialogue.core.roster.read import read_facilitators, read_participants
from dialogue.core.roster.rows import column_letter

__all__ = [
    "AvailabilityFault",
    "Column",
    "ErrorCode",
    "FacilitatorRow",
    "FileMapping",
    "Interest",
    "ParticipantRow",
    "Roster",
    "RosterError",
    "RosterRefused",
    "UnreadableAvailability",
    "column_letter",
    "print_windows",
    "read_facilitators",
    "read_participants",
    "read_windows",
]
