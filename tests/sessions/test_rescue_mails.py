"""Mails of sessions in danger, rescues and choices: whom they reach, what they say, and that none goes stale."""

from datetime import timedelta

import pytest

from dialogue.delivery import composed, deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation
from sessions.models import LoneAsk, StandbyAsk, StandInAsk
from sessions.services.alone import answer_alone
from sessions.services.answering import answer
from sessions.services.changing import move_session
from sessions.services.quorum import check_quorum
from sessions.services.rescheduling import look_after_choices, open_choice, vote
from sessions.services.rescuing import decide
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import answer_stand_in, say_away
from tests.factories import NOW, make_cohort, make_facilitation, make_member, make_person, make_session, make_term
from tests.sessions.calendar_clients import MailCalendar
from tests.sessions.test_mails import ADDRESS, LINK, OF_RESCUES, read_html

pytestmark = pytest.mark.django_db


WRITTEN: dict = {}
"""The mails of the story, written for the first test that reads them; the others only read."""


@pytest.fixture
def story(settings, chika, aoi, takeshi, fumi):
    """A mail of every kind, by who it went to."""
    if not WRITTEN:
        WRITTEN.update(everything_goes_wrong(settings, chika, aoi, takeshi, fumi))
    return WRITTEN


def everything_goes_wrong(settings, chika, aoi, takeshi, fumi):
    """Live through a term with trouble of every kind, in both languages and two zones; return the mails."""
    settings.BASE_URL = "https://madoi.example.org"
    riley = make_person("Riley", email="riley@example.org", language="en", zone="America/New_York")
    term = make_term(coordinator=chika)
    cohort = make_cohort(term, students=(aoi, riley), alumni=(takeshi,), facilitator=fumi)
    riley.participations.get().windows.update(starts=5 * 60, ends=8 * 60)  # the same evening in Tokyo
    first = make_session(cohort, room_url="https://meet.example.org/1")
    at = first.starts_at - timedelta(hours=70)

    chosen = open_choice(session_id=first.pk, actor=fumi, now=NOW)
    look_after_choices(now=chosen.nudge_at)
    made = everything_queued()
    look_after_choices(now=chosen.closes_at)  # nobody has answered
    made |= everything_queued()

    beside = make_session(make_cohort(term), starts_at=first.starts_at, room_url="https://meet.example.org/2")
    beside.attendances.update(answer="yes", answered_at=NOW)
    for person, said in ((aoi, "yes"), (riley, "no"), (takeshi, "yes")):
        answer(session_id=first.pk, person=person, answer=said, now=NOW)
    first.attendances.filter(answer="none").update(answer="yes", answered_at=NOW)
    check_quorum(now=at)
    made |= everything_queued()
    decide(session_id=first.pk, key=f"joint:{beside.pk}", actor=fumi, now=at)
    made |= everything_queued()

    small = make_session(cohort, starts_at=first.starts_at + timedelta(days=7), room_url="https://meet.example.org/3")
    small.attendances.exclude(person=riley).update(answer="yes", answered_at=NOW)
    answer(session_id=small.pk, person=riley, answer="no", now=small.starts_at - timedelta(hours=60))
    check_quorum(now=small.starts_at - timedelta(hours=60))
    made |= everything_queued()
    decide(session_id=small.pk, key="mini", actor=fumi, now=small.starts_at - timedelta(hours=60))
    made |= everything_queued()

    led = make_session(cohort, starts_at=first.starts_at + timedelta(days=14), room_url="https://meet.example.org/4")
    led.attendances.update(answer="yes", answered_at=NOW)
    make_facilitation(term, make_person("あきら", email="akira@example.org"))
    say_away(session_id=led.pk, person=fumi, away=True, now=NOW)
    decide(session_id=led.pk, key="facilitator", actor=fumi, now=NOW)
    made |= everything_queued()
    answer_stand_in(ask_id=StandInAsk.objects.get(status="asked").pk, leads=True, now=NOW)
    made |= everything_queued()

    short = make_session(cohort, starts_at=first.starts_at + timedelta(days=21), room_url="https://meet.example.org/5")
    short.attendances.exclude(person=riley).update(answer="yes", answered_at=NOW)
    answer(session_id=short.pk, person=riley, answer="no", now=short.starts_at - timedelta(hours=60))
    check_quorum(now=short.starts_at - timedelta(hours=60))
    ask = asked_to_step_in(short)
    made |= everything_queued()
    answer_standby(ask_id=ask.pk, comes=True, now=ask.asked_at)
    return made | everything_queued()


def asked_to_step_in(session) -> StandbyAsk:
    """Somebody of another cohort says that they can step in, and is asked to."""
    place = Participation.objects.filter(memberships__cohort=make_cohort(session.cohort.term)).first()
    choose_standby(person=place.person, terms=[place.pk], now=NOW)
    decide(session_id=session.pk, key="standby", now=session.starts_at - timedelta(hours=60))
    return StandbyAsk.objects.get(status="asked")


