"""A call for help out of a room is the coordinator's at once, and gone when somebody has looked after it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sessions.core.room import Event
from sessions.models import DialogueSession, Room
from sessions.services.practising import begin_practice
from sessions.services.rooms import act
from tests.factories import NOW
from tests.sessions.rooms import fill, make_open_session
from tests.sessions.today.test_morning import a_note_is_reported, found
from tests.sessions.today.test_presses import press

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def running(cohort) -> Room:
    return fill(make_open_session(cohort, now=NOW), now=NOW)


@pytest.fixture
def called(running, aoi) -> Room:
    act(room_id=running.pk, by=aoi.pk, event=Event.HELP, now=LATER)
    return running


def calls(person, *, now=LATER):
    return found(person, now=now).get("room", [])


def test_a_call_comes_first_though_others_wait_for_longer(chika, cohort, called):
    a_note_is_reported(cohort)

    morning = found(chika, now=LATER)

    assert next(iter(morning)) == "room"
    [item] = morning["room"]
    assert "部屋は、いま開いています" in item.evidence


def test_it_says_who_facilitates_and_nothing_of_who_called(chika, called, aoi, fumi):
    fumi.phone = "090-0000-0000"
    fumi.save()

    [item] = calls(chika)

    assert fumi.family_name in item.evidence
    assert "090-0000-0000" in item.evidence
    assert aoi.preferred_name not in f"{item.what} {item.evidence} {item.key}"


def test_where_no_phone_is_known_it_says_so_and_gives_the_address(chika, called, fumi):
    fumi.phone = ""
    fumi.save()

    [item] = calls(chika)

    assert fumi.email in item.evidence
    assert "電話番号は登録がありません" in item.evidence


def test_it_cannot_be_put_off_to_another_day(chika, called):
    browser = Client()
    browser.force_login(chika)
    [item] = calls(chika)
    url = reverse("today_put_off", args=[item.term])
    assert 'id="until-room-1"' not in browser.get(reverse("today")).text

    answer = browser.post(url, {"kind": "room", "key": item.key, "until": "2026-11-30"})

    assert answer.status_code == 404
    assert calls(chika) == [item]


def test_it_is_gone_when_whoever_leads_looks_after_it(chika, called, fumi):
    act(room_id=called.pk, by=fumi.pk, event=Event.HELP, now=LATER)

    assert calls(chika) == []


def test_a_coordinator_has_looked_after_it_with_one_press_and_a_second_call_is_another(
    chika, called, aoi, fumi, settings
):
    browser = Client()
    browser.force_login(chika)
    [item] = calls(chika)

    press(browser, item)

    assert calls(chika) == []
    act(room_id=called.pk, by=fumi.pk, event=Event.HELP, now=LATER)
    again = LATER + timedelta(minutes=1)
    act(room_id=called.pk, by=aoi.pk, event=Event.HELP, now=again)
    assert len(calls(chika, now=again)) == 1


def test_a_call_that_nobody_looked_after_outlives_the_room_for_a_month(chika, called, fumi):
    act(room_id=called.pk, by=fumi.pk, event=Event.CLOSE, now=LATER)

    [item] = calls(chika)

    assert "部屋はもう閉じています" in item.evidence
    assert calls(chika, now=LATER + timedelta(days=31)) == []


def test_a_practice_calls_nobody(chika, aoi):
    practice = begin_practice(person=aoi, leads=False, now=NOW)
    act(room_id=practice.pk, by=aoi.pk, event=Event.HELP, now=NOW)

    assert not DialogueSession.objects.filter(help_called_at__isnull=False).exists()
    assert calls(chika) == []
