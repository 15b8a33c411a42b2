"""A term at work as its services make it: rosters, cohorts, answers, records, talks, each at its own past moment.

Nothing here writes a row itself. Cohorts go on until the moment of the desk in which all is well, each a little
otherwise: somebody could not come once, somebody left a cohort that is still large enough, a session moved or is not
held, a danger came up and passed, a record came a day late, a sign-up was answered within the day.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from dialogue.core.generation import Generation
from dialogue.core.roster import FacilitatorRow, ParticipantRow
from dialogue.core.week import WeeklyWindow
from dialogue.models import Cohort, Facilitation, Participation, Person, Term
from dialogue.services.cohorts import end_participation, form_cohort
from dialogue.services.roster import import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement
from sessions.models import Attendance, DialogueSession
from sessions.services.answering import answer
from sessions.services.booking import book_queued_series
from sessions.services.changing import cancel_session, move_session
from sessions.services.noting import write_note
from sessions.services.quorum import check_quorum
from sessions.services.today import note_spoken
from sessions.services.writing import RecordDraft, save_record
from tests.factories import NOW, make_term

BEGAN: Final = NOW - timedelta(days=45)
"""When the people of the term came from a roster and their cohorts were formed: 10 October, a Saturday."""

CONSENT: Final = ConsentStatement(collected_by="ほたび", given_on=date(2026, 10, 1), text_version="take-part-v1")
EVENING: Final = 19 * 60
FREE: Final = tuple(WeeklyWindow(day, 9 * 60, 22 * 60) for day in range(7))

MOVES, IS_CANCELLED, LEAVES = range(3)
"""What may happen once in a cohort, and leaves nothing to do."""

HOUR: Final = timedelta(hours=1)

Deed = tuple[datetime, Callable[[], object]]


@dataclass
class Story:
    """A term whose cohorts meet every week, and the moment at which its coordinator looks at it."""

    term: Term
    dice: random.Random
    deeds: list[Deed] = field(default_factory=list)
    people: int = 0

    @classmethod
    def begin(cls, coordinator: Person, *, seed: int = 1) -> "Story":
        term = make_term(coordinator=coordinator, starts_on=date(2026, 10, 12), session_count=9, cadence="weekly")
        return cls(term, random.Random(seed))

    # People

    def rows(self, number: int, *, windows: tuple[WeeklyWindow, ...] = FREE) -> list[ParticipantRow]:
        """Return rows of a roster, students and second career by turns."""
        rows = []
        for _ in range(number):
            self.people += 1
            one = self.people
            rows.append(
                ParticipantRow(
                    line=one, email=f"story-{one}@example.org", family_name="例田", given_name=f"{one}",
                    family_kana="れいだ", given_kana="", preferred_name=f"例{one}",
                    generation=(Generation.STUDENT, Generation.ALUMNI)[one % 2], birth_year=None,
                    under_18_or_high_school=False, languages=("ja",), zone="Asia/Tokyo", affiliation="", partner="",
                    field="", interests=(), windows=windows, keep_apart=(), keep_together=(),
                )
            )  # fmt: skip
        return rows

    def bring(
        self,
        number: int,
        *,
        now: datetime = BEGAN,
        consent: ConsentStatement | None = CONSENT,
        windows: tuple[WeeklyWindow, ...] = FREE,
    ) -> list[Participation]:
        """Take people in from a roster and return their places in the term."""
        rows = self.rows(number, windows=windows)
        import_participants(term=self.term, rows=rows, consent=consent, now=now)
        places = self.term.participations.filter(person__email__in=[row.email for row in rows])
        return list(places.select_related("person").order_by("pk"))

    def lead(self, *, now: datetime = BEGAN) -> Facilitation:
        """Take in one facilitator."""
        self.people += 1
        email = f"story-{self.people}@example.org"
        row = FacilitatorRow(
            line=1, email=email, family_name="進行", given_name=f"{self.people}", family_kana="しんこう", given_kana="",
            preferred_name=f"進{self.people}", languages=("ja",), zone="Asia/Tokyo", windows=FREE, max_cohorts=2,
        )  # fmt: skip
        import_facilitators(term=self.term, rows=[row], now=now)
        return self.term.facilitations.select_related("person").get(person__email=email)

    # Cohorts

    def cohorts(self, number: int, *, size: int = 5) -> list[Cohort]:
        """Form and book cohorts, each with its facilitator, on all days of the week."""
        places = self.bring(number * size)
        formed = [
            form_cohort(
                term=self.term, facilitation=self.lead(), weekday=each % 7, starts=EVENING,
                participation_ids=[one.pk for one in places[each * size : (each + 1) * size]],
                shared_interests=[], now=BEGAN,
            )
            for each in range(number)
        ]  # fmt: skip
        while book_queued_series(now=BEGAN):
            pass
        return formed

    def live(
        self, cohorts: list[Cohort], *, spoken_ago: range = range(1, 29), written_until: datetime = NOW, turns: int = 4
    ) -> None:
        """Write down what will have happened in these cohorts until the desk's moment.

        All of it is well, unless the last talk is longer ago (in days), or no record is written after a moment. With no
        `turns`, everybody comes every time, and nothing else happens.
        """
        for cohort in cohorts:
            self.deeds += self._life_of(cohort, spoken_ago, written_until, turns)

    def tell(self) -> None:
        """Do all that was written down, each at its moment, and look after the quorum twice a day between."""
        sweeps: list[Deed] = [
            (BEGAN + timedelta(hours=each * 12), lambda at=BEGAN + timedelta(hours=each * 12): check_quorum(now=at))
            for each in range(int((NOW - BEGAN) / timedelta(hours=12)) + 1)
        ]
        for at, deed in sorted([*self.deeds, *sweeps], key=lambda one: one[0]):
            if at <= NOW:
                deed()
        self.deeds.clear()
        check_quorum(now=NOW)

    def _life_of(self, cohort: Cohort, spoken_ago: range, written_until: datetime, turns: int) -> Iterator[Deed]:
        people = [one.participation.person for one in cohort.memberships.select_related("participation__person")]
        sessions = list(cohort.sessions.order_by("starts_at"))
        yield from self._talks(people, spoken_ago)
        turn, at = self.dice.choice([*range(turns), None]), NOW - timedelta(days=self.dice.randrange(1, 30))
        away: Person | None = None
        for session in sessions:
            if session.starts_at > NOW + timedelta(days=4):
                break
            others = [one for one in people if one != away]  # nobody is away twice running
            away = self.dice.choice([*others, None, None, None, None]) if turns else None
            if turn == LEAVES and session.starts_at > at:
                away = None  # the four who are left are as many as a dialogue needs
            yield from self._session(session, people, away, records=session.ends_at < written_until)
        if self.dice.random() < 0.2:
            yield at, lambda: write_note(cohort_id=cohort.pk, author=people[0], text="来週もよろしく。", now=at)
        last = sessions[-1]
        if turn == MOVES:
            yield at, lambda: move_session(session_id=last.pk, starts_at=last.starts_at + HOUR, now=at)
        elif turn == IS_CANCELLED:
            yield at, lambda: cancel_session(session_id=last.pk, now=at)
        elif turn == LEAVES:
            many = max(Generation, key=lambda each: _of(cohort, each).count())
            leaver = _of(cohort, many).exclude(person=people[0]).first()
            yield at, lambda: end_participation(participation_id=leaver.pk, now=at)

    def _session(
        self, session: DialogueSession, people: list[Person], away: Person | None, *, records: bool
    ) -> Iterator[Deed]:
        asked = session.starts_at - timedelta(days=4)
        for person in people:
            said = "no" if person == away else self.dice.choice(("yes", "yes", "late"))
            yield asked, lambda person=person, said=said: _answers(session, person, said, asked)
        written = session.ends_at + timedelta(hours=self.dice.choice((1, 3, 20, 44)))
        came = [one.pk for one in people if one != away]
        if records:
            yield written, lambda: _writes(session, came, written)

    def _talks(self, people: list[Person], ago: range) -> Iterator[Deed]:
        for person in people:
            at = NOW - timedelta(days=self.dice.choice(ago))
            yield at, lambda person=person, at=at: self.speak(person, at)

    def speak(self, person: Person, now: datetime) -> None:
        """Let the coordinator have spoken with somebody, if they are still there."""
        with suppress(Person.DoesNotExist):
            note_spoken(term=self.term, person_id=person.pk, on=now.date(), actor=self.coordinator, now=now)

    @property
    def coordinator(self) -> Person:
        return Person.objects.get(staff_roles__programme=self.term.programme_id)


def _of(cohort: Cohort, generation: Generation):
    return Participation.objects.filter(memberships__cohort=cohort, generation=generation).order_by("pk")


def _answers(session: DialogueSession, person: Person, said: str, now: datetime) -> None:
    if Attendance.objects.filter(session=session, person=person).exists():  # not who has left
        answer(session_id=session.pk, person=person, answer=said, now=now)


def _writes(session: DialogueSession, came: list[int], now: datetime) -> None:
    draft = RecordDraft(came=came, next_depth="same")
    save_record(session_id=session.pk, author=session.facilitator, draft=draft, now=now)
