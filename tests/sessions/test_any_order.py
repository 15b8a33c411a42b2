"""Book, move, cancel, answer, leave, claim, send, crash, retry, skew: the rules hold after each step.

A mail server in this process stands in for the network: it takes mail, refuses it, drops the line after taking it, or
kills the sender before or after. What it took is the evidence that the rules are checked against.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings as property_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dialogue.delivery import deliver_due
from dialogue.models import OutboundMessage, Participation
from dialogue.services.cohorts import CohortRefused, end_participation
from sessions.core.lifecycle import IllegalMove
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, SessionSeries
from sessions.services.answering import AnswerRefused, answer
from sessions.services.booking import TimeTaken, book_series
from sessions.services.changing import TooSoon, cancel_session, move_session
from tests.sessions.calendar_clients import entries_of
from tests.sessions.histories import BEGIN, ROOMS, World
from tests.sessions.post import FATES, Killed, Post
from tests.sessions.seats import change_link, give_to, let_in
from tests.thoroughness import EVERYTHING


class AnyOrder(RuleBasedStateMachine):
    """One cohort, its sessions and its post, in a transaction of its own that is rolled back at the end."""

    @initialize()
    def begin(self):
        self.whole = transaction.atomic()
        self.whole.__enter__()
        Post.took, Post.fate = [], "takes"
        self.now = self.latest = BEGIN
        self.world = World.make()
        self.members = {one.pk for one in self.world.people[:4]}
        self.sequences, self.uids = {}, {}
        self.cancelled_when = {}

    def teardown(self):
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def sessions(self):
        return list(DialogueSession.objects.order_by("pk"))

    def one(self, index):
        sessions = self.sessions()
        return sessions[index % len(sessions)]

    # What people do

    @rule()
    def book(self):
        book_series(series_id=SessionSeries.objects.get(cohort=self.world.cohort).pk, now=self.now)

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 1), days=st.integers(-7, 14), quarter=st.integers(-4, 4))
    def move(self, index, days, quarter):
        session = self.one(index)
        starts_at = session.starts_at + timedelta(days=days, minutes=15 * quarter)
        try:
            move_session(session_id=session.pk, starts_at=starts_at, now=self.now)
        except (TooSoon, TimeTaken, IllegalMove):
            return

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 1))
    def cancel(self, index):
        session = cancel_session(session_id=self.one(index).pk, now=self.now)
        self.cancelled_when.setdefault(session.pk, len(Post.took))

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 1), who=st.integers(0, 4), says=st.sampled_from(["yes", "no", "late"]))
    def answer(self, index, who, says):
        try:
            answer(session_id=self.one(index).pk, person=self.world.people[who], answer=says, now=self.now)
        except (AnswerRefused, Attendance.DoesNotExist):
            return

    @rule(who=st.integers(0, 4))
    def leave(self, who):
        end_participation(participation_id=self._place(who).pk, now=self.now)

    @rule(who=st.integers(0, 4))
    def join(self, who):
        place = self._place(who)
        if place.status == "ended":  # the office takes them up again
            Participation.objects.filter(pk=place.pk).update(
                status="accepted", waiting_reason="matching", ended_at=None
            )
        try:
            let_in(self.world.cohort, places=[self._place(who)], now=self.now)
        except (CohortRefused, TimeTaken):
            return

    @rule(which=st.integers(0, 1))
    def lead(self, which):
        try:
            give_to(self.world.cohort, facilitation=self.world.leaders[which], now=self.now)
        except (CohortRefused, TimeTaken):
            return

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 1), room=st.sampled_from(ROOMS))
    def relink(self, index, room):
        try:
            change_link(self.one(index), room_url=room, now=self.now)
        except IllegalMove:
            return

    def _place(self, who):
        return Participation.objects.get(person=self.world.people[who], term=self.world.term)

    # What time and machines do

    @rule(hours=st.sampled_from([1, 12, 24, 24 * 7]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule(minutes=st.integers(-60, 60))
    def skew(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def send(self):
        self._send("takes")

    @rule(fate=st.sampled_from(FATES))
    def crash(self, fate):
        self._send(fate)

    @rule()
    def retry(self):
        """Leases lapse, and what may be sent again is."""
        self.now += timedelta(minutes=6)
        self._send("takes")

    def _send(self, fate):
        Post.fate = fate
        try:
            deliver_due(now=self.now)
        except Killed:
            pass
        finally:
            Post.fate = "takes"

    # What holds after each step

    @invariant()
    def uid_is_one_and_sequence_never_falls(self):
        for session in self.sessions():
            assert self.uids.setdefault(session.pk, session.uid) == session.uid
            assert session.sequence >= self.sequences.get(session.pk, 0)
            self.sequences[session.pk] = session.sequence

    @invariant()
    def no_reminder_arrives_twice(self):
        names = [mail.message_id for mail in Post.took]
        once = OutboundMessage.objects.filter(message_id__in=names, kind__startswith="reminder")
        at_most_once = set(once.values_list("message_id", flat=True))
        twice = [name for name, count in Counter(names).items() if count > 1 and name in at_most_once]
        assert not twice

    @invariant()
    def nothing_but_the_cancel_is_sent_after_a_cancel(self):
        for session_id, taken in self.cancelled_when.items():
            names = [mail.message_id for mail in Post.took[taken:]]
            told = OutboundMessage.objects.filter(subject_key=f"session:{session_id}", message_id__in=names)
            assert set(told.values_list("kind", flat=True)) <= {"session_cancelled"}

    @invariant()
    def each_person_is_told_of_rising_versions(self):
        latest = {}
        for mail in Post.took:
            if mail.calendar:
                [entry] = entries_of(mail.calendar)
                assert entry.attendees == (mail.to[0],)
                key = (mail.to[0], entry.uid, entry.sequence)
                assert latest.setdefault(key, (entry.starts_at, entry.status)) == (entry.starts_at, entry.status)

    @invariant()
    def busy_time_is_that_of_the_people_who_meet(self):
        wanted = set()
        for session in DialogueSession.objects.filter(status="confirmed", ends_at__gt=self._latest_now()):
            expected = session.attendances.values_list("person", flat=True)
            for person in (*expected, session.facilitator_id):
                wanted |= {(session.pk, person, one) for one in quarters(session.starts_at, session.ends_at)}
        rows = BusyTime.objects.filter(person__isnull=False, session__ends_at__gt=self._latest_now())
        assert set(rows.values_list("session", "person", "quarter")) == wanted

    def _latest_now(self):
        """Clocks that go back bring nobody back to a session that was over when they left."""
        self.latest = max(self.latest, self.now)
        return self.latest


@pytest.mark.django_db
def test_in_any_order_the_rules_hold(settings):
    settings.EMAIL_BACKEND = "tests.sessions.post.Post"
    settings.BASE_URL = "https://madoi.example.org"
    run_state_machine_as_test(
        AnyOrder,
        settings=property_settings(
            max_examples=12 if EVERYTHING else 4, stateful_step_count=25 if EVERYTHING else 15, deadline=None
        ),
    )
