"""A person's calendar: an address that is theirs alone, bytes that change only when the calendar does."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import get_urlconf, reverse, set_urlconf

from config.calendar_feeds import CalendarFeedsMiddleware
from config.page_addresses import PAGE_URLCONF
from sessions.models import CalendarFeed
from sessions.services.changing import cancel_session
from sessions.services.feeds import feed_of, token_of
from tests.factories import NOW, make_session


@pytest.fixture
def feed(session, aoi) -> str:
    return reverse("calendar_feed", args=[token_of(feed_of(person=aoi, now=NOW))])


def test_calendar_page_shows_an_address_that_works(reading, session, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"

    context = reading(aoi).get("/calendar/", headers={"host": "testserver"}).context

    assert context["address"].startswith("https://madoi.example.org/calendar/")
    assert context["subscribe"].startswith("webcal://madoi.example.org/calendar/")
    assert Client().get(urlsplit(context["address"]).path).status_code == 200


def test_calendar_page_asks_a_stranger_to_sign_in(client, db):
    assert client.get("/calendar/").url == f"{reverse('account_login')}?next=/calendar/"
    assert not CalendarFeed.objects.exists()


def test_new_address_ends_the_old_one_at_once(reading, aoi, feed):
    client = reading(aoi)
    client.post("/calendar/")

    assert Client().get(feed).status_code == 404
    assert Client().get(urlsplit(client.get("/calendar/").context["address"]).path).status_code == 200


def test_feed_needs_no_sign_in_and_says_it_is_private(client, feed):
    answer = client.get(feed)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "Set-Cookie" not in answer.headers


def test_feed_holds_no_names_no_addresses_and_no_room(client, feed, aoi, takeshi, session):
    text = client.get(feed).content.decode().replace("\r\n ", "")

    for word in ("あおい", "たけし", "竹田", "example.org>", "mailto:aoi", "mailto:takeshi", session.room_url):
        assert word not in text


def test_feed_answers_304_until_something_changes(client, feed, session):
    etag = client.get(feed).headers["ETag"]

    unchanged = client.get(feed, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == etag

    cancel_session(session_id=session.pk, now=NOW + timedelta(minutes=1))
    changed = client.get(feed, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert b"STATUS:CANCELLED" in changed.content


def test_feed_bytes_stay_the_same_while_time_goes_by(client, feed, at):
    first = client.get(feed).content
    CalendarFeed.objects.update(stale=True)
    at(NOW + timedelta(days=1))

    assert client.get(feed).content == first


def test_feed_answers_head(client, feed):
    answer = client.head(feed)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"]


@pytest.mark.parametrize("token", ["x", "A" * 43, "あ", "%00", "..%2f..%2fetc"])
def test_unknown_feed_is_not_found(client, feed, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_feed_refuses_to_be_written(client, feed):
    assert client.post(feed).status_code == 405


def test_feed_of_a_closed_account_is_not_found(client, feed, aoi):
    aoi.is_active = False
    aoi.save()

    assert client.get(feed).status_code == 404


@pytest.mark.parametrize(("fresh", "count"), [("304", 1), ("bytes", 2)])
@pytest.mark.parametrize("item_count", [1, 3])
def test_feed_is_served_from_stored_bytes(client, feed, session, fresh, count, item_count, django_assert_num_queries):
    for week in range(1, item_count):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
    etag = client.get(feed).headers["ETag"]

    with django_assert_num_queries(count):
        client.get(feed, headers={"if-none-match": etag if fresh == "304" else ""})


def test_feed_asks_nothing_about_who_fetches_it(client, feed, takeshi, django_assert_num_queries):
    client.force_login(takeshi)
    etag = client.get(feed).headers["ETag"]

    with django_assert_num_queries(1):
        answer = client.get(feed, headers={"if-none-match": etag, "accept-language": "en"})

    assert answer.status_code == 304
    assert not {"Set-Cookie", "Content-Language", "Vary"} & set(answer.headers)


def test_feed_is_served_at_our_own_address_only(client, feed):
    assert client.get(feed, headers={"host": "elsewhere.example.org"}).status_code == 400


def test_a_feed_built_anew_needs_no_api(rf, feed):
    """It weighs 20 MB, and the links in a feed are pages."""
    CalendarFeedsMiddleware(lambda request: HttpResponseNotFound())(rf.get(feed))

    assert get_urlconf() == PAGE_URLCONF
    set_urlconf(None)


def test_language_switch_reaches_the_person_and_the_calendar(reading, aoi, feed, client):
    before = client.get(feed).content

    reading(aoi).post(reverse("set_language"), {"language": "en", "next": "/calendar/"})

    aoi.refresh_from_db()
    assert aoi.language == "en"
    assert client.get(feed).content != before


@pytest.mark.parametrize("path", ["//evil.example.com/", "https://evil.example.com/"])
def test_language_switch_never_leads_away_from_the_site(reading, aoi, path):
    answer = reading(aoi).post(reverse("set_language"), {"language": "en", "next": path})

    assert "evil" not in answer.url


def test_language_switch_takes_only_languages_we_speak(reading, aoi):
    reading(aoi).post(reverse("set_language"), {"language": "xx"})

    aoi.refresh_from_db()
    assert aoi.language == "ja"
