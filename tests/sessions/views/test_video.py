"""How people get to see and hear each other: their link, their token, what their browser needs; and nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dialogue.models import Term
from sessions.models import Attendance, DialogueSession
from sessions.services.answer_links import answer_token, revoke_answer_links
from sessions.video import Video
from tests.factories import make_cohort, make_session
from tests.sessions.views.conftest import ROOM

JITSI = "https://meet.example.org"
SECRET = "a sample secret, long enough for a signature"
RELAY = ["turn:relay.example.org:3478"]


@pytest.fixture(autouse=True)
def jitsi_is_there(settings):
    settings.JITSI_URL, settings.JITSI_APP_ID, settings.JITSI_APP_SECRET = JITSI, "madoi", SECRET


def meets_in(session, video):
    Term.objects.filter(pk=session.cohort.term_id).update(video=video)
    DialogueSession.objects.filter(pk=session.pk).update(room_url="")


def into(client, name, session):
    return client.get(reverse(name, args=[session.pk]))


def token_in(answer):
    link = urlsplit(answer.headers["Location"])
    return link, jwt.decode(parse_qs(link.query)["jwt"][0], SECRET, algorithms=["HS256"], audience="madoi")


# The way in


@pytest.mark.parametrize("video", [Video.OWN, Video.JITSI])
def test_who_enters_comes_to_the_page_of_the_room(video, session, reading, aoi, fumi, at, during):
    meets_in(session, video)
    at(during)

    for person in (aoi, fumi):
        answer = into(reading(person), "session_enter", session)
        assert answer.headers["Location"] == reverse("room", args=[session.pk])


@pytest.mark.parametrize("video", [Video.OWN, Video.JITSI])
def test_link_of_one_session_goes_before_what_its_term_chose(video, session, reading, aoi, at, during):
    meets_in(session, video)
    DialogueSession.objects.filter(pk=session.pk).update(room_url=ROOM)
    at(during)

    for name in ("session_enter", "session_video"):
        assert into(reading(aoi), name, session).headers["Location"] == ROOM
    assert into(reading(aoi), "session_call", session).status_code == 404


@pytest.mark.parametrize("video", [Video.OWN, Video.JITSI])
def test_way_in_that_the_site_has_lost_says_whom_to_call(video, session, reading, fumi, at, during, settings):
    meets_in(session, video)
    settings.JITSI_APP_SECRET, settings.VIDEO_WITHOUT_RELAY = "", False
    at(during)

    entered = into(reading(fumi), "session_enter", session)
    page = into(reading(fumi), "room", session).content.decode()
    assert entered.headers["Location"] == reverse("room", args=[session.pk])
    assert 'href="tel:0300000000"' in page
    assert "data-call" not in page


def test_link_in_a_mail_leads_where_the_page_does(session, aoi, at, during):
    mine = Attendance.objects.get(session=session, person=aoi)
    address = reverse("answer_link_enter", args=[answer_token(mine)])
    at(during)

    found = []
    for video in (Video.OWN, Video.JITSI):
        meets_in(session, video)
        found.append(Client().get(address).headers["Location"])
    assert found[0] == reverse("room", args=[session.pk])
    assert found[1].startswith(f"{JITSI}/")


# Our own room by the link of a mail, without signing in


@pytest.fixture
def by_link(session, aoi, at, during):
    """A browser that has followed the link of Aoi's mail while the door is open, and nothing else."""
    meets_in(session, Video.OWN)
    at(during)
    browser = Client()
    address = reverse("answer_link_enter", args=[answer_token(Attendance.objects.get(session=session, person=aoi))])
    entered = browser.get(address)
    cookie = entered.cookies[settings.ROOM_COOKIE_NAME]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/s/{session.pk}/", True, "Lax")
    assert entered.headers["Location"] == reverse("room", args=[session.pk])
    return browser


