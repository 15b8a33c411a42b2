"""What pages show of a session: its state, the way in, the prompts. Reads only, a query each where it says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from dialogue.models import Generation, Person
from dialogue.prepared import Prepared
from dialogue.prompt_words import SENSITIVITIES
from sessions.core.door import Door, door_at, opens_at, prompts_from
from sessions.models import Attendance, DialogueSession, SessionPrompt, SmallStep

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
    closed_at: datetime | None = None
    """When the room in which it was held was closed."""
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
    """Its time has passed. One that was put off is to come, whatever the time it still carries."""
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
    def room_is_closed(self) -> bool:
        """Whether the circle has closed its room before the end. A pasted link still leads to the video."""
        return self.seen.closed_at is not None and not self.seen.room_url and self.door is Door.OPEN

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
    def asks(self) -> bool:
        """Whether people are asked if they come: not any more once the circle has closed its room."""
        return self.takes_answers and not self.room_is_closed

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
        closed_at=session.room_closed_at,
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
        cancelled, over = postponed or seen.status == Status.CANCELLED, seen.ends_at <= now and not postponed
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


def _prompts(session: int) -> QuerySet[SessionPrompt, Any]:
    rows = SessionPrompt.objects.filter(session=session).order_by("round")
    return rows.values_list("prompt__text_ja", "prompt__text_en", "prompt__sensitivity")


_PROMPTS: Final = Prepared(_prompts, session=int)


class BarePrompt(NamedTuple):
    """A prompt of a session and what it may touch, in the reader's language."""

    text: str
    touches: str
    """What it may touch, in words, or nothing."""


def prompts_of(session: DialogueSession | Seen) -> list[BarePrompt]:
    """Return the session's prompts in the reader's language, in the order of its rounds. One query."""
    is_japanese = get_language() == "ja"
    return [
        BarePrompt(japanese if is_japanese else english, str(SENSITIVITIES.get(sensitivity, "")))
        for japanese, english, sensitivity in _PROMPTS.rows(session=session.pk)
    ]


def step_before(reader: Person, glance: Glance) -> SmallStep | None:
    """Return the small step that the reader took along from an earlier session, until this one is over or closed.

    At most one query.
    """
    if glance.over or glance.cancelled or glance.room_is_closed:
        return None
    return SmallStep.objects.of(reader).before(term=glance.seen.term_id, starts_at=glance.seen.starts_at).first()


class PromptCard(NamedTuple):
    """A prompt of a session with all that its people may read of it, in their language."""

    text: str
    touches: str
    """What it may touch, in words, or nothing."""
    follow_ups: list[str]
    samples: list[str]


def _cards(session: int) -> QuerySet[SessionPrompt, Any]:
    columns = ("text_ja", "text_en", "sensitivity", "follow_ups_ja", "follow_ups_en", "samples")
    rows = SessionPrompt.objects.filter(session=session).order_by("round")
    return rows.values_list(*(f"prompt__{column}" for column in columns))


_CARDS: Final = Prepared(_cards, session=int)


def prompt_cards_of(session: DialogueSession | Seen) -> list[PromptCard]:
    """Return the session's prompts with follow-ups and sample answers, in the order of its rounds. One query."""
    language = "ja" if get_language() == "ja" else "en"
    return [
        PromptCard(
            text=text_ja if language == "ja" else text_en,
            touches=str(SENSITIVITIES.get(sensitivity, "")),
            follow_ups=follow_ups_ja if language == "ja" else follow_ups_en,
            samples=[samples[one][language] for one in Generation.values if one in samples],
        )
        for text_ja, text_en, sensitivity, follow_ups_ja, follow_ups_en, samples in _CARDS.rows(session=session.pk)
    ]
