"""Book, move, postpone, cancel, answer, leave, step in, gather, post, crash, retry: the rules hold after each step.

A mail server in this process stands in for the network: it takes mail, refuses it, drops the line after taking it, or
kills the sender before or after. What it took is the evidence that the rules are checked against. Somebody of another
cohort steps in for a session, and the term has gatherings.

MADOI_ORDERS and MADOI_ORDER_STEPS try more orders, and longer ones, than a run does by itself.
"""

import os
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
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation
from dialogue.services.cohorts import CohortRefused, end_participation
from sessions.core.lifecycle import IllegalMove
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, Gathering, SessionSeries, StandbyAsk
from sessions.services.answering import AnswerRefused, answer
from sessions.services.booking import TimeTaken, book_series
from sessions.services.changing import ChangedMeanwhile, TooSoon, cancel_session, move_session
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
from sessions.services.seasons import queue_season_letters
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import NotNeeded
from tests.factories import make_cohort
from tests.sessions.calendar_clients import entries_of
from tests.sessions.histories import BEGIN, ROOMS, World
from tests.sessions.post import FATES, Killed, Post
from tests.sessions.seats import give_to, let_in
from tests.thoroughness import EVERYTHING

ORDERS = int(os.environ.get("MADOI_ORDERS", "12" if EVERYTHING else "4"))
STEPS = int(os.environ.get("MADOI_ORDER_STEPS", "25" if EVERYTHING else "15"))
CANCELS = {"session": {"session_cancelled"}, "gathering": {"gathering_cancelled"}}
MOSTLY = st.sampled_from([True, True, False])


