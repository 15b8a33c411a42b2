"""Counting how long people speak: asked before the room, refused without a drawback, taken back as easily; in words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from dialogue.core.generation import Generation
from dialogue.models import ConsentRecord, Participation
from sessions.core.voices import Basis
from sessions.models import DialogueSession, Room, SpeakingTime
from sessions.services.agreeing import agree
from sessions.services.speaking import agree_to_be_counted
from sessions.services.voices import keep_figure
from tests.factories import make_session
from tests.sessions.rooms import fill, people_at, state

JSON = {"Accept": "application/json"}
YES, NO = "speaking_yes", "speaking_no"
COUNTS = "data-counts"


@pytest.fixture
def session(session, term, settings, at) -> DialogueSession:
    """A session in the own room of a term that counts, which begins now. All keep to the rules."""
    settings.VIDEO_WITHOUT_RELAY = True
    session.cohort.term.video, session.cohort.term.measures_speaking = "own", True
    session.cohort.term.save()
    session.room_url = ""
    session.save()
    at(session.starts_at)
    for person in people_at(session):
        agree(session=session, person=person, now=session.starts_at)
    return session


@pytest.fixture
def room(session) -> str:
    return reverse("room", args=[session.pk])


def mine(session, person) -> Participation:
    return Participation.objects.get(term=session.cohort.term_id, person=person)


def test_the_question_comes_before_the_room_and_a_no_leads_in_and_leaves_no_row(reading, session, room, aoi):
    client = reading(aoi)
    asked = client.get(room).text
    assert f'value="{YES}"' in asked
    assert f'value="{NO}"' in asked
    assert "data-room" not in asked
    rows = ConsentRecord.objects.count()

    answer = client.post(room, {"action": NO}, follow=True)

    assert "data-room" in answer.text
    assert ConsentRecord.objects.count() == rows
    assert "data-room" in client.get(room).text, "asked once"


def test_a_yes_leads_in_and_can_be_taken_back_in_the_room(reading, session, room, aoi):
    client = reading(aoi)

    inside = client.post(room, {"action": YES}, follow=True).text

    assert f'{COUNTS}="yes"' in inside
    assert "speaking.js" in inside
    assert client.post(room, {"action": NO}, headers=JSON).status_code == 204
    assert not ConsentRecord.objects.filter(purpose="speaking_time", withdrawn_at__isnull=True).exists()
    assert f'{COUNTS}="no"' in client.get(room).text


def test_a_no_in_the_room_ends_the_counting_for_everybody(reading, session, room, aoi, takeshi):
    for person in people_at(session):
        agree_to_be_counted(participation=mine(session, person), now=session.starts_at)
    fill(session, now=session.starts_at)
    told = {"action": "speaking", "page": str(uuid4()), "seconds": "12"}
    assert reading(takeshi).post(room, told, headers=JSON).status_code == 204
    assert SpeakingTime.objects.get().seconds == 12

    reading(aoi).post(room, {"action": NO}, headers=JSON)

    assert not SpeakingTime.objects.exists()
    assert not state(Room.objects.get()).measures


@pytest.mark.parametrize(
    "said",
    [
        {"page": "x", "seconds": "3"},
        {"page": str(uuid4()), "seconds": "three"},
        {"page": str(uuid4()), "seconds": "-3"},
    ],
)
def test_what_cannot_be_read_is_let_go(reading, session, room, aoi, said):
    agree_to_be_counted(participation=mine(session, aoi), now=session.starts_at)
    fill(session, now=session.starts_at)

    assert reading(aoi).post(room, {"action": "speaking", **said}, headers=JSON).status_code == 204

    assert not SpeakingTime.objects.exists()


def test_a_number_of_somebody_who_did_not_agree_is_let_go(reading, session, room, aoi, fumi):
    fill(session, now=session.starts_at)
    told = {"action": "speaking", "page": str(uuid4()), "seconds": "12"}
    for person in (aoi, fumi):
        reading(person).post(room, told, headers=JSON)

    assert not SpeakingTime.objects.exists()


@pytest.mark.parametrize("wrong", [{"measures_speaking": False}, {"measures_speaking": False, "video": "link"}])
def test_nobody_is_asked_unless_the_term_has_switched_it_on(reading, session, room, aoi, wrong):
    for name, value in wrong.items():
        setattr(session.cohort.term, name, value)
    session.cohort.term.save()

    page = reading(aoi).get(room).text

    assert "data-room" in page
    assert COUNTS not in page
    assert "speaking.js" not in page


def test_nobody_is_asked_beside_somebody_under_18_and_whoever_leads_never_is(
    reading, session, room, aoi, takeshi, fumi
):
    assert "data-room" in reading(fumi).get(room).text
    assert COUNTS not in reading(fumi).get(room).text

    Participation.objects.filter(pk=mine(session, takeshi).pk).update(under_18=True)
    assert COUNTS not in reading(aoi).get(room).text


def test_ones_answers_show_it_and_take_it_back(reading, session, aoi):
    one = mine(session, aoi)
    agree_to_be_counted(participation=one, now=session.starts_at)
    client, page = reading(aoi), reverse("my_answers", args=[one.pk])
    assert "話した長さを数えることについて" in client.get(page).text

    answer = client.post(reverse("answers_speaking", args=[one.pk]), follow=True)

    assert "保存しました。" in answer.text
    assert "話した長さを数えることについて" not in answer.text
    assert not one.consents.filter(purpose="speaking_time", withdrawn_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("basis", "words", "label"),
    [
        (Basis.TURNS, "番の長さから", "進行表の番の長さ"),
        (Basis.SPEAKING, "声が出ていた長さから", "話した長さ（全員が同意）"),
    ],
)
def test_whoever_leads_and_coordinators_read_what_the_picture_rests_on(
    reading, session, fumi, chika, at, basis, words, label
):
    four = {1: Generation.STUDENT, 2: Generation.STUDENT, 3: Generation.ALUMNI, 4: Generation.ALUMNI}
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))
    keep_figure(session, {1: 900.0, 2: 100.0, 3: 100.0, 4: 90.0}, four, session.ends_at, basis=basis)
    at(session.ends_at + timedelta(hours=1))

    for page in (reverse("session_record", args=[session.pk]), reverse("session_guide", args=[later.pk])):
        assert words in reading(fumi).get(page).text
    assert label in reading(chika).get(reverse("term_voices", args=[session.cohort.term_id])).text
