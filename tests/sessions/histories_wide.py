"""Random histories of two cohorts of a term: what `histories` has, and what befalls a session or reaches further.

People of the other cohort step in for one session, sessions are put off and find another date, a session is held at
another place, and the term has gatherings, which move, change their place and link, and are called off. Its numbers
mean other histories than those of `histories`, whose meaning stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from dialogue.message_kinds import kinds
from dialogue.models import Cohort, OutboundMessage, Participation, Person
from dialogue.services.cohorts import end_participation
from sessions.gathering_entries import gathering_entry_for
from sessions.models import CalendarFeed, DialogueSession, Gathering, GatheringAnswer, SessionSeries, StandbyAsk
from sessions.services.answering import answer
from sessions.services.booking import TimeTaken, book_series
from sessions.services.changing import ChangedMeanwhile, TooSoon
from sessions.services.feeds import feed_body, feed_of
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import (
    GatheringOrder,
    GatheringRefused,
    cancel_gathering,
    change_gathering,
    invite_newcomers,
    open_gathering,
)
from sessions.services.places import change_place
from sessions.services.postponing import choose_date, may_return, postpone_sessions, proposals_now
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import NotNeeded
from tests.factories import make_cohort, make_facilitation, make_person
from tests.sessions.calendar_clients import Entry, MailCalendar, read_feed
from tests.sessions.histories import BEGIN, ROOMS, ZONES, History, World

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
    length: ClassVar[int] = 14

    def _moves(self) -> list[Callable[[], object]]:
        return [
            *super()._moves(), *[self._step_in] * 3, self._leave_elsewhere,
            *[self._put_off] * 3, *[self._find_date] * 3, self._replace,
            *[self._gather] * 2, *[self._change_gathering] * 3, *[self._answer_gathering] * 3,
            *[self._invite_newcomers] * 2, self._call_off,
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
        StandbyAsk.objects.filter(**about, status="asked").update(status="lapsed")
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
        """One that was put off gets a new date, or that which it had."""
        rows = DialogueSession.objects.filter(status="proposed").select_related(
            "cohort__term__programme", "cohort__facilitation"
        )
        if not (waiting := list(rows.order_by("pk"))):
            return False
        session = self.dice.choice(waiting)
        starts = proposals_now(session, now=self.now)
        if may_return([session], now=self.now):
            starts += [session.starts_at] * 2
        if not starts:
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

    # Gatherings

    def _gather(self) -> bool:
        days = timedelta(days=self.dice.randrange(2, 20))
        order = GatheringOrder(kind="kickoff", audience="everybody", starts=[self.now + days], minutes=60)
        open_gathering(term=self.world.term, order=order, now=self.now)
        return True

    def _some_gathering(self) -> Gathering | None:
        found = list(Gathering.objects.filter(status="confirmed", starts_at__gt=self.now).order_by("pk"))
        return self.dice.choice(found) if found else None

    def _change_gathering(self) -> bool:
        """It moves, or is held at another place or behind another link."""
        gathering = self._some_gathering()
        if gathering is None:
            return False
        known = {name: getattr(gathering, name) for name in ("starts_at", "place", "room_url")}
        change: dict[str, Any] = self.dice.choice(
            [
                {"starts_at": gathering.starts_at + timedelta(days=self.dice.choice((-1, 1, 7)))},
                {"place": self.dice.choice(PLACES)},
                {"room_url": self.dice.choice(ROOMS)},
            ]
        )
        try:
            return change_gathering(
                gathering_id=gathering.pk,
                seen=gathering.sequence,
                minutes=gathering.minutes,
                note="",
                together_minutes=None,
                now=self.now,
                **known | change,
            )
        except (TimeTaken, TooSoon):
            return False

    def _answer_gathering(self) -> bool:
        gathering = self._some_gathering()
        if gathering is None:
            return False
        person = self.dice.choice(self._everybody())
        try:
            answer_gathering(gathering_id=gathering.pk, person=person, comes=self.dice.random() < 0.5, now=self.now)
        except (GatheringRefused, TimeTaken):
            return False
        return True

    def _invite_newcomers(self) -> bool:
        gathering = self._some_gathering()
        return gathering is not None and invite_newcomers(gathering_id=gathering.pk, now=self.now) > 0

    def _call_off(self) -> bool:
        gathering = self._some_gathering()
        if gathering is None:
            return False
        cancel_gathering(gathering_id=gathering.pk, now=self.now)
        return True

    def _carried_by(self, row: OutboundMessage) -> bytes | None:
        if row.subject_key.startswith("gathering:"):
            return kinds()[row.kind].render(row, self.now).calendar
        return super()._carried_by(row)

    def _of_sessions(self, shown: dict[str, Entry]) -> dict[str, Entry]:
        gatherings = set(Gathering.objects.values_list("uid", flat=True))
        return {uid: one for uid, one in shown.items() if uid not in gatherings}

    def check(self) -> None:
        super().check()
        for person in self._everybody():
            by_mail = self.calendars.get(person.email, MailCalendar(person.email)).shown()
            in_feed = read_feed(bytes(feed_body(feed=feed_of(person=person, now=self.now), now=self.now).body))
            follows_feed = CalendarFeed.objects.filter(person=person, instead_of_mail=True).exists()
            self._compare_gatherings(person, by_mail, "mail", is_empty=follows_feed)
            self._compare_gatherings(person, in_feed, "feed", is_empty=False)

    def _compare_gatherings(self, person: Person, shown: dict[str, Entry], by: str, *, is_empty: bool) -> None:
        """Who said that they cannot come may keep an entry that mail brought, but it must be right."""
        known = {one.uid: one for one in Gathering.objects.filter(starts_at__isnull=False)}
        told = {uid: one for uid, one in shown.items() if uid in known and one.ends_at > self.now}
        rows = GatheringAnswer.objects.filter(
            person=person, gathering__status="confirmed", gathering__ends_at__gt=self.now
        )
        said = {} if is_empty else dict(rows.values_list("gathering__uid", "answer"))
        due = {uid for uid, answer in said.items() if answer != "no"}
        may = set(said) if by == "mail" else due
        ghosts, missing = set(told) - may, due - set(told)
        assert not ghosts | missing, f"gatherings by {by} of {person}: ghosts {ghosts}, missing {missing}"
        for uid, entry in told.items():
            gathering = known[uid]
            assert (entry.starts_at, entry.ends_at) == (gathering.starts_at, gathering.ends_at), f"{by} of {person}"
            assert entry.sequence == gathering_entry_for(gathering, person).sequence, f"{by} of {person}"
