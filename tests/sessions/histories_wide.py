"""Random histories of two cohorts of a term: what `histories` has, and what befalls a session or reaches further.

People of the other cohort step in for one session, sessions are put off and find another date, and a session is held
at another place. Its numbers mean other histories than those of `histories`, whose meaning stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from dialogue.models import Cohort, Participation, Person
from dialogue.services.cohorts import end_participation
from sessions.models import DialogueSession, SessionSeries, StandbyAsk
from sessions.services.answering import answer
from sessions.services.booking import TimeTaken, book_series
from sessions.services.changing import TooSoon
from sessions.services.changing_series import ChangedMeanwhile
from sessions.services.places import change_place
from sessions.services.postponing import choose_date, postpone_sessions, proposals_now
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import NotNeeded
from tests.factories import make_cohort, make_facilitation, make_person
from tests.sessions.histories import BEGIN, ZONES, History, World

PLACES = ("会議室1", "Room 2", "")


@dataclass
class WideWorld(World):
    """The world of `histories` with a second cohort, whose members said that they can step in for others."""

    elsewhere: Cohort = field(kw_only=True)
    others: list[Person] = field(kw_only=True)

    @classmethod
    def make(cls, *, session_count: int = 2) -> "WideWorld":
        world = World.make(session_count=session_count)
        others = [make_person(zone=zone) for zone in ZONES[:4]]
        leader = make_facilitation(world.term, make_person(zone=ZONES[4]))
        elsewhere = make_cohort(
            world.term,
            students=tuple(others[:2]),
            alumni=tuple(others[2:]),
            facilitator=leader.person,
            fill=False,
        )
        Cohort.objects.filter(pk=elsewhere.pk).update(weekday=elsewhere.weekday + 2)
        for one in Participation.objects.filter(memberships__cohort=elsewhere):
            choose_standby(person=one.person, terms=[one.pk], now=BEGIN)
        SessionSeries.objects.create(cohort=elsewhere, created_at=BEGIN)
        known = {name: getattr(world, name) for name in World.__dataclass_fields__}
        return cls(**known, elsewhere=elsewhere, others=[*others, leader.person])


@dataclass
class WideHistory(History):
    """One run of steps in which cohorts lend each other people, and sessions are put off."""

    world: WideWorld

    def _moves(self) -> list[Callable[[], object]]:
        return [
            *super()._moves(), *[self._step_in] * 3, self._leave_elsewhere,
            *[self._put_off] * 3, *[self._find_date] * 3, self._replace,
        ]  # fmt: skip

    def _create(self) -> None:
        super()._create()
        book_series(series_id=SessionSeries.objects.get(cohort=self.world.elsewhere).pk, now=self.now)

    def _everybody(self) -> list[Person]:
        return [*super()._everybody(), *self.world.others]

    def _step_in(self) -> bool:
        """Somebody of the cohort cannot come, and somebody of the other one is asked and says yes."""
        session = self._some_session()
        if session is None:
            return False
        missing = session.attendances.filter(guest__isnull=True).order_by("pk").first()
        could = Participation.objects.filter(term=self.world.term, status="placed", standby__isnull=False)
        could = list(could.exclude(person__in=session.attendances.values("person")).order_by("pk"))
        if missing is None or not could:
            return False
        answer(session_id=session.pk, person=missing.person, answer="no", now=self.now)
        about = {"session": session, "starts_at": session.starts_at}
        ask, _ = StandbyAsk.objects.update_or_create(
            **about,
            participation=self.dice.choice(could),
            defaults={"position": StandbyAsk.objects.filter(**about).count() + 1, "status": "asked"},
        )
        try:
            answer_standby(ask_id=ask.pk, comes=True, now=self.now)
        except (NotNeeded, TimeTaken):
            return False
        return True

    def _leave_elsewhere(self) -> bool:
        """Somebody of the other cohort leaves it, and with it whatever they had stepped in at."""
        rows = Participation.objects.filter(memberships__cohort=self.world.elsewhere, status="placed")
        if not (here := list(rows.order_by("pk"))):
            return False
        end_participation(participation_id=self.dice.choice(here).pk, now=self.now)
        return True

    def _put_off(self) -> bool:
        """One session, or all that is to come in both cohorts, is put off."""
        session = self._some_session()
        if session is None:
            return False
        rows = DialogueSession.objects.filter(status="confirmed", starts_at__gt=self.now)
        chosen = rows if self.dice.random() < 0.3 else rows.filter(pk=session.pk)
        postpone_sessions(seen=dict(chosen.values_list("pk", "sequence")), now=self.now)
        return True

    def _find_date(self) -> bool:
        rows = DialogueSession.objects.filter(status="proposed").select_related(
            "cohort__term__programme", "cohort__facilitation"
        )
        if not (waiting := list(rows.order_by("pk"))):
            return False
        session = self.dice.choice(waiting)
        if not (starts := proposals_now(session, now=self.now)):
            return False
        try:
            choose_date(session_id=session.pk, starts_at=self.dice.choice(starts), now=self.now)
        except (TimeTaken, TooSoon):
            return False
        return True

    def _replace(self) -> bool:
        session = self._some_session()
        if session is None:
            return False
        try:
            changed = change_place(
                cohort_id=session.cohort_id,
                seen={session.pk: session.sequence},
                place=self.dice.choice(PLACES),
                room_url=session.room_url,
                now=self.now,
            )
        except (TimeTaken, ChangedMeanwhile):
            return False
        return bool(changed)
