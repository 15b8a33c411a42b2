"""Who came, cohort by session: counts of each circle, never of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from dialogue.addresses import address_of
from dialogue.models import Cohort
from sessions.models import DialogueSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One session of one cohort: how many of its people came or, while it is not `over`, say that they will.

    `known` is false for a session that is over and whose record does not say who came.
    """

    number: int
    expected: int
    over: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cohort with a cell for each session number of the table; None where it has no such session."""

    number: int
    url: str
    cells: Sequence[Cell | None]


def attendance_of(cohorts: Sequence[Cohort], *, now: datetime) -> tuple[list[int], list[Row]]:
    """Return the session numbers that are the columns, and a row for each cohort. One query; guests are not counted."""
    own = Q(attendances__guest__isnull=True)
    sessions = DialogueSession.objects.filter(cohort__in=cohorts).standing().order_by("cohort", "number")
    rows = sessions.annotate(
        expected=Count("attendances", filter=own),
        came=Count("attendances", filter=own & Q(attendances__came=True)),
        said=Count("attendances", filter=own & Q(attendances__came__isnull=False)),
        will=Count("attendances", filter=own & Q(attendances__answer__in=["yes", "late"])),
    ).values_list("cohort", "number", "ends_at", "status", "expected", "came", "said", "will")
    cells: dict[tuple[int, int], Cell] = {}
    for cohort, number, ends_at, status, expected, came, said, will in rows:
        over = ends_at <= now and status != DialogueSession.Status.PROPOSED
        cells[cohort, number] = Cell(number=came if over else will, expected=expected, over=over, known=bool(said))
    columns = list(range(1, max((number for _cohort, number in cells), default=0) + 1))
    table = [
        Row(number=one.number, url=address_of("cohort", one.pk), cells=[cells.get((one.pk, each)) for each in columns])
        for one in cohorts
    ]
    return columns, table
