"""The guide of a session as whoever leads it reads it: clock times, whose turn, the prompt, the sentence to say."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.generation import Generation
from dialogue.core.wording import format_name
from sessions.company import people_of
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.guide.pairing import asking
from sessions.core.guide.planned import planned
from sessions.core.guide.steps import Guide, Step
from sessions.guide_words import STEPS, length_in_words, say
from sessions.models import Attendance, DialogueSession, FacilitatorRecord
from sessions.people_reading import in_kana_order
from sessions.reading import BarePrompt

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
    brings_cards: bool = False
    """Whether they bring value cards. Others read only that some do."""


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
    prompt: BarePrompt | None
    asks: str = ""
    """Who asks whom to begin with; of open questions only."""


def circle_of(session: DialogueSession) -> list[Guest]:
    """Return everybody who is expected in a session's room: members, a cohort that is with them, whoever steps in.

    Their order is that of their places in the term, the same for every session, because openings are counted by it.
    Three queries.
    """
    people = people_of(session)
    prefetch_related_objects(people, "person")
    together = Attendance.objects.filter(Q(session=session) | Q(session__joint_with=session))
    said = list(together.values_list("person", "answer", "brings_cards"))
    away = {person for person, answer, _brings in said if answer == Attendance.Answer.NO}
    brings = {person for person, _answer, brings in said if brings}
    return [
        Guest(
            Seat(one.person_id, Generation(one.generation)),
            one.person.preferred_name,
            one.person_id in away,
            in_kana_order(one.person),
            one.person_id in brings,
        )
        for one in people
    ]


def wished_depth(session: DialogueSession) -> str:
    """Return how deep the record of the session before wants this one, in words; "" where none says. One query."""
    rows = FacilitatorRecord.objects.filter(session__cohort=session.cohort_id, session__number__lt=session.number)
    before = rows.filter(finished_at__isnull=False).order_by("-session__number").first()
    if before is None:
        return ""
    same = before.next_depth == FacilitatorRecord.NextDepth.SAME
    return _("As last time") if same else str(before.get_next_depth_display())


def is_last_of_its_series(session: DialogueSession) -> bool:
    """Return whether no session of its cohort comes after this one. One query."""
    to_come = Q(starts_at__gt=session.starts_at) & ~Q(status=DialogueSession.Status.CANCELLED)
    to_come |= Q(status=DialogueSession.Status.PROPOSED)
    return not DialogueSession.objects.filter(to_come, cohort=session.cohort_id).exclude(pk=session.pk).exists()


def minutes_of(session: DialogueSession) -> int:
    """Return how long a session is."""
    return (session.ends_at - session.starts_at) // timedelta(minutes=1)


def guide_of(
    session: DialogueSession,
    circle: Collection[Guest],
    *,
    missing: Collection[int],
    late_minutes: int,
    without: Collection[Kind] = (),
) -> Guide:
    """Return the guide for those of the circle who come.

    Raises:
        ValueError: nobody comes, or the session would begin when it is over.
    """
    return planned(
        minutes=minutes_of(session),
        seats=[one.seat for one in circle],
        session=session.number,
        late_seconds=late_minutes * 60,
        missing=[one.seat for one in circle if one.seat.key in missing],
        without=without,
    )


def pairs_in_words(groups: Iterable[Sequence[Sequence[str]]]) -> str:
    """Return who asks whom in the reader's language, from the names of both sides of each group."""
    language = get_language() or "ja"

    def side(names: Sequence[str]) -> str:
        return _(", ").join(format_name(name=name, language=language) for name in names)

    return " / ".join(" ⇄ ".join(side(names) for names in group) for group in groups)


def asks_of(session: DialogueSession, circle: Collection[Guest], *, missing: Collection[int]) -> str:
    """Return who asks whom in a session's open questions, in words; nothing where one generation is missing."""
    away = [one.seat for one in circle if one.seat.key in missing]
    names = {one.seat: one.name for one in circle}
    groups = asking([one.seat for one in circle], session=session.number, missing=away)
    return pairs_in_words([[[names[seat] for seat in side] for side in (one.students, one.alumni)] for one in groups])


def rows_of(
    guide: Guide,
    *,
    begins: datetime,
    circle: Iterable[Guest],
    prompts: Sequence[BarePrompt],
    asks: str,
    gently: bool,
    is_last: bool,
) -> list[Row]:
    """Return the steps for the page, in the reader's language; `is_last` in the last session of a series.

    `asks` says who asks whom to begin with, as `asks_of` does.
    """
    names = {one.seat: one.name for one in circle}
    rows = [
        _row(step, begins + timedelta(seconds=at), names=names, prompts=prompts, gently=gently, is_last=is_last)
        for at, step in guide.starts()
    ]
    kinds = [step.kind for step in guide.steps]
    return [
        replace(row, asks=asks) if kind is Kind.OPEN_QUESTIONS else row for row, kind in zip(rows, kinds, strict=True)
    ]


def _row(
    step: Step, begins: datetime, *, names: dict[Seat, str], prompts: Sequence[BarePrompt], gently: bool, is_last: bool
) -> Row:
    words = STEPS[step.kind]
    place = PROMPT_OF.get(step.kind)
    return Row(
        begins=begins,
        name=str(words.name),
        note=str(words.note),
        say=str(say(step.kind, is_last=is_last)),
        length=length_in_words(step.seconds, gently=gently),
        is_round=step.is_round,
        names=[names[seat] for seat in step.speakers],
        prompt=prompts[place] if place is not None and place < len(prompts) else None,
    )
