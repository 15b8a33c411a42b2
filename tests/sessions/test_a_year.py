"""A year of one programme, and every mail that comes to the people in it, in the order in which it comes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from dialogue.announcing import tell_received
from dialogue.core.reception import Move
from dialogue.decisions import Decision
from dialogue.delivery import deliver_due
from dialogue.models import OutboundMessage
from dialogue.services.guardians import ask_guardian, nudge_guardians
from dialogue.services.join_links import open_link
from dialogue.services.reaching import choose_contact
from dialogue.services.reception import decide
from matching.services.publish import publish_run
from matching.services.runs import run_queued, start_run
from sessions.models import Attendance, DialogueSession
from sessions.services.answering import answer
from sessions.services.booking import book_queued_series
from sessions.services.changing import cancel_session, move_session
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import (
    GatheringOrder,
    cancel_gathering,
    change_gathering,
    extend_choice,
    fix_date,
    open_gathering,
    write_page_version,
)
from sessions.services.postponing import choose_date, postpone_sessions, proposals_now
from sessions.services.seasons import queue_season_letters
from tests.factories import NOW, make_facilitation, make_participation, make_term

TOKYO = ZoneInfo("Asia/Tokyo")
PROMISED = {
    "受付しました": "application_received",
    "保護者へのお願い": "guardian_asked",
    "保護者への再度のお願い": "guardian_nudged",
    "受け入れ": "application_accepted",
    "ほかのプログラムへ": "application_handed_on",
    "グループが決まりました": "cohort_formed",
    "今回は組めませんでした": "not_placed",
    "ご案内": "invitation",
    "72時間前": "reminder_72h",
    "24時間前": "reminder_24h",
    "1時間前": "reminder_1h",
    "変更": "session_moved",
    "中止": "session_cancelled",
    "進行役の前日": "facilitator_briefing",
    "延期": "session_postponed",
    "延期の取りやめ": "session_returned",
    "お礼とふりかえり": "session_thanks",
    "進行記録": "record_due",
    "中間": "mid_term",
    "おわりに": "goodbye",
    "次の期": "next_term",
    "事務局の週報": "staff_digest",
}
"""Every mail that a year of a programme has for somebody: each comes to whom it is for, and none goes missing."""


class Year:
    """Time that goes from one due message to the next, with the sweeps that a running site has."""

    def __init__(self) -> None:
        self.now = NOW

    def go_on_until(self, moment: datetime) -> None:
        while self.now < moment:
            self._sweep()
            due = OutboundMessage.objects.filter(status="queued", due_at__gt=self.now).order_by("due_at").first()
            ahead = min(moment, self.now + timedelta(hours=3))  # the week of the office is told within four
            self.now = min(ahead, due.due_at) if due else ahead
        self._sweep()

    def _sweep(self) -> None:
        nudge_guardians(now=self.now)
        queue_season_letters(now=self.now)
        deliver_due(now=self.now)


def came_to(person) -> list[str]:
    """Return the kinds of mails that a person got, in order; the same kind twice in a row counts once."""
    rows = OutboundMessage.objects.filter(recipient=person, status="sent").order_by("sent_at", "pk")
    return [kind for kind, _ in groupby(rows.values_list("kind", flat=True))]


@pytest.mark.django_db
@pytest.mark.slow
def test_everybody_hears_what_they_should_through_a_year(aoi, takeshi, fumi, chika, sam):
    year = Year()
    term = make_term(coordinator=chika, session_count=4, starts_on=date(2026, 12, 1))
    place = make_participation(term, aoi, status="applied", waiting_reason="acceptance")
    tell_received(participation=place, now=year.now)
    year.go_on_until(NOW + timedelta(hours=1))
    decide(term=term, chosen={place.pk: None}, decision=Decision(move=Move.ACCEPT), actor=chika, now=year.now)
    year.go_on_until(NOW + timedelta(hours=2))
    others = [make_participation(term, generation=one) for one in ("student", "alumni")]
    others.append(make_participation(term, takeshi, "alumni"))
    make_facilitation(term, fumi)
    lonely = make_participation(term)
    lonely.windows.update(weekday=5)
    young = make_participation(term, status="applied", waiting_reason="acceptance", under_18=True)
    guardian = ask_guardian(participation=young, name="保護者", email="guardian@example.org", now=year.now).guardian
    elsewhere = make_participation(term, status="applied", waiting_reason="acceptance")
    on = Decision(move=Move.HAND_ON, to_term=make_term(starts_on=date(2027, 4, 1)))
    decide(term=term, chosen={elsewhere.pk: None}, decision=on, actor=chika, now=year.now)
    run = start_run(term=term, seed=1, now=year.now)
    run_queued(now=year.now)
    [cohort] = publish_run(run_id=run.pk, now=year.now).cohorts
    assert cohort.memberships.count() == 1 + len(others)
    book_queued_series(now=year.now)
    first, second, third, fourth = DialogueSession.objects.order_by("starts_at")

    year.go_on_until(first.ends_at + timedelta(hours=20))
    move_session(session_id=second.pk, starts_at=second.starts_at + timedelta(days=1), now=year.now)
    answer(session_id=second.pk, person=aoi, answer="yes", now=year.now)
    second.refresh_from_db()
    year.go_on_until(second.ends_at + timedelta(hours=20))
    postpone_sessions(seen={third.pk: third.sequence}, now=year.now)
    year.go_on_until(year.now + timedelta(hours=1))
    choose_date(session_id=third.pk, starts_at=third.starts_at, now=year.now)
    answer(session_id=third.pk, person=aoi, answer="no", now=year.now)
    year.go_on_until(third.ends_at + timedelta(hours=20))
    postpone_sessions(seen={fourth.pk: fourth.sequence}, now=year.now)
    year.go_on_until(fourth.ends_at + timedelta(days=8))
    fourth.refresh_from_db()
    assert not OutboundMessage.objects.filter(kind="goodbye").exists()  # its old date has passed, and it was not held
    fifth = choose_date(session_id=fourth.pk, starts_at=proposals_now(fourth, now=year.now)[0], now=year.now)
    year.go_on_until(fifth.starts_at - timedelta(hours=80))
    cancel_session(session_id=fifth.pk, now=year.now)
    year.go_on_until(fifth.ends_at + timedelta(days=2))
    choose_contact(person=aoi, channel="mail", reminders="all", next_terms=True, now=year.now)
    following = make_term(programme=term.programme, name="次の期", starts_on=date(2027, 4, 1))
    open_link(term=following, partner=None, now=year.now)
    year.go_on_until(year.now + timedelta(days=3))

    assert came_to(aoi) == [
        "application_received",
        "application_accepted",
        "cohort_formed",
        "invitation",
        "reminder_72h",
        "reminder_24h",
        "reminder_1h",
        "invitation",
        "session_thanks",
        "session_moved",
        "invitation",
        "reminder_24h",
        "reminder_1h",
        "session_thanks",
        "mid_term",
        "session_postponed",
        "session_returned",
        "session_postponed",
        "session_moved",
        "session_cancelled",
        "goodbye",
        "next_term",
    ]
    assert "goodbye" in came_to(takeshi)
    assert "next_term" not in came_to(takeshi)  # who did not ask for it
    assert {"facilitator_briefing", "record_due"} <= set(came_to(fumi))
    assert not {"reminder_24h", "session_thanks", "next_term"} & set(came_to(fumi))
    assert set(came_to(chika)) == {"staff_digest"}
    assert came_to(sam) == []
    assert came_to(guardian) == ["guardian_asked", "guardian_nudged"]
    assert came_to(elsewhere.person)[0] == "application_handed_on"
    assert came_to(lonely.person) == ["not_placed"]
    came = set(OutboundMessage.objects.filter(status="sent").values_list("kind", flat=True))
    assert set(PROMISED.values()) <= came, set(PROMISED.values()) - came
    assert not OutboundMessage.objects.filter(status__in=["dead", "uncertain"]).exists()
    digests = OutboundMessage.objects.filter(recipient=chika, kind="staff_digest")
    assert {one.sent_at.astimezone(TOKYO).weekday() for one in digests} == {0}
    for late in OutboundMessage.objects.filter(kind__in=["mid_term", "goodbye", "next_term"], status="sent"):
        assert late.sent_at.astimezone(TOKYO).hour == 10
    assert Attendance.objects.filter(person=aoi).count() == 4


@pytest.mark.django_db
@pytest.mark.slow
def test_a_gathering_is_walked_from_its_dates_to_its_short_version(cohort, aoi, takeshi, fumi, sam):
    """Aoi answers at once; Takeshi never does; Fumi, who leads, says that she cannot come."""
    year, room = Year(), "https://meet.example.org/all"
    order = GatheringOrder(
        kind="kickoff", audience="everybody", starts=[NOW + timedelta(days=day) for day in (12, 13, 14)], minutes=60
    )
    gathering = open_gathering(term=cohort.term, order=order, now=year.now)
    _first, second, _third = gathering.options.order_by("starts_at").values_list("pk", flat=True)
    year.go_on_until(NOW + timedelta(hours=1))
    choose_times(gathering_id=gathering.pk, person=aoi, options=[second], now=year.now)
    year.go_on_until(gathering.closes_at + timedelta(hours=1))
    assert [asked(person) for person in (aoi, takeshi)] == [1, 2]
    extend_choice(gathering_id=gathering.pk, closes_at=year.now + timedelta(days=1), now=year.now)
    year.go_on_until(year.now + timedelta(days=1, hours=1))
    assert [asked(person) for person in (aoi, takeshi)] == [1, 3]
    gathering = fix_date(gathering_id=gathering.pk, option_id=second, now=year.now)
    year.go_on_until(year.now + timedelta(hours=1))
    answer_gathering(gathering_id=gathering.pk, person=fumi, comes=False, now=year.now)
    year.go_on_until(gathering.starts_at - timedelta(days=2))
    change_gathering(
        gathering_id=gathering.pk, seen=0, starts_at=gathering.starts_at, minutes=60, place="", room_url=room,
        note="", together_minutes=None, now=year.now,
    )  # fmt: skip
    year.go_on_until(gathering.ends_at + timedelta(hours=1))
    write_page_version(gathering_id=gathering.pk, text="こんな話をしました。", now=year.now)
    off = open_gathering(term=cohort.term, order=replace(order, starts=[year.now + timedelta(days=5)]), now=year.now)
    year.go_on_until(year.now + timedelta(hours=1))
    cancel_gathering(gathering_id=off.pk, now=year.now)
    year.go_on_until(off.ends_at + timedelta(hours=1))

    invited, called_off = ["gathering_asked", "gathering_invited"], ["gathering_invited", "gathering_cancelled"]
    assert came_to(aoi) == [
        *invited,
        "gathering_reminder_72h",
        "gathering_changed",
        "gathering_reminder",
        "gathering_reminder_1h",
        *called_off,
    ]
    assert came_to(takeshi) == [*invited, "gathering_changed", "gathering_reminder", "gathering_page", *called_off]
    assert came_to(fumi) == [*invited, "gathering_changed", "gathering_page", *called_off]
    assert came_to(sam) == []
    assert not OutboundMessage.objects.filter(status__in=["dead", "uncertain"]).exists()


def asked(person) -> int:
    return OutboundMessage.objects.filter(kind="gathering_asked", recipient=person, status="sent").count()
