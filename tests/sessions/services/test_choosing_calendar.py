"""Dates come by mail or by the feed alone, and never twice."""

from datetime import timedelta

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from dialogue.models import OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.models import CalendarFeed
from sessions.services.changing import cancel_session, move_session
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.feeds import feed_body, feed_of
from sessions.services.gatherings import GatheringOrder, change_gathering, open_gathering
from sessions.services.postponing import choose_date, postpone_sessions
from tests.factories import NOW, make_session
from tests.sessions.calendar_clients import MailCalendar
from tests.sessions.seats import let_in

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session(cohort):
    session = make_session(cohort)
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    return session


def letters_to(person, now):
    mail.outbox.clear()
    deliver_due(now=now)
    return [one for one in mail.outbox if one.to == [person.email]]


def test_the_feed_takes_over_what_mails_had_put_into_the_calendar(session, aoi):
    client = MailCalendar(aoi.email)
    for letter in letters_to(aoi, NOW):
        client.receive(letter.calendar) if letter.calendar else None

    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    [handed_over] = letters_to(aoi, LATER)
    client.receive(handed_over.calendar)

    assert client.shown() == {}
    assert "予定どおり行います" in handed_over.body
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=LATER)
    [moved] = letters_to(aoi, LATER)
    assert moved.method == ""
    assert "次に読み込まれたとき" in moved.body

    choose_calendar(person=aoi, instead_of_mail=False, now=LATER)
    [back] = letters_to(aoi, LATER)
    client.receive(back.calendar)
    assert set(client.shown()) == {session.uid}


def test_who_chose_the_feed_before_any_mail_gets_no_entry_by_mail(session, aoi, takeshi):
    choose_calendar(person=aoi, instead_of_mail=True, now=NOW)

    assert {one.method for one in letters_to(aoi, NOW + timedelta(minutes=1))} == {""}
    assert {one.method for one in mail.outbox if one.to == [takeshi.email]} == {"", "REQUEST"}
    cancel_session(session_id=session.pk, now=LATER)
    assert [one.method for one in letters_to(aoi, LATER)] == [""]


def test_a_cancel_that_comes_before_the_hand_over_still_empties_the_calendar(session, aoi):
    client = MailCalendar(aoi.email)
    for letter in letters_to(aoi, NOW):
        client.receive(letter.calendar) if letter.calendar else None
    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    cancel_session(session_id=session.pk, now=LATER)

    for letter in letters_to(aoi, LATER):
        client.receive(letter.calendar) if letter.calendar else None

    assert client.shown() == {}


def test_who_leaves_chooses_the_feed_and_is_taken_back_before_mail_leaves_keeps_no_entry(session, cohort, aoi, term):
    """Of the long run, history 1709: the cancel is dropped, and each date would stand there twice."""
    client = MailCalendar(aoi.email)
    for letter in letters_to(aoi, NOW):
        client.receive(letter.calendar) if letter.calendar else None
    place = Participation.objects.get(term=term, person=aoi)
    end_participation(participation_id=place.pk, now=LATER)
    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    Participation.objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
    let_in(cohort, places=[Participation.objects.get(pk=place.pk)], now=LATER)

    for letter in letters_to(aoi, LATER):
        client.receive(letter.calendar) if letter.calendar else None

    assert client.shown() == {}


def test_a_date_found_before_the_postponement_is_mailed_is_handed_to_the_feed_too(session, aoi):
    client = MailCalendar(aoi.email)
    for letter in letters_to(aoi, NOW):
        client.receive(letter.calendar) if letter.calendar else None
    postpone_sessions(seen={session.pk: session.sequence}, now=LATER)
    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    choose_date(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=LATER)

    for letter in letters_to(aoi, LATER):
        client.receive(letter.calendar) if letter.calendar else None

    assert client.shown() == {}


def test_a_session_brought_forward_and_over_before_mail_leaves_is_handed_over_at_its_former_time(session, aoi):
    """Of the long run, history 3761: to who has the feed the change carries no entry, and the old time would stay."""
    client = MailCalendar(aoi.email)
    assert read_by(client, aoi, NOW) == {session.uid}
    former = session.starts_at
    move_session(session_id=session.pk, starts_at=former - timedelta(days=1), now=LATER)
    over = former - timedelta(hours=1)
    choose_calendar(person=aoi, instead_of_mail=True, now=over)

    assert read_by(client, aoi, over) == set()


def test_the_page_keeps_the_choice(session, aoi, client):
    client.force_login(aoi)
    client.post("/calendar/choice/", {"by": "feed"})
    assert CalendarFeed.objects.get(person=aoi).instead_of_mail
    assert "メールは変更のお知らせだけ" in client.get("/calendar/").content.decode()

    client.post("/calendar/choice/", {"by": "mail"})

    assert not CalendarFeed.objects.get(person=aoi).instead_of_mail
    assert not OutboundMessage.objects.filter(kind__startswith="calendar_by").exists()


# Gatherings


@pytest.fixture
def gathering(session, cohort):
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=[NOW + timedelta(days=5)], minutes=60)
    return open_gathering(term=cohort.term, order=order, now=NOW)


def read_by(client, person, now=LATER):
    for letter in letters_to(person, now):
        client.receive(letter.calendar) if letter.calendar else None
    return set(client.shown())


def test_a_gathering_is_handed_over_to_the_feed_and_back_and_never_stands_twice(gathering, session, aoi):
    client = MailCalendar(aoi.email)
    assert read_by(client, aoi, NOW) == {gathering.uid, session.uid}

    choose_calendar(person=aoi, instead_of_mail=True, now=LATER)
    assert read_by(client, aoi) == set()
    assert gathering.uid.encode() in feed_body(feed=feed_of(person=aoi, now=LATER), now=LATER).body
    moved = {"starts_at": gathering.starts_at, "minutes": 60, "room_url": "", "note": "", "together_minutes": None}
    change_gathering(gathering_id=gathering.pk, seen=0, place="会議室", now=LATER, **moved)
    assert read_by(client, aoi) == set()

    choose_calendar(person=aoi, instead_of_mail=False, now=LATER)
    assert read_by(client, aoi) == {gathering.uid, session.uid}


def test_who_has_the_feed_gets_a_gathering_by_it_alone(cohort, session, aoi):
    choose_calendar(person=aoi, instead_of_mail=True, now=NOW)
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=[NOW + timedelta(days=5)], minutes=60)
    open_gathering(term=cohort.term, order=order, now=NOW)

    assert {one.method for one in letters_to(aoi, NOW)} == {""}
