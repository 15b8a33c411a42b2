"""A call for help that stands unseen on the morning page goes to the coordinators by mail, once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, StaffRole
from sessions.core.room import Event, NotNow
from sessions.models import DialogueSession, Room
from sessions.services.calling import CALLED, UNSEEN_FOR
from sessions.services.practising import begin_practice
from sessions.services.rooms import act
from tests import stopped_clock
from tests.factories import NOW, make_person
from tests.sessions.rooms import fill, make_open_session
from tests.sessions.today.test_morning import found
from tests.sessions.today.test_presses import press

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=20)
DUE = LATER + UNSEEN_FOR


@pytest.fixture(autouse=True)
def at_the_call(settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(LATER)
    cache.clear()


@pytest.fixture
def called(cohort, aoi) -> Room:
    room = fill(make_open_session(cohort, now=NOW), now=NOW)
    act(room_id=room.pk, by=aoi.pk, event=Event.HELP, now=LATER)
    return room


def mails() -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(kind=CALLED).order_by("pk"))


def is_wanted(row: OutboundMessage) -> bool:
    return kinds()[row.kind].still_wanted(row, DUE)


def opens_today(person) -> int:
    browser = Client()
    browser.force_login(person)
    return browser.get(reverse("today")).status_code


def test_a_call_that_nobody_has_seen_is_mailed_to_each_coordinator_after_three_minutes(called, cohort, chika):
    other = make_person("Ren")
    programme = cohort.term.programme
    StaffRole.objects.create(programme=programme, person=other, role="coordinator")
    act(room_id=called.pk, by=called.session.facilitator_id, event=Event.HELP, now=LATER)
    again = LATER + timedelta(minutes=1)
    act(room_id=called.pk, by=called.session.facilitator_id, event=Event.HELP, now=again)

    rows = [row for row in mails() if is_wanted(row)]

    assert {row.recipient for row in rows} == {chika, other}
    assert [row.due_at for row in rows] == [again + UNSEEN_FOR] * 2


def test_it_says_where_and_to_whom_to_turn_and_nothing_of_who_called(called, aoi):
    [row] = mails()

    letter = kinds()[CALLED].render(row, DUE)

    assert reverse("today") in letter.text
    assert f"グループ{called.session.cohort.number}・第{called.session.number}回" in letter.text
    for words in (letter.text, letter.subject, f"{row.subject_key} {row.dedupe_key} {row.context}"):
        assert aoi.preferred_name not in words
        assert aoi.family_name not in words


def test_one_call_is_one_mail_however_often_the_room_changes_and_it_is_never_repeated(called, aoi, fumi):
    for event in (Event.PAUSE, Event.RESUME):
        act(room_id=called.pk, by=aoi.pk, event=event, now=LATER)
    act(room_id=called.pk, by=fumi.pk, event=Event.CLOSE, now=LATER)

    [row] = mails()

    assert is_wanted(row)  # it outlives the room
    assert not kinds()[CALLED].repeatable


def test_no_mail_where_whoever_leads_looked_after_it(called, fumi):
    act(room_id=called.pk, by=fumi.pk, event=Event.HELP, now=LATER)

    assert [is_wanted(row) for row in mails()] == [False]


def test_no_mail_and_nothing_on_the_page_where_whoever_called_took_it_back(called, aoi, takeshi, chika):
    with pytest.raises(NotNow):
        act(room_id=called.pk, by=takeshi.pk, event=Event.HELP, now=LATER)
    assert "room" in found(chika, now=LATER)

    act(room_id=called.pk, by=aoi.pk, event=Event.HELP, now=LATER + timedelta(seconds=30))

    assert [is_wanted(row) for row in mails()] == [False]
    assert "room" not in found(chika, now=LATER + timedelta(minutes=1))
    assert DialogueSession.objects.get(pk=called.session_id).help_called_at is None


def test_no_mail_where_a_coordinator_has_it_before_them(called, chika, fumi):
    assert opens_today(fumi) == 404
    assert [is_wanted(row) for row in mails()] == [True]

    assert opens_today(chika) == 200

    assert [is_wanted(row) for row in mails()] == [False]


def test_no_mail_where_a_coordinator_has_looked_after_it(called, chika):
    browser = Client()
    browser.force_login(chika)
    [item] = found(chika, now=LATER)["room"]
    press(browser, item)
    cache.clear()

    assert [is_wanted(row) for row in mails()] == [False]


def test_the_page_of_another_call_is_not_this_ones(called, chika, aoi, fumi):
    assert opens_today(chika) == 200
    act(room_id=called.pk, by=fumi.pk, event=Event.HELP, now=LATER)
    act(room_id=called.pk, by=aoi.pk, event=Event.HELP, now=LATER + timedelta(minutes=5))

    assert [is_wanted(row) for row in mails()] == [False, True]


def test_whoever_coordinates_no_more_is_not_told(called, chika):
    StaffRole.objects.filter(person=chika).delete()

    assert [is_wanted(row) for row in mails()] == [False]


def test_a_practice_mails_nobody(chika, aoi):
    practice = begin_practice(person=aoi, leads=False, now=NOW)
    act(room_id=practice.pk, by=aoi.pk, event=Event.HELP, now=NOW)

    assert mails() == []
