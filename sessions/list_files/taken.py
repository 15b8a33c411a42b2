"""Who took which list of a term along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from dialogue.models import AuditEntry, Term
from sessions.list_files.names import NAMES
from sessions.services.taking_lists import ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A list that somebody took along: what, how many rows, whether it was narrowed, when and by whom."""

    name: str | Promise
    form: str
    rows: int
    is_narrowed: bool
    at: datetime
    by: str


def taken_in(term: Term) -> QuerySet[AuditEntry]:
    """Return the entries that tell of a list of this term, the latest first."""
    rows = AuditEntry.objects.filter(subject_key=f"term:{term.pk}", action=ACTION).select_related("actor")
    return rows.order_by("-at", "-pk")


def taken_lines(entries: Iterable[AuditEntry]) -> list[Taken]:
    """Return these entries in words."""
    return [_taken(one) for one in entries]


def _taken(entry: AuditEntry) -> Taken:
    said, by = entry.detail, entry.actor
    return Taken(
        name=NAMES.get(said["list"], said["list"]),
        form={"xlsx": "Excel", "csv": "CSV"}.get(said["form"], said["form"]),
        rows=said["rows"],
        is_narrowed=said["narrowed"],
        at=entry.at,
        by=(by.full_name or by.preferred_name) if by else "",
    )
