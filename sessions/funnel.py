"""How far the people of a term have come, and where each stands now: counts, and who they are.

One condition a stage serves both its number and the list behind it, so that the two cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.core.reception import Stage
from dialogue.models import AvailabilityWindow, ConsentRecord, Generation, Membership, Participation, SlotAnswer, Term
from dialogue.reception_words import STAGES
from sessions.models import Attendance, DialogueSession

REACHED: Final[Mapping[str, Promise]] = {
    "known": _("In the roster, signed up or invited"),
    "signed_up": _("Signed up, or brought in from a file"),
    "consented": _("Agreed to take part"),
    "times": _("Said when they can come"),
    "accepted": _("Accepted"),
    "placed": _("Were given a cohort"),
    "answered": _("Answered an invitation to a session"),
    "came": _("Came at least once"),
    "finished": _("Came, and all sessions of their cohort are over"),
}
"""The stages in order, each in words. Who was somewhere once is counted there even if they have left since."""

_NOW: Final[Mapping[Stage, Q]] = {
    Stage.INVITED: Q(status="applied", waiting_reason="consent"),
    Stage.NEW: Q(status="applied") & ~Q(waiting_reason__in=["consent", "asked_back", "held"]),
    Stage.ASKED_BACK: Q(status="applied", waiting_reason="asked_back"),
    Stage.HELD: Q(status="applied", waiting_reason="held"),
    Stage.ACCEPTED: Q(status="accepted"),
    Stage.PLACED: Q(status="placed"),
    Stage.HANDED_ON: Q(status="relayed"),
    Stage.DECLINED: Q(status="ended", end_reason="declined"),
    Stage.GUARDIAN_REFUSED: Q(status="ended", end_reason="guardian_refused"),
    Stage.LEFT: Q(status="ended") & ~Q(end_reason__in=["declined", "guardian_refused"]),
}
"""Where somebody stands today. Each participation fits exactly one, the one that `stage_of` says."""

STANDS: Final[Mapping[str, Promise]] = {f"now-{stage.value}": STAGES[stage][0] for stage in _NOW}
"""Where people stand now, by the name in an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A stage with how many people fit it, and how many of each generation."""

    key: str
    words: str | Promise
    total: int
    by_generation: tuple[tuple[str, int], ...]


def condition(key: str, term: Term, *, now: datetime) -> Q:
    """Return what holds for a participation of a term that fits a stage (a key of `REACHED` or `STANDS`).

    Raises:
        KeyError: there is no such stage.
    """
    if key in STANDS:
        return _NOW[Stage(key.removeprefix("now-"))]
    return _reached(term, now)[key]


def funnel_of(term: Term, *, now: datetime) -> tuple[list[Line], list[Line]]:
    """Return the stages that people have reached, and where they stand now. One query."""
    keys = [*REACHED, *STANDS]
    counts = {key.replace("-", "_"): Count("pk", filter=condition(key, term, now=now)) for key in keys}
    rows = {row["generation"]: row for row in term.participations.order_by().values("generation").annotate(**counts)}

    def line(key: str, words: str | Promise) -> Line:
        name = key.replace("-", "_")
        numbers = tuple((value, rows[value][name] if value in rows else 0) for value in Generation.values)
        return Line(key=key, words=words, total=sum(number for _value, number in numbers), by_generation=numbers)

    return [line(*each) for each in REACHED.items()], [line(*each) for each in STANDS.items()]


def _reached(term: Term, now: datetime) -> Mapping[str, Q]:
    mine = OuterRef("pk")
    consent = ConsentRecord.objects.filter(
        participation=mine, purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True
    )
    some = [SlotAnswer.Answer.YES, SlotAnswer.Answer.MAYBE]
    windows = AvailabilityWindow.objects.filter(participation=mine)
    slots = SlotAnswer.objects.filter(participation=mine, answer__in=some)
    places = Membership.objects.filter(participation=mine)
    theirs = Attendance.objects.filter(session__cohort__term=term, person=OuterRef("person"))
    came = Q(Exists(theirs.filter(came=True)))
    still_to_come = DialogueSession.objects.filter(
        Q(status=DialogueSession.Status.PROPOSED) | Q(status=DialogueSession.Status.CONFIRMED, ends_at__gt=now),
        cohort=OuterRef("cohort"),
    )
    whole = places.filter(~Exists(still_to_come), left_at__isnull=True)
    status = Participation.Status
    return {
        "known": Q(pk__isnull=False),
        "signed_up": ~_NOW[Stage.INVITED],
        "consented": Q(Exists(consent)),
        "times": Q(Exists(windows)) | Q(Exists(slots)),
        "accepted": Q(status__in=[status.ACCEPTED, status.PLACED]) | Q(Exists(places)),
        "placed": Q(Exists(places)),
        "answered": Q(Exists(theirs.exclude(answer=Attendance.Answer.NONE))),
        "came": came,
        "finished": Q(Exists(whole)) & came & Q(status=status.PLACED),
    }