def everything_queued() -> dict:
    rows = OutboundMessage.objects.filter(kind__in=OF_RESCUES).select_related("recipient")
    return {
        (row.kind, row.recipient.email, row.pk): composed(row, kinds()[row.kind], row.due_at)
        for row in rows
        if kinds()[row.kind].still_wanted(row, row.due_at)
    }


def people(story, kind: str) -> set[str]:
    return {address for name, address, _pk in story if name == kind}


def test_every_kind_was_written(story):
    assert {kind for kind, _address, _pk in story} == OF_RESCUES


def test_subject_text_and_html_say_the_same_to_one_person_alone(story):
    for (kind, address, _pk), mail in story.items():
        html = read_html(str(mail.alternatives[0][0]))
        assert "".join("".join(html.words).split()) == "".join((mail.subject + mail.body).split()), kind
        assert mail.to == [address]
        assert set(ADDRESS.findall(mail.body)) == set(), kind


def test_links_lead_to_our_site_alone(story):
    for (kind, _address, _pk), mail in story.items():
        assert all(link.startswith("https://madoi.example.org/") for link in LINK.findall(mail.body)), kind


def test_times_are_told_by_the_readers_clock_with_weekday_and_zone(story):
    for (kind, address, _pk), mail in story.items():
        if address == "riley@example.org":
            assert "New York" in mail.body, kind
        elif address == "takeshi@example.org":
            assert "日本時間" in mail.body, kind


def test_the_private_question_reaches_one_person_and_the_danger_those_who_decide(story):
    assert people(story, "alone_asked") == {"aoi@example.org"}
    assert people(story, "quorum_danger") == {"fumi@example.org", "chika@example.org"}
    assert people(story, "stand_in_asked") == {"akira@example.org"}


def test_who_steps_in_has_the_session_in_the_calendar_until_its_time_changes(cohort, takeshi):
    session = make_session(cohort)
    session.attendances.exclude(person=takeshi).update(answer="yes", answered_at=NOW)
    now = session.starts_at - timedelta(hours=60)
    answer(session_id=session.pk, person=takeshi, answer="no", now=now)
    check_quorum(now=now)
    ask = asked_to_step_in(session)
    guest = ask.participation.person
    calendar = MailCalendar(guest.email)

    answer_standby(ask_id=ask.pk, comes=True, now=now)
    calendar.receive(calendar_in(guest, "invitation"))
    assert calendar.shown()[session.uid].starts_at == session.starts_at

    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=now)
    calendar.receive(calendar_in(guest, "session_cancelled"))
    assert calendar.shown() == {}


def calendar_in(person, kind: str) -> bytes:
    row = OutboundMessage.objects.get(recipient=person, kind=kind)
    assert kinds()[kind].still_wanted(row, row.due_at)
    return kinds()[kind].render(row, row.due_at).calendar


def test_a_mail_about_a_danger_that_has_passed_is_not_sent(cohort, takeshi):
    session = make_session(cohort)
    at = session.starts_at - timedelta(hours=70)
    session.attendances.exclude(person=takeshi).update(answer="yes", answered_at=NOW)
    answer(session_id=session.pk, person=takeshi, answer="no", now=NOW)
    check_quorum(now=at)
    answer(session_id=session.pk, person=takeshi, answer="yes", now=at)

    deliver_due(now=at)
    assert set(OutboundMessage.objects.filter(kind="quorum_danger").values_list("status", flat=True)) == {"void"}


def test_a_private_question_that_was_answered_is_not_asked_any_more(cohort, aoi, takeshi):
    session = make_session(cohort)
    at = session.starts_at - timedelta(hours=70)
    for one in (make_person(), make_person()):
        make_member(cohort, one, "alumni")
        session.attendances.create(person=one)
    session.attendances.update(answer="yes", answered_at=NOW)
    mate = session.attendances.exclude(person=aoi).get(person__participations__generation="student")
    answer(session_id=session.pk, person=mate.person, answer="no", now=NOW)
    check_quorum(now=at)
    answer_alone(ask_id=LoneAsk.objects.get().pk, choice="join", now=at)

    deliver_due(now=at)
    assert OutboundMessage.objects.get(kind="alone_asked").status == "void"


def test_who_has_answered_about_the_dates_is_not_asked_again(cohort, fumi, aoi):
    session = make_session(cohort)
    choice = open_choice(session_id=session.pk, actor=fumi, now=NOW)
    vote(ballot_id=choice.ballots.get(person=aoi).pk, option_ids=[], now=NOW)

    deliver_due(now=NOW)
    status = dict(OutboundMessage.objects.filter(kind="dates_asked").values_list("recipient__email", "status"))
    assert (status["aoi@example.org"], status["takeshi@example.org"]) == ("void", "sent")


def test_a_danger_says_what_is_missing(story):
    mails = [mail.body for (kind, _address, _pk), mail in story.items() if kind == "quorum_danger"]

    assert mails
    assert all("対話に必要な人数に足りません。\nいま来る予定：3名" in body for body in mails)
