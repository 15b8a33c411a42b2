"""Random histories of one cohort, and the calendars that follow them.

A history creates sessions and then moves, cancels, relinks, lets people leave and join, gives the cohort another
facilitator, and lets people choose between mail and feed. Between its steps the outbox delivers, or not yet, or twice;
what was delivered reaches a calendar, sometimes in another order. At the end everything due is sent and
each calendar is compared with what the database says of its owner.

A whole history sends every mail as the site does and reads what it carries. The others, which are many, ask each row
for its calendar object as its letter does, and leave the words out.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.core import mail
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone, translation

from dialogue.delivery import deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import Cohort, Facilitation, Membership, OutboundMessage, Participation, Person, Term
from dialogue.services.cohorts import CohortRefused, end_participation
from sessions.calendar import CalendarEntry, feed
from sessions.copies import cancel_in_mail, entry_for, request_in_mail
from sessions.models import CalendarFeed, DialogueSession, SessionSeries, StandInAsk
from sessions.series_announcing import in_calendars
from sessions.services.booking import TimeTaken, book_series
from sessions.services.changing import cancel_session, move_session
from sessions.services.changing_series import move_series
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.feeds import feed_body, feed_of
from sessions.services.standing_in import answer_stand_in, say_away
from tests.factories import make_cohort, make_facilitation, make_participation, make_person, make_term
from tests.sessions.calendar_clients import Entry, MailCalendar, read_feed, wall_clock
from tests.sessions.seats import change_link, give_to, let_in

ZONES = (
    "Asia/Tokyo",
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/St_Johns",
)
BEGIN = datetime(2027, 2, 20, 3, 0, tzinfo=UTC)
"""Before the clock changes of March 2027, so that what moves by weeks moves across them."""


def cancel_where_told(session: DialogueSession, person: Person) -> dict:
    """Return what the mail of a session that was put off carries, as `series_emails` decides it."""
    told = in_calendars([session]).get(session.pk, ())
    return cancel_in_mail(session, person) if person.pk in told else {}


CARRIES = {
    "invitation": request_in_mail,
    "session_moved": request_in_mail,
    "session_returned": request_in_mail,
    "series_moved": request_in_mail,
    "place_changed": request_in_mail,
    "calendar_by_mail": request_in_mail,
    "session_cancelled": cancel_in_mail,
    "session_postponed": cancel_where_told,
    "calendar_by_feed": cancel_in_mail,
}
ROOMS = ("https://meet.example.org/1", "https://meet.example.org/2", "")


@dataclass
class World:
    """A term with its people, made once; each history changes it and is rolled back."""

    term: Term
    cohort: Cohort
    leaders: list[Facilitation]
    people: list[Person]

    @classmethod
    def make(cls, *, session_count: int = 2) -> "World":
        term = make_term(session_count=session_count, starts_on=BEGIN.date())
        zones = iter(ZONES)
        people = [make_person(zone=next(zones), language=language) for language in ("ja", "en", "ja", "en", "ja")]
        leaders = [make_facilitation(term, make_person(zone=next(zones), language="en")) for _ in range(2)]
        cohort = make_cohort(
            term, students=tuple(people[:2]), alumni=tuple(people[2:4]), facilitator=leaders[0].person, fill=False
        )
        make_participation(term, people[4])
        SessionSeries.objects.create(cohort=cohort, created_at=BEGIN)
        return cls(term, cohort, leaders, people)


@dataclass
class History:
    """One run of steps drawn from `dice`, and the calendars of everybody in the world."""

    world: World
    dice: random.Random
    is_whole: bool = False
    now: datetime = BEGIN
    steps: Counter[str] = field(default_factory=Counter)
    calendars: dict[str, MailCalendar] = field(default_factory=dict)
    on_the_way: list[tuple[str, bytes]] = field(default_factory=list)
    mails: int = 0
    length: ClassVar[int] = 8
    """How many steps a history has."""

    def run(self) -> None:
        """Live through a history and check that every calendar shows what is true."""
        self._create()
        moves = self._moves()
        for _ in range(self.length):
            self._step(self.dice.choice(moves))
        self._send_everything()
        self.check()

    def _moves(self) -> list[Callable[[], object]]:
        """Return what may happen, as often as it is likely. Another order would give each number another history."""
        return [
            *[self._move] * 4, self._cancel, *[self._leave] * 2, *[self._join] * 2,
            *[self._relink] * 2, *[self._lead] * 2, self._stand_in, self._move_all, self._choose,
            *[self._post] * 4, self._wait,
        ]  # fmt: skip

    def _step(self, move: Callable[[], object]) -> None:
        self.now += timedelta(minutes=self.dice.randrange(1, 300))
        if move() is not False:
            self.steps[move.__name__.strip("_")] += 1

    # What happens

    def _create(self) -> None:
        series = SessionSeries.objects.get(cohort=self.world.cohort)
        book_series(series_id=series.pk, now=self.now)
        self.steps["create"] += 1

    def _coming(self) -> QuerySet[DialogueSession]:
        rows = DialogueSession.objects.filter(cohort=self.world.cohort, status="confirmed")
        return rows.filter(starts_at__gt=self.now + timedelta(hours=2))

    def _some_session(self) -> DialogueSession | None:
        found = list(self._coming().order_by("pk"))
        return self.dice.choice(found) if found else None

    def _move(self) -> bool:
        session = self._some_session()
        if session is None:
            return False
        by = timedelta(days=self.dice.choice((-1, 1, 7, 14, 21)), minutes=15 * self.dice.randrange(-8, 9))
        starts_at = session.starts_at + by
        if starts_at < self.now + timedelta(hours=2):
            return False
        try:
            move_session(session_id=session.pk, starts_at=starts_at, now=self.now)
        except TimeTaken:
            return False
        return True

    def _cancel(self) -> bool:
        session = self._some_session()
        if session is None:
            return False
        cancel_session(session_id=session.pk, now=self.now)
        return True

    def _leave(self) -> bool:
        rows = Membership.objects.filter(cohort=self.world.cohort, left_at__isnull=True)
        members = list(rows.order_by("participation").values_list("participation", flat=True))
        if len(members) < 3:
            return False
        end_participation(participation_id=self.dice.choice(members), now=self.now)
        return True

    def _join(self) -> bool:
        rows = Participation.objects.filter(term=self.world.term).exclude(status="placed")
        waiting = list(rows.order_by("pk").values_list("pk", flat=True))
        if not waiting:
            return False
        chosen = self.dice.sample(waiting, self.dice.randrange(1, len(waiting) + 1))
        try:
            with transaction.atomic():
                # Somebody who had left is taken up again by the office.
                rows.filter(pk__in=chosen).update(status="accepted", waiting_reason="matching", ended_at=None)
                let_in(self.world.cohort, places=list(Participation.objects.filter(pk__in=chosen)), now=self.now)
        except (CohortRefused, TimeTaken):
            return False
        return True

    def _relink(self) -> bool:
        session = self._some_session()
        if session is None:
            return False
        return change_link(session, room_url=self.dice.choice(ROOMS), now=self.now)

    def _lead(self) -> bool:
        leader = self.dice.choice(self.world.leaders)
        try:
            give_to(self.world.cohort, facilitation=leader, now=self.now)
        except (CohortRefused, TimeTaken):
            return False
        return True

    def _stand_in(self) -> bool:
        """Whoever leads one session cannot come, and the other facilitator takes it on, or gives it back."""
        session = self._some_session()
        if session is None:
            return False
        [other] = [one.person for one in self.world.leaders if one.person_id != session.facilitator_id]
        say_away(session_id=session.pk, person=session.facilitator, away=True, now=self.now)
        known = StandInAsk.objects.filter(session=session, starts_at=session.starts_at)
        last = known.aggregate(last=Max("position"))["last"] or 0
        ask, _ = StandInAsk.objects.update_or_create(
            session=session,
            starts_at=session.starts_at,
            person=other,
            defaults={"position": last + 1, "status": "asked"},
        )
        answer_stand_in(ask_id=ask.pk, leads=True, now=self.now)
        return True

    def _move_all(self) -> bool:
        rows = self._coming()
        by = timedelta(days=self.dice.choice((1, 7)))
        starts = {one.pk: one.starts_at + by for one in rows}
        if len(starts) < 2:
            return False
        seen = dict(rows.values_list("pk", "sequence"))
        try:
            move_series(cohort_id=self.world.cohort.pk, starts=starts, seen=seen, now=self.now)
        except TimeTaken:
            return False
        return True

    def _choose(self) -> bool:
        person = self.dice.choice(self._everybody())
        choose_calendar(person=person, instead_of_mail=self.dice.random() < 0.5, now=self.now)
        return True

    # What is sent, and when it is read

    def _post(self) -> None:
        for address, calendar in self._mailed() if self.is_whole else self._told():
            self.mails += 1
            # A mail server that is unsure sends it twice.
            self.on_the_way += [(address, calendar)] * (2 if self.dice.random() < 0.1 else 1)
        if self.dice.random() < 0.3:
            self.dice.shuffle(self.on_the_way)
        keep = self.dice.randrange(0, 3) if self.on_the_way else 0
        while len(self.on_the_way) > keep:
            self._read(*self.on_the_way.pop(0))

    def _mailed(self) -> list[tuple[str, bytes]]:
        """Send what is due as the site does, and return what the mails carry."""
        deliver_due(now=self.now)
        carried = [(letter.to[0], letter.calendar) for letter in mail.outbox if letter.calendar]
        mail.outbox.clear()
        return carried

    def _told(self) -> list[tuple[str, bytes]]:
        """Settle what is due, and return the calendar objects that its letters would carry."""
        carried = []
        due = OutboundMessage.objects.filter(status="queued", due_at__lte=self.now).order_by("due_at", "pk")
        for row in due.select_related("recipient"):
            is_late = row.expires_at and row.expires_at <= self.now
            if is_late or not kinds()[row.kind].still_wanted(row, self.now):
                OutboundMessage.objects.filter(pk=row.pk).update(status="void")
                continue
            with translation.override(row.recipient.language), timezone.override(row.recipient.zone):
                calendar = self._carried_by(row)
            carried += [(row.recipient.email, calendar)] if calendar else []
            OutboundMessage.objects.filter(pk=row.pk).update(status="sent", sent_at=self.now)
        return carried

    def _carried_by(self, row: OutboundMessage) -> bytes | None:
        if row.kind not in CARRIES:
            return None
        pk = row.subject_key.partition(":")[2]
        session = DialogueSession.objects.select_related("cohort__term__programme").get(pk=pk)
        return CARRIES[row.kind](session, row.recipient).get("calendar")

    def _wait(self) -> None:
        self.now += timedelta(days=self.dice.randrange(1, 4))

    def _send_everything(self) -> None:
        # Every invitation that is still to come becomes due; what lies on the way arrives, in any order.
        OutboundMessage.objects.filter(kind="invitation", status="queued").update(due_at=self.now)
        self._post()
        self.dice.shuffle(self.on_the_way)
        while self.on_the_way:
            self._read(*self.on_the_way.pop(0))

    def _read(self, address: str, raw: bytes) -> None:
        self.calendars.setdefault(address, MailCalendar(address)).receive(raw)

    # What must be true

    def check(self) -> None:
        """Compare every calendar with what the database says of its owner.

        Raises:
            AssertionError: a ghost, a missing date, a wrong time or an old version.
        """
        for person in self._everybody():
            due = {one.uid: one for one in self._sessions_of(person)}
            by_mail = self.calendars.get(person.email, MailCalendar(person.email)).shown()
            follows_feed = CalendarFeed.objects.filter(person=person, instead_of_mail=True).exists()
            self._compare(person, {} if follows_feed else due, self._of_sessions(by_mail), "mail")
            body = feed_body(feed=feed_of(person=person, now=self.now), now=self.now).body
            self._compare(person, due, self._of_sessions(read_feed(bytes(body))), "feed")

    def _of_sessions(self, shown: dict[str, Entry]) -> dict[str, Entry]:
        return shown

    def _compare(self, person: Person, due: dict, shown: dict, by: str) -> None:
        told = {uid: one for uid, one in shown.items() if one.ends_at > self.now}
        assert set(told) == set(due), f"{by} of {person}: ghosts {set(told) - set(due)}, missing {set(due) - set(told)}"
        for uid, session in due.items():
            entry = entry_for(session, person)
            assert (told[uid].starts_at, told[uid].ends_at) == (session.starts_at, session.ends_at), by
            # A place that was changed and changed back before a mail of it left is told to nobody: their calendars
            # hold an older version of the same. What they show is compared; a newer version than ours is a fault.
            assert told[uid].where == self._where(entry), by
            assert told[uid].sequence <= entry.sequence, by
            for zone in ZONES:
                assert wall_clock(told[uid].starts_at, zone) == wall_clock(session.starts_at, zone)

    def _where(self, entry: CalendarEntry) -> tuple[str, ...]:
        [written] = read_feed(feed([entry], name="")).values()
        return written.where

    def _everybody(self) -> list[Person]:
        return [*self.world.people, *(one.person for one in self.world.leaders)]

    def _sessions_of(self, person: Person) -> list[DialogueSession]:
        rows = DialogueSession.objects.filter(status="confirmed", ends_at__gt=self.now)
        mine = rows.attended_by(person) | rows.facilitated_by(person)
        return list(mine.select_related("cohort__term__programme").distinct())
