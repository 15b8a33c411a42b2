"""The door of a stream, which each open one asks again and again."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dialogue.models import Membership, Person
from sessions.core.room import Event
from sessions.models import DialogueSession, Room
from sessions.room_door import NOT_FOUND, Admitted, Keys, opened
from sessions.services.answer_links import answer_token, revoke_answer_links
from sessions.services.rooms import act, enter
from tests.sessions.rooms import fill, make_open_session, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The door asks the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def session(cohort, now) -> DialogueSession:
    return make_open_session(cohort, now=now)


def comes(person: Person, session: DialogueSession, name: str = "one") -> Admitted | int:
    client = Client()
    client.force_login(person)
    return opened(Keys(client.cookies[settings.SESSION_COOKIE_NAME].value), "s", session.pk, name)


def test_who_is_in_a_running_room_is_let_in_again_without_a_word_to_the_database(session, now, aoi, fumi):
    room = fill(session, now=now)
    client = Client()
    for person in (aoi, fumi):
        client.force_login(person)
        cookie = Keys(client.cookies[settings.SESSION_COOKIE_NAME].value)
        assert opened(cookie, "s", session.pk, "one") == Admitted(room.pk, person.pk)
        with CaptureQueriesContext(connection) as asked:
            assert opened(cookie, "s", session.pk, "one") == Admitted(room.pk, person.pk)
        assert [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")] == []
        assert len(asked) == 6 - (person == fumi)  # whoever facilitates agrees to nothing


def test_who_came_by_the_link_of_a_mail_is_let_into_that_room_and_no_other(session, now, aoi):
    fill(session, now=now)
    mine = session.attendances.select_related("session").get(person=aoi)
    link = Keys("", answer_token(mine))

    assert opened(link, "s", session.pk, "one") == Admitted(Room.objects.get(session=session).pk, aoi.pk)
    assert opened(link, "s", session.pk + 1, "one") == opened(link, "practice", session.pk, "one") == NOT_FOUND
    revoke_answer_links(attendance_id=mine.pk)
    assert opened(link, "s", session.pk, "one") == NOT_FOUND


@pytest.mark.postgres
def test_the_door_opens_on_postgresql_as_well(session, now, aoi):
    room = fill(session, now=now)

    assert [comes(aoi, session, name) for name in ("one", "one", "two")] == [Admitted(room.pk, aoi.pk)] * 3


def test_who_had_left_a_running_room_is_in_it_again(session, now, aoi):
    room = fill(session, now=now)
    act(room_id=room.pk, by=aoi.pk, event=Event.LEAVE, now=now)

    assert comes(aoi, session) == Admitted(room.pk, aoi.pk)

    assert aoi.pk in state(Room.objects.get()).here


def test_who_shared_a_device_has_their_own_from_then_on(session, now, aoi, takeshi):
    for person in (session.facilitator, takeshi):
        enter(session_id=session.pk, person=person, now=now)
    room = Room.objects.get()
    for event, whom in ((Event.ARRIVE, aoi.pk), (Event.BEGIN, None)):
        act(room_id=room.pk, by=session.facilitator_id, event=event, whom=whom, now=now)
    assert state(Room.objects.get()).shares == {aoi.pk: session.facilitator_id}

    comes(aoi, session)

    assert state(Room.objects.get()).shares == {}


def test_a_room_that_waits_follows_the_hour_of_its_session(session, now, aoi):
    comes(aoi, session)
    later = session.ends_at.replace(microsecond=0) + (session.ends_at - session.starts_at)
    DialogueSession.objects.filter(pk=session.pk).update(ends_at=later)

    comes(aoi, session)

    assert state(Room.objects.get()).ends_at == later.timestamp()


def test_who_has_left_the_circle_is_let_in_no_more(session, now, aoi):
    fill(session, now=now)
    Membership.objects.filter(participation__person=aoi).update(left_at=now)

    assert comes(aoi, session) == NOT_FOUND