def test_link_of_a_mail_leads_into_our_own_room(by_link, session, aoi):
    assert by_link.get(reverse("room", args=[session.pk])).context["glance"].seen.pk == session.pk
    by_link.post(reverse("room", args=[session.pk]), {"action": "agree_to_rules"})
    page = by_link.get(reverse("room", args=[session.pk])).content.decode()

    assert f'data-me="{aoi.pk}"' in page
    assert "data-call=" in page
    assert by_link.post(reverse("room", args=[session.pk]), {"action": "arrive"}).status_code == 302
    assert into(by_link, "session_call", session).json()["me"] == aoi.pk
    assert reverse("account_logout") not in page
    assert "_auth_user_id" not in by_link.session


def test_link_of_a_mail_opens_nothing_beside_the_room(by_link, session):
    other = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))

    for name in ("session", "session_enter", "session_reflection", "session_answer", "notebook"):
        about = session.cohort_id if name == "notebook" else session.pk
        assert reverse("account_login") in by_link.get(reverse(name, args=[about])).headers["Location"]
    assert by_link.get(reverse("home")).context["reader"].is_anonymous
    by_link.cookies[settings.ROOM_COOKIE_NAME]["path"] = "/"  # a browser would not even send it there
    for name in ("room", "session_call", "session_video"):
        assert reverse("account_login") in into(by_link, name, other).headers["Location"]


@pytest.mark.parametrize("ends", ["off", "moved", "cancelled", "left", "later"])
def test_room_by_a_link_ends_as_the_link_does(by_link, session, aoi, at, ends):
    assert into(by_link, "room", session).status_code == 200

    if ends == "off":
        revoke_answer_links(attendance_id=Attendance.objects.get(session=session, person=aoi).pk)
    elif ends == "later":
        at(session.ends_at + timedelta(minutes=59))
        assert into(by_link, "room", session).status_code == 200
        at(session.ends_at + timedelta(hours=1))
    elif ends == "left":
        Attendance.objects.filter(session=session, person=aoi).delete()
    elif ends == "moved":
        DialogueSession.objects.filter(pk=session.pk).update(starts_at=session.starts_at - timedelta(minutes=1))
    else:
        DialogueSession.objects.filter(pk=session.pk).update(status=DialogueSession.Status.CANCELLED)

    assert reverse("account_login") in into(by_link, "room", session).headers["Location"]


def test_who_has_signed_in_stays_who_they_are(by_link, session, fumi, sam):
    by_link.force_login(sam)
    assert into(by_link, "room", session).status_code == 404
    by_link.force_login(fumi)
    assert into(by_link, "session_call", session).json()["me"] == fumi.pk


def test_before_the_door_opens_a_link_leads_to_its_page_which_says_when(session, aoi):
    meets_in(session, Video.OWN)
    token = answer_token(Attendance.objects.get(session=session, person=aoi))

    page = Client().get(reverse("answer_link_enter", args=[token]), follow=True)

    assert page.redirect_chain[-1][0] == reverse("answer_link", args=[token])
    assert settings.ROOM_COOKIE_NAME not in page.client.cookies
    assert "19:15" in page.content.decode()


# Jitsi


def test_each_person_gets_a_token_of_their_own_for_the_same_room(session, reading, aoi, fumi, at, during):
    meets_in(session, Video.JITSI)
    at(during)
    answers = [into(reading(person), "session_video", session) for person in (aoi, fumi)]
    (link, said), (other, others) = map(token_in, answers)

    assert link.netloc == "meet.example.org"
    assert link.path == other.path == f"/{said['room']}" == f"/{others['room']}"
    assert [one["context"]["user"] for one in (said, others)] == [
        {"name": aoi.preferred_name},
        {"name": fumi.preferred_name},
    ]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


def test_token_is_not_given_before_the_door_opens(session, reading, aoi):
    meets_in(session, Video.JITSI)

    answer = into(reading(aoi), "session_video", session)
    assert answer.headers["Location"] == reverse("session_enter", args=[session.pk])


def test_sessions_that_are_held_together_share_the_room_of_the_host(session, term, reading, aoi, at, during):
    host = make_session(make_cohort(term), starts_at=session.starts_at)
    meets_in(session, Video.JITSI)
    DialogueSession.objects.filter(pk=session.pk).update(joint_with=host)
    at(during)
    link, _said = token_in(into(reading(aoi), "session_video", session))
    hosts, _said = token_in(into(reading(host.facilitator), "session_video", host))

    assert link.path == hosts.path


