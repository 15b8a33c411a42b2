"""The guide of a session as whoever leads it reads it: clock times, whose turn, the prompt, the sentence to say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dialogue.core.generation import Generation
from dialogue.models import Membership
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.planned import planned
from sessions.core.guide.steps import Guide, Step
from sessions.guide_words import STEPS, length_in_words
from sessions.models import Attendance, DialogueSession, FacilitatorRecord
from sessions.reading import in_kana_order

PROMPT_OF = {Kind.SCENE: 0, Kind.DECISION: 1}
"""Which of a session's prompts a round is about."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in the circle: their seat, the name they go by, and whether they said that they do not come."""

    seat: Seat
    name: str
    stays_away: bool
    sound: tuple[str, int]
    """What lists of people are ordered by."""


@dataclass(frozen=True, slots=True)
class Row:
    """One step on the page."""

    begins: datetime
    name: str
    note: str
    say: str
    length: str
    is_round: bool
    names: list[str]
    """Who speaks, in this order; of a round only."""
    prompt: str


def circle_of(session: DialogueSession) -> list[Guest]:
    """Return everybody who belongs to a session today, also those of cohorts that meet in the same room. One query.

    Their order is that of their accounts, the same for every session, because openings are counted by it.
    """
    host = session.joint_with_id or session.pk
    together = DialogueSession.objects.filter(Q(pk=host) | Q(joint_with=host))
    refused = Attendance.objects.filter(session__in=together, answer=Attendance.Answer.NO).values("person")
    rows = (
        Membership.objects.filter(cohort__sessions__in=together, left_at__isnull=True)
        .select_related("participation__person")
        .annotate(refuses=Q(participation__person__in=refused))
        .order_by("participation__person")
    )
    return [
        Guest(
            Seat(one.participation.person_id, Generation(one.participation.generation)),
            one.participation.person.preferred_name,
            one.refuses,
            in_kana_order(one.participation.person),
        )
        for one in rows
    ]


def wished_depth(session: DialogueSession) -> str:
    """Return how deep the record of the session before wants this one, in words; "" where none says. One query."""
    records = FacilitatorRecord.objects.filter(session__cohort=session.cohort_id, session__number__lt=session.number)
    before = records.exclude(next_depth="").order_by("-session__number").first()
    return str(before.get_next_depth_display()) if before else ""


def guide_of(
    session: DialogueSession, circle: Collection[Guest], *, missing: Collection[int], late_minutes: int
) -> Guide:
    """Return the guide for those of the circle who come.

    Raises:
        ValueError: nobody comes, or the session would begin when it is over.
    """
    return planned(
        minutes=int((session.ends_at - session.starts_at).total_seconds() // 60),
        seats=[one.seat for one in circle],
        session=session.number,
        late_seconds=late_minutes * 60,
        missing=[one.seat for one in circle if one.seat.key in missing],
    )


def rows_of(guide: Guide, *, begins: datetime, circle: Iterable[Guest], prompts: list[str], gently: bool) -> list[Row]:
    """Return the steps for the page, in the reader's language."""
    names = {one.seat: one.name for one in circle}
    return [
        _row(step, begins + timedelta(seconds=at), names=names, prompts=prompts, gently=gently)
        for at, step in guide.starts()
    ]


def _row(step: Step, begins: datetime, *, names: dict[Seat, str], prompts: list[str], gently: bool) -> Row:
    words = STEPS[step.kind]
    place = PROMPT_OF.get(step.kind)
    return Row(
        begins=begins,
        name=str(words.name),
        note=str(words.note),
        say=str(words.say),
        length=length_in_words(step.seconds, gently=gently),
        is_round=step.is_round,
        names=[names[seat] for seat in step.speakers],
        prompt=prompts[place] if place is not None and place < len(prompts) else "",
    )
