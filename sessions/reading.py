"""What pages show of a session: the way in, the prompts, the people. Reads only, a query each where it says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from dialogue.core.text import hiragana
from dialogue.models import Cohort, Membership, Person
from dialogue.prepared import Prepared
from sessions.core.door import Door, door_at, opens_at, prompts_from
from sessions.models import Attendance, DialogueSession, SessionPrompt

Status = DialogueSession.Status
Answer = Attendance.Answer
_TONES: Final = {Answer.YES: "done", Answer.LATE: "open", Answer.NO: "ended", Answer.NONE: "waiting"}


class Seen(NamedTuple):
    """What pages show of a session as it is stored: a row of `seen` or `seen_by`."""

    pk: int
    number: int
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    room_url: str
    place: str
    cohort_id: int
    facilitator_id: int
    facilitator: str
    """The name that the facilitator goes by."""
    cohort_number: int
    term_id: int
    zone: str
    contact: str
    programme_id: int
    programme: str
    programme_en: str
    recorded_at: datetime | None
    facilitator_away_at: datetime | None = None
    is_mini: bool = False
    joint_with_id: int | None = None
    """The session of another cohort in whose room it is held."""
    in_danger: bool = False
    """Whether its quorum is in danger and waits for a decision."""
    choice: str | None = None
    """wished or open, while another date is wished for or chosen."""
    my_answer: str | None = None
    """None for who is not expected."""
    reflected_at: datetime | None = None
    asked_alone: int | None = None
    """The private question to this reader, as the only one of their generation, while it waits for an answer."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A session as it stands at one moment, in words."""

    seen: Seen
    now: datetime
    title: str
    programme: str
    cohort: str
    over: bool
    cancelled: bool
    """Nobody comes at this time: it was cancelled, or put off and has no new date yet."""
    badge: str
    """Its state for this reader in a word or two, or nothing."""
    tone: str

    @property
    def postponed(self) -> bool:
        """Whether it was put off and has no new date yet."""
        return self.seen.status == Status.PROPOSED

    @property
    def door(self) -> Door:
        if self.cancelled:
            return Door.OVER
        return door_at(starts_at=self.seen.starts_at, ends_at=self.seen.ends_at, now=self.now)

    @property
    def opens_at(self) -> datetime:
        return opens_at(starts_at=self.seen.starts_at)

    @property
    def opens_in(self) -> int:
        """Seconds until the room opens; 0 once it has."""
        return max(0, round((self.opens_at - self.now).total_seconds()))

    @property
    def prompts_from(self) -> datetime:
        return prompts_from(starts_at=self.seen.starts_at)

    @property
    def shows_prompts(self) -> bool:
        return not self.cancelled and self.prompts_from <= self.now

    @property
    def begun(self) -> bool:
        return self.seen.starts_at <= self.now

    @property
    def moved(self) -> bool:
        """Whether its time or place is another than in the first invitation."""
        return self.seen.status == Status.CONFIRMED and self.seen.sequence > 0

    @property
    def takes_answers(self) -> bool:
        return self.seen.status == Status.CONFIRMED and not self.over

    @property
    def record_is_due(self) -> bool:
        return self.over and not self.cancelled and self.seen.recorded_at is None

    @property
    def url(self) -> str:
        return address_of("session", self.seen.pk)

    @property
    def is_in_danger(self) -> bool:
        return self.seen.in_danger and self.takes_answers and not self.begun

    @property
    def rescue_url(self) -> str:
        return address_of("session_rescue", self.seen.pk)

    @property
    def record_url(self) -> str:
        return address_of("session_record", self.seen.pk)

    @property
    def reflection_url(self) -> str:
        return address_of("session_reflection", self.seen.pk)


def room_of(session: DialogueSession) -> str:
    """Return the video link behind the session's door: that of the host where it is held together. Maybe nothing."""
    host = session.joint_with
    return host.room_url if host is not None else session.room_url


class Named(NamedTuple):
    """What somebody's place among others is told by: a row of these columns of `Person`."""

    pk: int
    preferred_name: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody who belongs to a session today: the name they go by, and their answer ("" before a series is booked)."""

    person_id: int
    name: str
    answer: str
    topics: Sequence[str] = ()
    """What both generations of the cohort chose."""
    steps_in: bool = False
    """Whether they are of another cohort and come to this one session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people who gave one answer."""

    label: str
    names: list[str]


def glance_at(*, session: DialogueSession, now: datetime) -> Glance:
    """Return the session as it stands now. Reads cohort, term, programme and facilitator; no query when selected."""
    cohort = session.cohort
    term = cohort.term
    seen = Seen(
        pk=session.pk,
        number=session.number,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        sequence=session.sequence,
        room_url=session.room_url,
        place=session.place,
        cohort_id=cohort.pk,
        facilitator_id=session.facilitator_id,
        facilitator=session.facilitator.preferred_name,
        cohort_number=cohort.number,
        term_id=term.pk,
        zone=term.zone,
        contact=term.contact,
        programme_id=term.programme_id,
        programme=term.programme.name,
        programme_en=term.programme.name_en,
        recorded_at=getattr(session, "recorded_at", None),
        facilitator_away_at=session.facilitator_away_at,
        is_mini=session.is_mini,
        joint_with_id=session.joint_with_id,
        my_answer=getattr(session, "my_answer", None),
        reflected_at=getattr(session, "reflected_at", None),
    )
    [glance] = glances_at(rows=[seen], now=now)
    return glance


def glances_at(*, rows: Iterable[tuple[Any, ...]], now: datetime) -> list[Glance]:
    """Return rows of `seen` or `seen_by` as they stand now, in the reader's language."""
    title, cohort = _("Session %(number)s"), _("Cohort %(number)s")
    is_japanese = get_language() == "ja"
    cancelled_word, postponed_word = _("Cancelled"), _("Postponed")
    answers = {value: (str(label), _TONES[Answer(value)]) for value, label in Answer.choices}
    glances = []
    for row in rows:
        seen = Seen(*row)
        postponed = seen.status == Status.PROPOSED
        cancelled, over = postponed or seen.status == Status.CANCELLED, seen.ends_at <= now
        if cancelled:
            badge, tone = (postponed_word, "waiting") if postponed else (cancelled_word, "ended")
        else:
            badge, tone = ("", "") if over or not seen.my_answer else answers[seen.my_answer]
        glances.append(
            Glance(
                seen,
                now,
                title % {"number": seen.number},
                seen.programme if is_japanese else seen.programme_en or seen.programme,
                cohort % {"number": seen.cohort_number},
                over,
                cancelled,
                badge,
                tone,
            )
        )
    return glances


