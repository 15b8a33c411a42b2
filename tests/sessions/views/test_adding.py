"""One session into one's own calendar, from our own address, for the people in it."""

import pytest
from django.test import Client

from sessions.services.changing import cancel_session, move_session
from tests.factories import NOW
from tests.sessions.calendar_clients import entries_of


@pytest.mark.parametrize(
    ("where", "host"),
    [
        ("google", "https://calendar.google.com/"),
        ("outlook", "https://outlook.live.com/"),
        ("office", "https://outlook.office.com/"),
    ],
)
def test_a_member_is_led_to_the_form_of_their_calendar(reading, session, aoi, where, host):
    answer = reading(aoi).get(f"/s/{session.pk}/add/{where}/")

    assert answer.status_code == 302
    assert answer.url.startswith(host)
    assert f"{session.starts_at:%Y%m%d}" in answer.url.replace("-", "")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "@" not in answer.url.replace("%40", "@")


def test_the_file_holds_the_session_as_it_stands(reading, session, aoi):
    move_session(session_id=session.pk, starts_at=session.starts_at.replace(hour=session.starts_at.hour - 1), now=NOW)

    answer = reading(aoi).get(f"/s/{session.pk}/add/apple/")

    [entry] = entries_of(answer.content)
    assert (entry.uid, entry.sequence, entry.attendees) == (session.uid, 1, ())
    assert answer.headers["Content-Type"].startswith("text/calendar")


def test_a_calendar_nobody_knows_and_a_stranger_meet_nothing(reading, session, aoi, sam):
    assert reading(aoi).get(f"/s/{session.pk}/add/else/").status_code == 404
    assert reading(sam).get(f"/s/{session.pk}/add/google/").status_code == 404
    assert Client().get(f"/s/{session.pk}/add/google/").url.startswith("/")


def test_a_cancelled_session_is_not_added(reading, session, aoi):
    cancel_session(session_id=session.pk, now=NOW)

    assert reading(aoi).get(f"/s/{session.pk}/add/google/").url == f"/s/{session.pk}/"


def test_the_session_page_says_which_way_follows_changes(reading, session, aoi):
    page = reading(aoi).get(f"/s/{session.pk}/").content.decode()

    assert f"/s/{session.pk}/add/google/" in page
    assert "変更にはついていきません" in page
    assert "変更にも自動でついていきます" in page
