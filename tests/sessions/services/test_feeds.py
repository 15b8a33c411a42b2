"""Personal calendar feeds: an address of one's own, bytes that rest until the calendar changes."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from dialogue.models import Participation
from dialogue.services.cohorts import end_participation
from sessions.models import CalendarFeed
from sessions.services.changing import cancel_session, move_session
from sessions.services.feeds import feed_body, feed_of, hash_of, renew_feed, token_of
from tests.factories import NOW, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return make_session(cohort)


def body_of(person, now=NOW) -> bytes:
    return bytes(feed_body(feed=feed_of(person=person, now=now), now=now).body)


def test_everybody_has_an_address_of_their_own(aoi, takeshi):
    tokens = {token_of(feed_of(person=person, now=NOW)) for person in (aoi, takeshi)}

    assert len(tokens) == 2
    assert all(len(token) == 43 for token in tokens)  # 256 bits in base64
    assert token_of(feed_of(person=aoi, now=NOW)) in tokens


def test_the_database_holds_nothing_that_opens_a_feed(aoi, settings):
    feed = feed_of(person=aoi, now=NOW)
    token = token_of(feed)

    stored = CalendarFeed.objects.values_list("nonce", "token_hash").get()
    assert token not in stored
    assert feed.token_hash == hash_of(token)
    settings.SECRET_KEY = "another"
    assert token_of(feed) != token


def test_a_new_secret_key_keeps_the_address_while_the_former_is_a_fallback(aoi, settings):
    token = token_of(feed_of(person=aoi, now=NOW))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    feed = feed_of(person=aoi, now=NOW)
    assert token_of(feed) == token
    assert token_of(renew_feed(person=aoi, now=NOW)) != token


def test_a_new_address_ends_the_old_one(aoi, client, session):
    old = token_of(feed_of(person=aoi, now=NOW))
    new = token_of(renew_feed(person=aoi, now=NOW))

    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200


def test_an_unchanged_calendar_gives_unchanged_bytes(aoi, session):
    feed = feed_body(feed=feed_of(person=aoi, now=NOW), now=NOW)
    first = (bytes(feed.body), feed.etag)
    CalendarFeed.objects.update(stale=True)

    again = feed_body(feed=feed_of(person=aoi, now=NOW), now=NOW + timedelta(days=3))

    assert (bytes(again.body), again.etag) == first


def test_a_feed_that_is_not_stale_is_not_made_again(aoi, session, django_assert_num_queries):
    body_of(aoi)
    feed = feed_of(person=aoi, now=NOW)

    with django_assert_num_queries(0):
        feed_body(feed=feed, now=NOW)


def test_a_move_shows_in_the_feed_of_everybody_in_it(session, aoi, takeshi, fumi):
    before = {person.pk: body_of(person) for person in (aoi, takeshi, fumi)}

    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    for person in (aoi, takeshi, fumi):
        assert b"DTSTART:20261202T103000Z" in body_of(person)
        assert body_of(person) != before[person.pk]


def test_a_cancelled_session_stays_for_four_weeks_as_cancelled(session, aoi):
    cancel_session(session_id=session.pk, now=NOW)

    (event,) = Calendar.from_ical(body_of(aoi)).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"
    CalendarFeed.objects.update(stale=True)
    assert not Calendar.from_ical(body_of(aoi, NOW + timedelta(weeks=4, days=2))).walk("VEVENT")


def test_whoever_leaves_loses_the_sessions_from_their_feed(session, aoi):
    assert session.uid.encode() in body_of(aoi)

    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    # A calendar that keeps what a feed leaves out must be told, as with a session that is cancelled for all.
    [event] = Calendar.from_ical(body_of(aoi)).events
    assert (str(event["UID"]), str(event["STATUS"]), event["SEQUENCE"]) == (session.uid, "CANCELLED", 1)
    CalendarFeed.objects.update(stale=True)
    assert session.uid.encode() not in body_of(aoi, NOW + timedelta(weeks=4, minutes=1))


def test_a_feed_holds_no_name_and_no_address(session, cohort, aoi, takeshi, fumi):
    for person in (aoi, fumi):
        body = body_of(person).replace(b"\r\n ", b"").decode()
        assert "@example.org" not in body.replace(session.uid, "")
        for other in (aoi, takeshi, fumi):
            assert other.preferred_name not in body
            assert other.family_name not in body
            assert other.given_name not in body.replace("ふみ", "") or other == fumi
        assert "ATTENDEE" not in body
        assert "ORGANIZER" not in body


def test_a_stranger_has_an_empty_calendar(session, sam):
    assert not Calendar.from_ical(body_of(sam)).walk("VEVENT")