def _expected(cohort: int, session: int) -> QuerySet[Person, Any]:
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True).values("participation__person")
    guests = Attendance.objects.filter(session=session, guest__ended_at__isnull=True, guest__isnull=False)
    rows = Person.objects.filter(pk__in=members.union(guests.values("person"))).annotate(
        here=FilteredRelation("attendances", condition=Q(attendances__session=session)),
        topics=Subquery(Cohort.objects.filter(pk=cohort).values("shared_interests")),
    )
    return rows.values_list(*Named._fields, "here__answer", "here__guest", "topics")


_EXPECTED: Final = Prepared(_expected, cohort=int, session=int)


def expected_at(session: DialogueSession | Seen) -> list[Expected]:
    """Return the members of a session's cohort today, and whoever steps in, with their answers, in 五十音 order.

    One query.
    """
    found = _EXPECTED.rows(cohort=session.cohort_id, session=session.pk)
    people = [(Named(*names), answer, guest, topics) for *names, answer, guest, topics in found]
    return [
        Expected(
            person_id=one.pk,
            name=one.preferred_name,
            answer=answer or "",
            topics=() if guest else topics,
            steps_in=guest is not None,
        )
        for one, answer, guest, topics in sorted(people, key=lambda each: in_kana_order(each[0]))
    ]


def has_notebook(reader: Person, seen: Seen, people: Iterable[Expected]) -> bool:
    """Return whether this person sits in the cohort's own circle. Whoever steps in once, in either role, does not.

    One query for whoever leads the session, none for anybody else.
    """
    if seen.facilitator_id == reader.pk:
        return Cohort.objects.filter(pk=seen.cohort_id, facilitation__person=reader).exists()
    return any(one.person_id == reader.pk and not one.steps_in for one in people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said beside their answer, as far as its reader may know it."""

    name: str
    late_minutes: int | None
    reason: str
    hello: str


def said_about(session: DialogueSession | Seen, *, with_hellos: bool) -> list[Said]:
    """Return what people said beside their answers, in 五十音 order. One query.

    A reason that its author did not share is left out; hellos are for the facilitator, who passes them on.
    """
    rows = Attendance.objects.filter(session=session.pk).exclude(answer=Answer.NONE).select_related("person")
    said = [
        Said(
            name=one.person.preferred_name,
            late_minutes=one.late_minutes,
            reason=one.reason if one.reason_shared else "",
            hello=one.hello if with_hellos else "",
        )
        for one in sorted(rows, key=lambda each: in_kana_order(each.person))
    ]
    return [one for one in said if one.late_minutes or one.reason or one.hello]


def by_answer(answers: Iterable[tuple[str, str]]) -> list[Group]:
    """Return (answer, name) pairs as one group for each answer that was given; no answer comes last."""
    names: dict[str, list[str]] = {value: [] for value in (Answer.YES, Answer.LATE, Answer.NO, Answer.NONE)}
    for answer, name in answers:
        names[answer or Answer.NONE].append(name)
    return [Group(label=str(Answer(value).label), names=those) for value, those in names.items() if those]


def in_kana_order(person: Person | Named) -> tuple[str, int]:
    """Return what people are sorted by: the sound of the name they go by.

    Only that name is shown to peers, and an order by one they do not see would look like none.
    """
    name = person.preferred_name
    sounds = {person.family_name: person.family_kana, person.given_name: person.given_kana}
    return hiragana(sounds.get(name) or name), person.pk


def _prompts(session: int) -> QuerySet[SessionPrompt, Any]:
    rows = SessionPrompt.objects.filter(session=session).order_by("round")
    return rows.values_list("prompt__text_ja", "prompt__text_en")


_PROMPTS: Final = Prepared(_prompts, session=int)


def prompts_of(session: DialogueSession | Seen) -> list[str]:
    """Return the session's prompts in the reader's language, in the order of its rounds. One query."""
    is_japanese = get_language() == "ja"
    return [japanese if is_japanese else english for japanese, english in _PROMPTS.rows(session=session.pk)]
