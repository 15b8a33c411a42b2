"""What pages show of a session: the way in, the prompts, the people. Reads only, a query each where it says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.text import hiragana
from dialogue.models import Person
from sessions.core.door import Door, door_at, opens_at, prompts_from
from sessions.models import Attendance, DialogueSession, SessionPrompt

Status = DialogueSession.Status
Answer = Attendance.Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A session as it stands at one moment."""

    session: DialogueSession
    title: str
    programme: str
    cohort: str
    zone: str
    contact: str
    door: Door
    opens_at: datetime
    opens_in: int
    """Seconds until the room opens; 0 once it has."""
    prompts_from: datetime
    shows_prompts: bool
    begun: bool
    over: bool
    cancelled: bool
    moved: bool
    """Its time or place is another than in the first invitation."""
    takes_answers: bool
    badge: str
    """Its state for this reader in a word or two, or nothing."""
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody who belongs to a session today: the name they go by, and their answer ("" before a series is booked)."""

    person_id: int
    name: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people who gave one answer."""

    label: str
    names: list[str]


def glance_at(*, session: DialogueSession, now: datetime) -> Glance:
    """Return the session as it stands now. Reads cohort, term and programme; makes no query when they are selected."""
    term = session.cohort.term
    cancelled = session.status == Status.CANCELLED
    over = session.ends_at <= now
    badge, tone = _badge(session, over=over)
    return Glance(
        session=session,
        title=_("Session %(number)s") % {"number": session.number},
        programme=term.programme.title,
        cohort=_("Cohort %(number)s") % {"number": session.cohort.number},
        zone=term.zone,
        contact=term.contact,
        door=Door.OVER if cancelled else door_at(starts_at=session.starts_at, ends_at=session.ends_at, now=now),
        opens_at=opens_at(starts_at=session.starts_at),
        opens_in=max(0, round((opens_at(starts_at=session.starts_at) - now).total_seconds())),
        prompts_from=prompts_from(starts_at=session.starts_at),
        shows_prompts=not cancelled and prompts_from(starts_at=session.starts_at) <= now,
        begun=session.starts_at <= now,
        over=over,
        cancelled=cancelled,
        moved=session.status == Status.CONFIRMED and session.sequence > 0,
        takes_answers=session.status == Status.CONFIRMED and not over,
        badge=badge,
        tone=tone,
    )


def _badge(session: DialogueSession, *, over: bool) -> tuple[str, str]:
    if session.status == Status.CANCELLED:
        return _("Cancelled"), "ended"
    answered = getattr(session, "my_answer", None)
    if over or not answered:
        return "", ""
    tones = {Answer.YES: "done", Answer.LATE: "open", Answer.NO: "ended", Answer.NONE: "waiting"}
    return str(Answer(answered).label), tones[Answer(answered)]


def expected_at(session: DialogueSession) -> list[Expected]:
    """Return the members of a session's cohort today with their answers, in 五十音 order. One query."""
    rows = Person.objects.filter(
        participations__memberships__cohort=session.cohort_id, participations__memberships__left_at__isnull=True
    ).annotate(
        here=FilteredRelation("attendances", condition=Q(attendances__session=session)), answer=F("here__answer")
    )
    return [
        Expected(person_id=person.pk, name=person.preferred_name, answer=person.answer or "")
        for person in sorted(rows, key=in_kana_order)
    ]


def by_answer(answers: Iterable[tuple[str, str]]) -> list[Group]:
    """Return (answer, name) pairs as one group for each answer that was given; no answer comes last."""
    names: dict[str, list[str]] = {value: [] for value in (Answer.YES, Answer.LATE, Answer.NO, Answer.NONE)}
    for answer, name in answers:
        names[answer or Answer.NONE].append(name)
    return [Group(label=str(Answer(value).label), names=those) for value, those in names.items() if those]


def in_kana_order(person: Person) -> tuple[str, int]:
    """Return what people are sorted by: the sound of the name they go by.

    Only that name is shown to peers, and an order by one they do not see would look like none.
    """
    name = person.preferred_name
    sounds = {person.family_name: person.family_kana, person.given_name: person.given_kana}
    return hiragana(sounds.get(name) or name), person.pk


def prompts_of(session: DialogueSession) -> list[str]:
    """Return the session's prompts in the reader's language, in the order of its rounds. One query."""
    column = "prompt__text_ja" if get_language() == "ja" else "prompt__text_en"
    return list(SessionPrompt.objects.filter(session=session).order_by("round").values_list(column, flat=True))
