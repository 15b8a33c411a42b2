"""Book, move, postpone, cancel, answer, leave, step in, gather, post, crash, retry: the rules hold after each step.

A mail server in this process stands in for the network: it takes mail, refuses it, drops the line after taking it, or
kills the sender before or after. What it took is the evidence that the rules are checked against. Somebody of another
cohort steps in for a session, and the term has gatherings, some of which look for their date.
"""

import re
from collections import Counter
from datetime import timedelta
from typing import ClassVar

from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, seed
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
from sessions.gathering_choice import takes_choices
from sessions.models import (
    Attendance,
    BusyTime,
    DialogueSession,
    Gathering,
    GatheringAnswer,
    GatheringChoice,
    Postponement,
    SessionSeries,
    StandbyAsk,
)
from sessions.services.answering import AnswerRefused, answer
from sessions.services.booking import DatesPassed, TimeTaken, book_series
from sessions.services.changing import ChangedMeanwhile, TooSoon, cancel_session, move_session
from sessions.services.changing_series import add_session, move_series
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import (
    ClosesBadly,
    GatheringOrder,
    GatheringRefused,
    cancel_gathering,
    change_gathering,
    extend_choice,
    fix_date,
    invite_newcomers,
    open_gathering,
)
from sessions.services.places import change_place
from sessions.services.postponing import choose_date, may_return, postpone_sessions, proposals_now
from sessions.services.seasons import queue_season_letters
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import NotNeeded
from sessions.services.writing import NotYet, RecordDraft, save_record
from tests.factories import make_cohort
from tests.sessions.calendar_clients import entries_of
from tests.sessions.histories import BEGIN, ROOMS, World
from tests.sessions.post import FATES, Killed, Post
from tests.sessions.seats import give_to, let_in

CANCELS = {"session": {"session_cancelled"}, "gathering": {"gathering_cancelled"}}
MOSTLY = st.sampled_from([True, True, False])
SOME = st.sets(st.integers(0, 5), max_size=4)
HALF_WAY = re.compile(r"全(?P<ja_of>\d+)回のうち、(?P<ja>\d+)回|(?P<en>\d+) of (?P<en_of>\d+) dialogues")


