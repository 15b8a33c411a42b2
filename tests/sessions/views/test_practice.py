"""ひとり練習 on its pages: anybody who is signed in begins one, goes on with it, and ends it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.core import room as rules
from sessions.core.room.practice import Played
from sessions.models import Room
from sessions.services.practising import begin_practice
from sessions.services.rooms import look_after_rooms
from tests.factories import NOW

PAGE, ROOM = "/practice/", "/practice/room/"


def state(person) -> rules.Room:
    return rules.from_json(Room.objects.get(practised_by=person).state)


def test_anybody_begins_a_practice_and_everything_in_it_works_without_a_script(reading, sam):
    client = reading(sam)
    assert "participant" in client.get(PAGE).content.decode()

    room = client.post(PAGE, {"as": "participant"}, follow=True)

    assert room.redirect_chain == [(ROOM, 302)]
    assert "Mizuki" in room.content.decode()
    taps = 0
    while Room.objects.filter(practised_by=sam).exists():
        mine = state(sam).speaker == sam.pk
        client.post(ROOM, {"action": "done" if mine else "hurry"})
        taps += 1
        assert taps < 80
    assert client.get(ROOM, follow=True).redirect_chain == [(PAGE, 302)]


def test_a_wish_for_captions_can_be_tried_out(reading, aoi):
    client = reading(aoi)
    client.post(PAGE, {"as": "facilitator"})
    assert 'value="wish_captions"' in client.get(ROOM).content.decode()

    client.post(ROOM, {"action": "wish_captions"})

    shown = client.get(ROOM).content.decode()
    assert "字幕" in shown
    assert 'value="captions_seen_to"' in shown
    assert state(aoi).captions


def test_the_line_that_advises_is_noticed_and_whoever_leads_reads_what_to_say(reading, aoi):
    client = reading(aoi)
    client.post(PAGE, {"as": "facilitator"})
    client.post(ROOM, {"action": "begin"})
    while state(aoi).lines < 3:
        client.post(ROOM, {"action": "hurry"})

    shown = client.get(ROOM).content.decode()

    said = f'data-line="{int(Played.ROKURO)} open_3"'
    assert f"{said}>" in shown
    assert f'data-line="{int(Played.ROKURO)} open_4" hidden' in shown
    assert "どんな経験から来ていますか" in shown


def test_a_practice_is_of_one_person_and_one_at_a_time(reading, aoi, takeshi):
    reading(aoi).post(PAGE, {"as": "participant"})
    first = Room.objects.get(practised_by=aoi)
    reading(aoi).post(PAGE, {"as": "facilitator"})

    assert Room.objects.filter(practised_by=aoi).count() == 1
    assert not Room.objects.filter(pk=first.pk).exists()
    assert reading(takeshi).get(ROOM).status_code == 302
    assert Room.objects.of(takeshi).count() == 0
    reading(aoi).post(PAGE, {"as": "end"})
    assert not Room.objects.exists()


def test_what_may_not_be_is_said_in_words_and_changes_nothing(reading, aoi):
    client = reading(aoi)
    client.post(PAGE, {"as": "participant"})

    refused = client.post(ROOM, {"action": "extend"}, headers={"accept": "application/json"})

    assert refused.status_code == 409
    assert refused.json()["room"]["phase"] == "waiting"
    assert client.post(ROOM, {"action": "steal"}).status_code == 404
    assert client.post(PAGE, {"as": "king"}).status_code == 404


def test_generation_is_that_of_ones_place_in_a_term(cohort, takeshi):
    room = rules.from_json(begin_practice(person=takeshi, leads=False, now=NOW).state)

    assert [seat.generation.value for seat in room.seats] == ["alumni", "student", "student", "alumni"]


def test_a_practice_goes_a_day_after_the_last_tap(aoi):
    begin_practice(person=aoi, leads=True, now=NOW)

    look_after_rooms(now=NOW + timedelta(hours=23))
    assert Room.objects.filter(practised_by=aoi).exists()
    look_after_rooms(now=NOW + timedelta(hours=24))
    assert not Room.objects.exists()


@pytest.mark.parametrize("way", ["participant", "facilitator"])
def test_the_page_asks_the_database_the_same_however_much_was_said(reading, aoi, way, django_assert_num_queries):
    client = reading(aoi)
    client.post(PAGE, {"as": way})
    with CaptureQueriesContext(connection) as before:
        client.get(ROOM)
    asked = len(before)
    client.post(ROOM, {"action": "begin" if way == "facilitator" else "hurry"})
    with django_assert_num_queries(asked):
        client.get(ROOM)
