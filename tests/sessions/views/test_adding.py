"""One session or gathering into one's own calendar, from our own address, for the people in it."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from sessions.models import Gathering
from sessions.services.answer_links import answer_token, gathering_token
from sessions.services.changing import cancel_session, move_session
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringOrder, cancel_gathering, open_gathering
from sessions.services.postponing import postpone_sessions
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


def test_a_session_that_was_put_off_is_not_added_at_its_old_hour(reading, session, aoi):
    postpone_sessions(seen={session.pk: 0}, now=NOW)
    browser = reading(aoi)

    assert browser.get(f"/s/{session.pk}/add/apple/").url == f"/s/{session.pk}/"
    assert "予定表に入れるものはありません" in browser.get(f"/s/{session.pk}/").content.decode()


def test_the_session_page_says_which_way_follows_changes(reading, session, aoi):
    page = reading(aoi).get(f"/s/{session.pk}/").content.decode()

    assert f"/s/{session.pk}/add/google/" in page
    assert "変更にはついていきません" in page
    assert "変更にも自動でついていきます" in page


# By the link of a mail, without signing in


@pytest.mark.parametrize("where", ["google", "outlook", "office", "apple"])
def test_the_link_of_a_mail_adds_the_date_without_signing_in_and_names_nobody(session, aoi, where):
    token = answer_token(session.attendances.select_related("session").get(person=aoi))
    page = Client().get(f"/a/{token}/").content.decode()
    assert f"/a/{token}/add/{where}/" in page

    answer = Client().get(f"/a/{token}/add/{where}/")

    if where == "apple":
        [entry] = entries_of(answer.content)
        assert (entry.uid, entry.attendees) == (session.uid, ())
        told = answer.content.decode()
    else:
        assert f"{session.starts_at:%Y%m%d}" in answer.url.replace("-", "")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        told = unquote(answer.url)
    for private in ("あおい", "@example.org", token):
        assert private not in told.replace(f"{session.uid}", "")


def test_the_link_of_a_mail_adds_nothing_of_a_session_that_has_moved(session, aoi):
    token = answer_token(session.attendances.select_related("session").get(person=aoi))
    assert Client().get(f"/a/{token}/add/else/").status_code == 404
    assert Client().get("/a/made-up/add/google/").status_code == 404
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert Client().get(f"/a/{token}/add/google/").status_code == 410


def test_the_link_of_a_gathering_adds_its_date(cohort, aoi):
    gathering = opened(cohort)
    token = gathering_token(gathering.answers.select_related("gathering").get(person=aoi))
    assert f"/g/a/{token}/add/google/" in Client().get(f"/g/a/{token}/").content.decode()

    assert Client().get(f"/g/a/{token}/add/google/").url.startswith("https://calendar.google.com/")
    [entry] = entries_of(Client().get(f"/g/a/{token}/add/apple/").content)
    assert (entry.uid, entry.attendees) == (gathering.uid, ())
    cancel_gathering(gathering_id=gathering.pk, now=NOW)
    assert Client().get(f"/g/a/{token}/add/google/").status_code == 410


# A gathering

AT = NOW + timedelta(days=5)


def opened(cohort, *starts) -> Gathering:
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=starts or (AT,), minutes=60)
    return open_gathering(term=cohort.term, order=order, now=NOW)


@pytest.mark.parametrize(("where", "host"), [("google", "calendar.google.com"), ("outlook", "outlook.live.com")])
def test_who_is_invited_to_a_gathering_is_led_to_the_form_of_their_calendar(reading, cohort, aoi, where, host):
    gathering = opened(cohort)

    answer = reading(aoi).get(f"/g/{gathering.pk}/add/{where}/")

    assert answer.url.startswith(f"https://{host}/")
    assert f"{AT:%Y%m%d}" in answer.url.replace("-", "")
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_file_holds_the_gathering_under_its_own_name_and_nobodys_address(reading, cohort, aoi):
    gathering = opened(cohort)

    answer = reading(aoi).get(f"/g/{gathering.pk}/add/apple/")

    [entry] = entries_of(answer.content)
    assert (entry.uid, entry.starts_at, entry.attendees) == (gathering.uid, AT, ())
    assert answer.headers["Content-Disposition"].endswith('"madoi-kickoff.ics"')


def test_a_gathering_goes_into_the_calendar_of_nobody_who_is_not_invited(reading, cohort, aoi, chika, sam):
    gathering = opened(cohort)

    for one in (sam, chika):
        assert reading(one).get(f"/g/{gathering.pk}/add/google/").status_code == 404
    assert reading(aoi).get(f"/g/{gathering.pk}/add/else/").status_code == 404


def test_a_gathering_without_a_date_or_called_off_is_not_added(reading, cohort, aoi):
    asking, off = opened(cohort, AT, AT + timedelta(days=1)), opened(cohort, AT + timedelta(days=3))
    cancel_gathering(gathering_id=off.pk, now=NOW)

    for gathering in (asking, off):
        assert reading(aoi).get(f"/g/{gathering.pk}/add/apple/").url == f"/g/{gathering.pk}/"
        assert f"/g/{gathering.pk}/add/" not in reading(aoi).get(f"/g/{gathering.pk}/").content.decode()


def test_the_page_of_a_gathering_offers_it_to_who_may_come(reading, cohort, aoi):
    gathering = opened(cohort)
    page = reading(aoi).get(f"/g/{gathering.pk}/").content.decode()
    assert all(f"/g/{gathering.pk}/add/{where}/" in page for where in ("google", "outlook", "office", "apple"))
    assert "変更にはついていきません" in page

    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=False, now=NOW)
    assert f"/g/{gathering.pk}/add/" not in reading(aoi).get(f"/g/{gathering.pk}/").content.decode()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_its_invitation_says_how_it_comes_into_the_calendar(cohort, aoi, takeshi, language):
    for person in (aoi, takeshi):
        person.language = language
        person.save()
    choose_calendar(person=takeshi, instead_of_mail=True, now=NOW)
    gathering = opened(cohort)

    rows = OutboundMessage.objects.filter(kind="gathering_invited").select_related("recipient")
    said = {row.recipient.email: composed(row, kinds()[row.kind], NOW).body for row in rows}
    token = gathering_token(gathering.answers.select_related("gathering").get(person=aoi))
    links = {where: f"/g/a/{token}/add/{where}/" for where in ("google", "outlook", "apple")}

    assert all(link in said[aoi.email] for link in links.values())
    assert not any(link in said[takeshi.email] for link in links.values())