class AnyOrder(RuleBasedStateMachine):
    """One cohort, its sessions, a guest, gatherings and the post, in a transaction that is rolled back at the end."""

    @initialize(is_booked=MOSTLY, has_guest=MOSTLY, has_gathering=MOSTLY)
    def begin(self, is_booked, has_guest, has_gathering):
        self.whole = transaction.atomic()
        self.whole.__enter__()
        Post.took, Post.fate = [], "takes"
        self.now = self.latest = BEGIN
        self.world = World.make()
        elsewhere = make_cohort(self.world.term)
        self.guest = Participation.objects.filter(memberships__cohort=elsewhere).order_by("pk")[0]
        choose_standby(person=self.guest.person, terms=[self.guest.pk], now=self.now)
        self.sequences, self.uids = {}, {}
        self.cancelled_when, self.goodbyes = {}, set()
        if is_booked:
            self.book()
        if is_booked and has_guest:
            self.step_in(0, 0)
        if has_gathering:
            self.gather(5, "free")

    def teardown(self):
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def sessions(self):
        return list(DialogueSession.objects.order_by("pk"))

    def gatherings(self):
        return list(Gathering.objects.order_by("pk"))

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
        self.cancelled_when.setdefault(("session", session.pk), len(Post.took))

    @precondition(lambda self: DialogueSession.objects.filter(status="confirmed").exists())
    @rule(index=st.integers(0, 1))
    def put_off(self, index):
        session = self.one(index)
        try:
            postpone_sessions(seen={session.pk: session.sequence}, now=self.now)
        except (ChangedMeanwhile, IllegalMove):
            return

    @precondition(lambda self: DialogueSession.objects.filter(status="proposed").exists())
    @rule(index=st.integers(0, 3))
    def find_date(self, index):
        """One that was put off gets one of the dates that are proposed, or that which it had."""
        session = DialogueSession.objects.filter(status="proposed").order_by("pk")[0]
        starts = proposals_now(session, now=self.now)
        if may_return([session], now=self.now):
            starts.append(session.starts_at)
        if starts:
            choose_date(session_id=session.pk, starts_at=starts[index % len(starts)], now=self.now)

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 1), place=st.sampled_from(["", "本郷の集会所"]), room=st.sampled_from(ROOMS))
    def change_place(self, index, place, room):
        session = self.one(index)
        try:
            change_place(
                cohort_id=session.cohort_id, seen={session.pk: session.sequence},
                place=place, room_url=room, now=self.now,
            )  # fmt: skip
        except (ChangedMeanwhile, IllegalMove, TimeTaken):
            return

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

    @precondition(lambda self: DialogueSession.objects.filter(status="confirmed").exists())
    @rule(index=st.integers(0, 1), who=st.integers(0, 3))
    def step_in(self, index, who):
        """Somebody cannot come, and the guest is asked and says yes."""
        session = self.one(index)
        try:
            answer(session_id=session.pk, person=self.world.people[who], answer="no", now=self.now)
            ask, _ = StandbyAsk.objects.update_or_create(
                session=session,
                starts_at=session.starts_at,
                participation=self.guest,
                defaults={"position": 1, "status": "asked"},
            )
            answer_standby(ask_id=ask.pk, comes=True, now=self.now)
        except (AnswerRefused, Attendance.DoesNotExist, NotNeeded, TimeTaken):
            return

    @precondition(lambda self: Attendance.objects.filter(guest__isnull=False).exists())
    @rule()
    def guest_leaves(self):
        end_participation(participation_id=self.guest.pk, now=self.now)

    @precondition(lambda self: Gathering.objects.count() < 2)
    @rule(days=st.integers(1, 20), moment=st.sampled_from(["free", "taken"]))
    def gather(self, days, moment):
        """A gathering is opened, at some time or at that of the first session."""
        first = DialogueSession.objects.order_by("pk").first()
        starts_at = first.starts_at if first and moment == "taken" else self.now + timedelta(days=days)
        order = GatheringOrder(kind="kickoff", audience="everybody", starts=[starts_at], minutes=60)
        try:
            open_gathering(term=self.world.term, order=order, now=self.now)
        except (TooSoon, GatheringRefused):
            return

    @precondition(lambda self: Gathering.objects.exists())
    @rule(index=st.integers(0, 1), days=st.integers(-3, 7), room=st.sampled_from(ROOMS))
    def change_gathering(self, index, days, room):
        gathering = self.some_gathering(index)
        try:
            change_gathering(
                gathering_id=gathering.pk, seen=gathering.sequence, minutes=gathering.minutes, place="", room_url=room,
                starts_at=gathering.starts_at + timedelta(days=days), note="", together_minutes=None, now=self.now,
            )  # fmt: skip
        except (GatheringRefused, TooSoon, TimeTaken):
            return

    @precondition(lambda self: Gathering.objects.exists())
    @rule(index=st.integers(0, 1), who=st.integers(0, 5), comes=st.booleans())
    def answer_gathering(self, index, who, comes):
        person = [*self.world.people, self.guest.person][who]
        try:
            answer_gathering(gathering_id=self.some_gathering(index).pk, person=person, comes=comes, now=self.now)
        except (GatheringRefused, TimeTaken):
            return

    @precondition(lambda self: Gathering.objects.exists())
    @rule(index=st.integers(0, 1))
    def call_gathering_off(self, index):
        gathering = self.some_gathering(index)
        try:
            cancel_gathering(gathering_id=gathering.pk, now=self.now)
        except GatheringRefused:
            return
        self.cancelled_when.setdefault(("gathering", gathering.pk), len(Post.took))

    @precondition(lambda self: Gathering.objects.exists())
    @rule(index=st.integers(0, 1))
    def invite_newcomers(self, index):
        try:
            invite_newcomers(gathering_id=self.some_gathering(index).pk, now=self.now)
        except (GatheringRefused, TimeTaken):
            return

    def some_gathering(self, index):
        gatherings = self.gatherings()
        return gatherings[index % len(gatherings)]

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
    def sweep(self):
        """The letters that a term brings with it, for what has become true by now."""
        queue_season_letters(now=self.now)

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
        for one in (*self.sessions(), *self.gatherings()):
            key = (type(one), one.pk)
            assert self.uids.setdefault(key, one.uid) == one.uid
            assert one.sequence >= self.sequences.get(key, 0)
            self.sequences[key] = one.sequence

    @invariant()
    def no_reminder_arrives_twice(self):
        names = [mail.message_id for mail in Post.took]
        only_once = [kind.name for kind in kinds().values() if not kind.repeatable]
        once = OutboundMessage.objects.filter(message_id__in=names, kind__in=only_once)
        at_most_once = set(once.values_list("message_id", flat=True))
        twice = [name for name, count in Counter(names).items() if count > 1 and name in at_most_once]
        assert not twice

    @invariant()
    def nothing_but_the_cancel_is_sent_after_a_cancel(self):
        for (what, pk), taken in self.cancelled_when.items():
            names = [mail.message_id for mail in Post.took[taken:]]
            told = OutboundMessage.objects.filter(subject_key=f"{what}:{pk}", message_id__in=names)
            assert set(told.values_list("kind", flat=True)) <= CANCELS[what]

    @invariant()
    def nobody_is_taken_leave_of_while_a_session_waits_for_its_date(self):
        goodbyes = set(OutboundMessage.objects.filter(kind="goodbye").values_list("pk", flat=True))
        if goodbyes - self.goodbyes:
            assert not self.world.cohort.sessions.filter(status="proposed").exists()
        self.goodbyes = goodbyes

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

    @invariant()
    def a_gathering_takes_the_time_of_all_who_have_not_said_no(self):
        wanted = set()
        for one in Gathering.objects.filter(status="confirmed", ends_at__gt=self._latest_now()):
            for person in one.answers.exclude(answer="no").values_list("person", flat=True):
                wanted |= {(one.pk, person, quarter) for quarter in quarters(one.starts_at, one.ends_at)}
        rows = BusyTime.objects.filter(person__isnull=False, gathering__ends_at__gt=self._latest_now())
        assert set(rows.values_list("gathering", "person", "quarter")) == wanted

    @invariant()
    def who_steps_in_is_still_of_the_term(self):
        coming = Attendance.objects.filter(guest__isnull=False, session__starts_at__gt=self._latest_now())
        assert not coming.exclude(guest__status="placed").exists()

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
        settings=property_settings(max_examples=ORDERS, stateful_step_count=STEPS, deadline=None),
    )