def test_only_the_page_that_shows_jitsi_may_load_something_of_it(session, reading, fumi, at, during):
    meets_in(session, Video.JITSI)
    at(during)
    client, page = reading(fumi), reverse("room", args=[session.pk])

    shown = client.get(page, {"video": "here"})
    assert f"frame-src {JITSI};" in shown.headers["Content-Security-Policy"] + ";"
    assert f'src="{JITSI}/' in shown.content.decode()
    for other in (page, "/", reverse("session", args=[session.pk])):
        assert JITSI not in client.get(other).headers["Content-Security-Policy"]


def test_own_room_is_shown_without_opening_anything(session, reading, fumi, at, during):
    meets_in(session, Video.OWN)
    at(during)

    answer = reading(fumi).get(reverse("room", args=[session.pk]), {"video": "here"})
    assert f'data-call="{reverse("session_call", args=[session.pk])}"' in answer.content.decode()
    assert "frame-src" not in answer.headers["Content-Security-Policy"]


# Madoi's own room


def test_browser_is_told_the_names_of_the_circle_and_nothing_else(session, reading, aoi, fumi, at, during):
    meets_in(session, Video.OWN)
    make_session(make_cohort(session.cohort.term), starts_at=session.starts_at)
    at(during)
    answer = into(reading(aoi), "session_call", session)
    said = answer.json()

    members = session.cohort.memberships.values_list("participation__person__preferred_name", flat=True)
    assert sorted(said["people"].values()) == sorted(f"{name}さん" for name in [*members, fumi.preferred_name])
    assert set(said) == {"me", "people", "ice"}
    assert said["me"] == aoi.pk
    assert "no-store" in answer.headers["Cache-Control"]


def test_browsers_that_have_a_relay_use_it_alone_until_the_session_is_over(
    session, reading, aoi, fumi, at, during, settings
):
    meets_in(session, Video.OWN)
    settings.TURN_URLS, settings.TURN_SECRET = RELAY, "sample"
    at(during)
    ices = [into(reading(person), "session_call", session).json()["ice"] for person in (aoi, fumi)]

    assert {one["iceTransportPolicy"] for one in ices} == {"relay"}
    assert len({one["iceServers"][0]["username"] for one in ices}) == 2
    assert all(one["iceServers"][0]["urls"] == RELAY for one in ices)


def test_browsers_learn_nothing_before_the_door_opens(session, reading, aoi):
    meets_in(session, Video.OWN)

    answer = into(reading(aoi), "session_call", session)
    assert (answer.status_code, answer.json()) == (409, {})


def test_nobody_else_gets_in(session, reading, sam, chika, left, at, during):
    at(during)

    for video in (Video.OWN, Video.JITSI):
        meets_in(session, video)
        for person in (sam, chika, left):
            for name in ("session_video", "session_call"):
                assert into(reading(person), name, session).status_code == 404


def test_both_circles_of_a_joint_session_know_each_other(session, term, reading, aoi, at, during):
    host = make_session(make_cohort(term), starts_at=session.starts_at)
    meets_in(session, Video.OWN)
    DialogueSession.objects.filter(pk=session.pk).update(joint_with=host)
    at(during)

    people = into(reading(aoi), "session_call", session).json()["people"]
    for cohort in (session.cohort, host.cohort):
        for pk in cohort.memberships.values_list("participation__person", flat=True):
            assert str(pk) in people


@pytest.mark.parametrize("how_many", [1, 3])
def test_browser_is_answered_in_the_same_number_of_queries(
    how_many, session, reading, aoi, at, during, django_assert_num_queries
):
    meets_in(session, Video.OWN)
    for _ in range(how_many):
        make_session(make_cohort(session.cohort.term), starts_at=session.starts_at)
    at(during)
    client = reading(aoi)

    with django_assert_num_queries(4):
        into(client, "session_call", session)