class AnyOrder(RuleBasedStateMachine):
    """One cohort, its sessions, a guest, gatherings and the post, in a transaction that is rolled back at the end."""

    lived: ClassVar[Counter[str]] = Counter()
    """How many orders have been tried in this process, steps taken and mails that arrived."""

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
        self.cancelled_when, self.goodbyes, self.read, self.steps = {}, set(), 0, 0
        if is_booked:
            self.book()
        if is_booked and has_guest:
            self.step_in(0, 0)
        if has_gathering:
            self.gather(5, "free")

    def teardown(self):
        if hasattr(self, "whole"):
            AnyOrder.lived.update(orders=1, steps=self.steps, mails=len(Post.took))
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
        try:
            book_series(series_id=SessionSeries.objects.get(cohort=self.world.cohort).pk, now=self.now)
        except DatesPassed:
            return

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
        """One that was put off gets one of the dates that are proposed."""
        session = DialogueSession.objects.filter(status="proposed").order_by("pk")[0]
        if starts := proposals_now(session, now=self.now):
            choose_date(session_id=session.pk, starts_at=starts[index % len(starts)], now=self.now)

    @precondition(lambda self: DialogueSession.objects.filter(status="proposed").exists())
    @rule()
    def go_back_to_its_date(self):
        session = DialogueSession.objects.filter(status="proposed").order_by("pk")[0]
        if may_return([session], now=self.now):
            choose_date(session_id=session.pk, starts_at=session.starts_at, now=self.now)

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(days=st.integers(-3, 7), back_and_forth=st.booleans())
    def move_all(self, days, back_and_forth):
        coming = [one for one in self.sessions() if one.status == "confirmed" and one.ends_at > self.now]
        for by in (days, -days) if back_and_forth else (days,):
            try:
                move_series(
                    cohort_id=self.world.cohort.pk,
                    starts={one.pk: one.starts_at + timedelta(days=by) for one in coming},
                    seen={one.pk: one.sequence for one in coming},
                    now=self.now,
                )
            except (TooSoon, TimeTaken, IllegalMove):
                return
            coming = [one for one in self.sessions() if one.pk in {moved.pk for moved in coming}]

    @precondition(lambda self: 0 < DialogueSession.objects.count() < 4)
    @rule(days=st.integers(1, 10))
    def add(self, days):
        try:
            add_session(cohort_id=self.world.cohort.pk, starts_at=self.now + timedelta(days=days), now=self.now)
        except (TooSoon, TimeTaken, IllegalMove):
            return

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(index=st.integers(0, 3), who=SOME)
    def write_record(self, index, who):
        """Whoever leads says who came. What was put off or cancelled cannot have been held."""
        session = self.one(index)
        came = [self.world.people[one].pk for one in who if one < len(self.world.people)]
        draft = RecordDraft(came=came, next_depth="same")
        try:
            save_record(session_id=session.pk, author=session.facilitator, draft=draft, now=self.now)
        except (NotYet, IllegalMove):
            return
        assert session.status in {"confirmed", "held", "missed"}

    @rule(who=st.integers(0, 4), instead_of_mail=st.booleans())
    def choose_calendar(self, who, instead_of_mail):
        choose_calendar(person=self.world.people[who], instead_of_mail=instead_of_mail, now=self.now)

    @precondition(lambda self: DialogueSession.objects.exists())
    @rule(
        index=st.integers(0, 1), place=st.sampled_from(["", "本郷の集会所"]), room=st.sampled_from(ROOMS), whole=MOSTLY
    )
    def change_place(self, index, place, room, whole):
        chosen = [one for one in self.sessions() if one.status == "confirmed" and one.ends_at > self.now]
        chosen = chosen if whole else [self.one(index)]
        try:
            change_place(
                cohort_id=self.world.cohort.pk, seen={one.pk: one.sequence for one in chosen},
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

    @precondition(lambda self: Gathering.objects.count() < 3)
    @rule(days=st.integers(1, 20), apart=st.integers(1, 3))
    def look_for_a_date(self, days, apart):
        """A gathering is opened with three dates to choose from."""
        starts = [self.now + timedelta(days=days + apart * n) for n in range(3)]
        order = GatheringOrder(kind="training", audience="everybody", starts=starts, minutes=60)
        try:
            open_gathering(term=self.world.term, order=order, now=self.now)
        except GatheringRefused:
            return

    @precondition(lambda self: Gathering.objects.filter(status="asking").exists())
    @rule(index=st.integers(0, 1), who=st.integers(0, 5), dates=SOME)
    def choose_times(self, index, who, dates):
        gathering = self.some_gathering(index)
        options = [one for place, one in enumerate(self.options_of(gathering)) if place in dates]
        person = [*self.world.people, self.guest.person][who]
        try:
            choose_times(gathering_id=gathering.pk, person=person, options=options, now=self.now)
        except (GatheringRefused, TimeTaken):
            return

    @precondition(lambda self: Gathering.objects.filter(status="asking").exists())
    @rule(index=st.integers(0, 1), hours=st.integers(-24, 24 * 9))
    def give_more_time(self, index, hours):
        gathering = Gathering.objects.filter(status="asking").order_by("pk")[0]
        try:
            closes_at = gathering.closes_at + timedelta(hours=hours)
            extend_choice(gathering_id=gathering.pk, closes_at=closes_at, now=self.now)
        except (GatheringRefused, ClosesBadly):
            return

    @precondition(lambda self: Gathering.objects.filter(status="asking").exists())
    @rule(place=st.integers(0, 2))
    def settle_the_date(self, place):
        gathering = Gathering.objects.filter(status="asking").order_by("pk")[0]
        try:
            fix_date(gathering_id=gathering.pk, option_id=self.options_of(gathering)[place], now=self.now)
        except (TooSoon, TimeTaken):
            return

    def options_of(self, gathering):
        return list(gathering.options.order_by("starts_at").values_list("pk", flat=True))

    @precondition(lambda self: Gathering.objects.filter(starts_at__isnull=False).exists())
    @rule(index=st.integers(0, 1), days=st.integers(-3, 7), room=st.sampled_from(ROOMS))
    def change_gathering(self, index, days, room):
        with_a_date = [one for one in self.gatherings() if one.starts_at is not None]
        gathering = with_a_date[index % len(with_a_date)]
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
    def counted(self):
        self.steps += 1

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
            assert not self.world.cohort.sessions.to_come(self.now).exists()
        self.goodbyes = goodbyes

    @invariant()
    def nothing_is_told_of_as_held_that_was_put_off_or_is_to_come(self):
        """What has just left speaks of the state in which it left: sending changes no session."""
        mails = {mail.message_id: mail for mail in Post.took[self.read :]}
        self.read = len(Post.took)
        told = OutboundMessage.objects.filter(message_id__in=list(mails))
        for row in told.filter(kind__in=["session_thanks", "record_due"]):
            session = DialogueSession.objects.get(pk=row.subject_key.split(":")[1])
            assert session.status in {"confirmed", "held"}
            assert session.ends_at <= self.now
        for row in told.filter(kind__in=["mid_term", "goodbye"]):
            rows = DialogueSession.objects.filter(cohort=row.subject_key.split(":")[1])
            if row.kind == "goodbye":
                assert not rows.to_come(self.now).exists()
            elif found := HALF_WAY.search(mails[row.message_id].body):
                said = int(found["ja"] or found["en"]), int(found["ja_of"] or found["en_of"])
                assert said == (rows.with_a_date().ended_by(self.now).count(), rows.standing().count())
            else:
                raise AssertionError(mails[row.message_id].body)
        for row in told.filter(kind="gathering_asked"):
            asked = GatheringAnswer.objects.get(gathering=row.subject_key.split(":")[1], person=row.recipient_id)
            assert asked.chose_at is None
            assert takes_choices(asked.gathering, self.now)

    @invariant()
    def what_was_put_off_waits_for_one_date_with_no_answer_and_nobody_there(self):
        waiting = DialogueSession.objects.filter(status="proposed")
        open_ones = Postponement.objects.filter(settled_at__isnull=True).values_list("session", flat=True)
        assert sorted(open_ones) == sorted(waiting.values_list("pk", flat=True))
        assert not Attendance.objects.filter(session__in=waiting).exclude(answer="none", came=None).exists()
        assert not BusyTime.objects.filter(session__in=waiting).exists()

    @invariant()
    def a_gathering_without_a_date_takes_no_time_and_only_who_is_invited_chooses(self):
        without = Gathering.objects.filter(~Q(status="confirmed"))
        assert not BusyTime.objects.filter(gathering__in=without).exists()
        for choice in GatheringChoice.objects.select_related("option"):
            invited = GatheringAnswer.objects.filter(gathering=choice.option.gathering_id, person=choice.person_id)
            assert invited.exists()

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


def try_orders(*, orders, steps, seed_=None):
    """Try so many orders of so many steps; with the same seed the same ones."""
    machine = AnyOrder if seed_ is None else seed(seed_)(AnyOrder)
    run_state_machine_as_test(
        machine,
        settings=property_settings(
            max_examples=orders,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
