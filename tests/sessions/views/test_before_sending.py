"""A hello that reads as advice is met by one quiet line; the answer never waits for it, and the next press sends."""

import pytest
from django.test import Client
from django.urls import reverse

from sessions.services.answer_links import answer_token

ADVISES = "みなさん、もっと自分を大事にしてくださいね。"
SHARES = "私は朝の散歩で元気が出ました。"


def kept(session, person):
    return session.attendances.values_list("answer", "hello").get(person=person)


@pytest.fixture
def page(session):
    return reverse("session_answer", args=[session.pk])


@pytest.fixture
def link(session, aoi):
    return reverse("answer_link", args=[answer_token(session.attendances.select_related("session").get(person=aoi))])


@pytest.fixture(params=["signed in", "by the link"])
def send(request, client, aoi, page, link):
    """Send an answer, signed in or by the link of a mail, and return the page that came back."""
    if request.param == "signed in":
        client.force_login(aoi)
        return lambda **said: client.post(page, {"answer": "no", "reason": "熱です", **said})
    stranger = Client()
    return lambda **said: stranger.post(link, {"answer": "no", "reason": "熱です", **said})


def test_the_line_comes_once_with_everything_that_was_typed(session, aoi, send):
    came = send(hello=ADVISES)

    text = came.content.decode()
    assert came.status_code == 200
    assert 'id="own-scene"' in text
    assert ADVISES in text
    assert "熱です" in text
    assert "notice--attention" not in text.split('id="own-scene"')[1].split("</form>")[0]


def test_the_answer_does_not_wait_for_the_hello(session, aoi, send):
    send(hello=ADVISES)

    assert kept(session, aoi) == ("no", "")
    assert session.attendances.get(person=aoi).reason == "熱です"


@pytest.mark.parametrize("second", [ADVISES, "ちゃんと寝たほうがいいですよ。", SHARES])
def test_the_next_press_sends_whatever_it_says(session, aoi, send, second):
    send(hello=ADVISES)
    came = send(hello=second, as_it_is="seen")

    assert came.status_code == 302
    assert kept(session, aoi) == ("no", second)


def test_a_hello_that_shares_goes_at_once(session, aoi, send):
    assert send(hello=SHARES).status_code == 302
    assert kept(session, aoi) == ("no", SHARES)


def test_what_was_sent_before_is_not_asked_about_again(session, aoi, send):
    send(hello=ADVISES, as_it_is="seen")

    assert send(hello=ADVISES).status_code == 302


def test_a_reason_is_never_looked_at(session, aoi, send):
    assert send(reason=ADVISES, hello="").status_code == 302


def test_a_cohort_that_has_it_switched_off_is_not_asked(session, aoi, send):
    session.cohort.asks_own_scene = False
    session.cohort.save(update_fields=["asks_own_scene"])

    assert send(hello=ADVISES).status_code == 302
    assert kept(session, aoi) == ("no", ADVISES)


def test_a_hello_kept_before_stays_while_the_new_one_waits(session, aoi, send):
    send(hello=SHARES)
    send(hello=ADVISES)

    assert kept(session, aoi) == ("no", SHARES)


def test_a_private_reflection_is_kept_at_once(session, aoi, client, at, during):
    at(during)
    client.force_login(aoi)
    page = reverse("session_reflection", args=[session.pk])

    came = client.post(page, {"text": ADVISES}, follow=True).content.decode()

    assert ADVISES in came
    assert 'id="own-scene"' not in came


def test_the_coordinator_switches_it_off_and_on_again(session, client, chika):
    client.force_login(chika)
    switch, shown = (reverse(name, args=[session.cohort_id]) for name in ("cohort_own_scene", "cohort"))

    for asks in ("no", "yes"):
        assert f'name="asks" value="{asks}"' in client.get(shown).content.decode()
        assert client.post(switch, {"asks": asks}).status_code == 302
        session.cohort.refresh_from_db()
        assert session.cohort.asks_own_scene is (asks == "yes")
