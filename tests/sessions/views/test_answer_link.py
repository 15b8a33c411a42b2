"""Answering from a mail without signing in, and what a stranger, a scanner or a late click cannot do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sessions.services.answer_links import answer_token
from sessions.services.changing import cancel_session, move_session
from tests.factories import NOW
from tests.sessions.views.conftest import ROOM


def kept(session, person) -> tuple[str, object]:
    return session.attendances.values_list("answer", "answered_at").get(person=person)


@pytest.fixture
def link(session, aoi) -> str:
    return reverse("answer_link", args=[answer_token(session.attendances.select_related("session").get(person=aoi))])


@pytest.fixture
def stranger(db) -> Client:
    return Client()


@pytest.mark.parametrize("answer", ["yes", "late", "no"])
def test_a_look_writes_nothing_and_shows_the_tapped_answer_chosen(session, aoi, link, stranger, answer):
    page = stranger.get(f"{link}?answer={answer}")

    assert page.context["form"]["answer"].value() == answer
    assert stranger.head(f"{link}?answer={answer}").status_code == 200
    assert kept(session, aoi) == ("none", None)


def test_a_tapped_word_that_is_no_answer_is_passed_over(link, stranger):
    assert stranger.get(f"{link}?answer=none").context["form"]["answer"].value() == ""


@pytest.mark.parametrize("answer", ["yes", "late", "no"])
def test_sending_keeps_the_answer(session, aoi, link, stranger, answer):
    sent = stranger.post(link, {"answer": answer}, follow=True)

    assert sent.status_code == 200
    assert kept(session, aoi) == (answer, NOW)


def test_an_answer_can_be_changed_by_the_same_link(session, aoi, link, stranger):
    stranger.post(link, {"answer": "no", "reason": "熱", "hello": ""})
    stranger.post(link, {"answer": "yes"})

    assert kept(session, aoi)[0] == "yes"


def test_sending_without_an_answer_keeps_what_was_typed_and_says_what_is_missing(session, aoi, link, stranger):
    page = stranger.post(link, {"reason": "熱が出ました", "hello": "また"})

    assert page.status_code == 200
    assert "熱が出ました" in page.content.decode()
    assert page.context["form"].errors["answer"]
    assert kept(session, aoi)[0] == "none"


def test_the_page_shows_no_other_member_and_no_address(session, link, stranger):
    text = stranger.get(link).content.decode()

    for other in session.attendances.exclude(person__email="aoi@example.org"):
        assert other.person.preferred_name not in text
        assert other.person.email not in text
    assert "aoi@example.org" not in text


def test_a_click_on_a_mail_of_before_a_move_changes_nothing(session, aoi, link, stranger):
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert stranger.get(f"{link}?answer=yes").status_code == 410
    assert stranger.post(link, {"answer": "yes"}).status_code == 410
    assert kept(session, aoi) == ("none", None)


def test_a_link_to_a_cancelled_session_takes_no_answer(session, aoi, link, stranger):
    cancel_session(session_id=session.pk, now=NOW)

    assert stranger.post(link, {"answer": "yes"}).status_code == 410
    assert kept(session, aoi) == ("none", None)


def test_a_link_does_not_sign_anybody_in(session, link, stranger):
    stranger.post(link, {"answer": "yes"})

    assert stranger.get(reverse("session", args=[session.pk])).status_code == 302
    assert "_auth_user_id" not in stranger.session


def test_the_address_is_told_to_no_other_site(link, stranger):
    assert stranger.get(link).headers["Referrer-Policy"] == "same-origin"  # with none at all, no form could be sent
    assert "noindex" in stranger.get(link).content.decode()


def test_the_room_opens_by_the_link_while_it_is_open_and_not_before(session, aoi, at, stranger, during):
    enter = reverse(
        "answer_link_enter", args=[answer_token(session.attendances.select_related("session").get(person=aoi))]
    )
    assert stranger.get(enter).headers["Location"] == enter.removesuffix("enter/")

    at(during)
    assert stranger.get(enter).headers["Location"] == ROOM


def test_links_are_switched_off_only_when_that_is_confirmed(session, aoi, link, stranger):
    off = f"{link}off/"
    assert stranger.get(off).status_code == 200
    assert stranger.post(off, {}).status_code == 200
    assert stranger.get(link).status_code == 200

    assert stranger.post(off, {"off": "1"}).status_code == 200
    assert stranger.get(link).status_code == 404


def test_who_cannot_come_is_shown_the_way_back(session, cohort, link, stranger):
    page = stranger.post(link, {"answer": "no"}, follow=True)

    assert 'id="way-back"' in page.content.decode()


def test_a_reason_that_is_not_shared_is_read_by_nobody_else(
    session, aoi, fumi, chika, takeshi, link, reading, stranger
):
    stranger.post(link, {"answer": "no", "reason": "zq-reason", "hello": "zq-hello"})

    address = reverse("session", args=[session.pk])
    pages = {one.email: reading(one).get(address).content.decode() for one in (fumi, chika, takeshi, aoi)}
    assert [name for name, text in pages.items() if "zq-reason" in text] == [aoi.email]
    assert [name for name, text in pages.items() if "zq-hello" in text] == [fumi.email, aoi.email]


def test_a_shared_reason_is_read_by_facilitator_and_coordinators(
    session, fumi, chika, takeshi, link, reading, stranger
):
    stranger.post(link, {"answer": "no", "reason": "zq-reason", "share_reason": "on", "hello": ""})

    address = reverse("session", args=[session.pk])
    assert "zq-reason" in reading(fumi).get(address).content.decode()
    assert "zq-reason" in reading(chika).get(address).content.decode()
    assert "zq-reason" not in reading(takeshi).get(address).content.decode()
