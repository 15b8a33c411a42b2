"""Sessions as lines of a coordinator's table: read as plain values, put into words once a page where words repeat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from dialogue.core.wording import format_name
from dialogue.models import Term
from sessions.models import DialogueSession
from sessions.querysets import DialogueSessionQuerySet
from sessions.term_figures import takes_place_soon

Status = DialogueSession.Status

TONES: Final = {
    Status.CONFIRMED: "open",
    Status.PROPOSED: "waiting",
    Status.HELD: "done",
    Status.MISSED: "ended",
    Status.CANCELLED: "ended",
}
COLUMNS: Final = (
    "pk",
    "number",
    "starts_at",
    "ends_at",
    "status",
    "cohort_id",
    "cohort__number",
    "facilitator__preferred_name",
    "yes",
    "late",
    "no",
    "unanswered",
)
"""What a line is made of. The last four come with `with_answers`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session in words."""

    pk: int
    number: int
    starts_at: datetime
    ends_at: datetime
    name: str
    """Its cohort and its number."""
    cohort_url: str
    facilitator: str
    state: str
    tone: str
    answers: str
    """How many come, are late and cannot; empty for a session that is cancelled or waits for its date."""
    unanswered: str
    """How many have not answered; empty when everybody has."""
    move_url: str
    """Where it is moved; empty for a session that is over, cancelled or waits for its date."""
    place_url: str
    cancel_url: str
    """Where it is cancelled; a session that waits for its date can be, too."""
    date_url: str
    """Where its new date is chosen; empty unless it waits for one. Then `starts_at` is the time it had."""


def sessions_of(term: Term, *, show: str, now: datetime) -> DialogueSessionQuerySet:
    """Return the sessions of a term by date with their answers: those that are not over, or wait for a new date.

    With `show` "all" every one, with "soon" those that take place in the next seven days.
    """
    rows = DialogueSession.objects.filter(cohort__term=term)
    if show == "soon":
        rows = rows.filter(takes_place_soon(now))
    elif show != "all":
        rows = rows.filter(Q(status=Status.PROPOSED) | Q(ends_at__gt=now))
    return rows.with_answers().order_by("starts_at", "cohort__number", "pk")


def session_lines(rows: Iterable[tuple[Any, ...]], *, language: str, now: datetime) -> list[SessionLine]:
    """Return rows of `COLUMNS` as lines."""
    name = _("Cohort %(cohort)s, session %(number)s")
    answers = _("come %(yes)s, late %(late)s, cannot %(no)s")
    not_answered = _("not answered %(unanswered)s")
    no_record = _("No record yet")
    states = {value: str(label) for value, label in Status.choices}
    lines = []
    for pk, number, starts_at, ends_at, status, cohort, cohort_number, facilitator, yes, late, no, unanswered in rows:
        waits, over = status == Status.PROPOSED, ends_at <= now
        stands = status != Status.CANCELLED and not waits
        changes = status == Status.CONFIRMED and not over
        lines.append(
            SessionLine(
                pk=pk,
                number=number,
                starts_at=starts_at,
                ends_at=ends_at,
                name=name % {"cohort": cohort_number, "number": number},
                cohort_url=address_of("cohort", cohort),
                facilitator=format_name(name=facilitator, language=language),
                state=no_record if status == Status.CONFIRMED and over else states[status],
                tone=TONES[Status(status)],
                answers=answers % {"yes": yes, "late": late, "no": no} if stands else "",
                unanswered=not_answered % {"unanswered": unanswered} if stands and unanswered else "",
                move_url=address_of("session_move", pk) if changes else "",
                place_url=address_of("session_place", pk) if changes else "",
                cancel_url=address_of("session_cancel", pk) if changes or waits else "",
                date_url=address_of("session_new_date", pk) if waits else "",
            )
        )
    return lines
