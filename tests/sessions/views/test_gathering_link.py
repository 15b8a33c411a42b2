"""Answering to a gathering from a mail without signing in, and what a stranger, a scanner or a late click cannot do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from sessions.models import Gathering
from sessions.services.answer_links import gathering_token
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringOrder, cancel_gathering, change_gathering, open_gathering
from tests.factories import NOW, make_cohort, make_session, make_term

AT = NOW + timedelta(days=5)
LINK = re.compile(r"https://madoi\.example\.org(/g/a/\S+/)\?answer=(yes|no)$", re.MULTILINE)
ROOM = "https://meet.example.org/all"


@pytest.fixture
def gathering(cohort) -> Gathering:
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=(AT,), minutes=60, place="本郷", room_url=ROOM)
    return open_gathering(term=cohort.term, order=order, now=NOW)


@pytest.fixture
def link(gathering, aoi) -> str:
    mine = gathering.answers.select_related("gathering").get(person=aoi)
    return reverse("gathering_link", args=[gathering_token(mine)])


@pytest.fixture
def stranger(db) -> Client:
    return Client()


def kept(gathering, person) -> tuple[str, object]:
    return gathering.answers.values_list("answer", "answered_at").get(person=person)


def moved(gathering) -> None:
    said = {"minutes": 60, "place": "", "room_url": "", "note": "", "together_minutes": None}
    change_gathering(gathering_id=gathering.pk, seen=0, starts_at=AT + timedelta(days=1), now=NOW, **said)


def letter(kind, person) -> str:
    row = OutboundMessage.objects.select_related("recipient").filter(kind=kind, recipient=person).last()
    return composed(row, kinds()[kind], NOW).body


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", ["gathering_invited", "gathering_changed", "gathering_reminder"])
def test_the_link_in_each_mail_that_asks_keeps_the_answer(gathering, aoi, stranger, settings, kind, language):
    settings.BASE_URL = "https://madoi.example.org"
    aoi.language = language
    aoi.save()
    if kind == "gathering_changed":
        moved(gathering)

    links = {answer: link for link, answer in LINK.findall(letter(kind, aoi))}
    assert set(links) == {"yes", "no"}
    stranger.post(links["no"], {"answer": "no"})

    assert kept(gathering, aoi) == ("no", NOW)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_look_writes_nothing_and_says_that_the_tapped_answer_is_not_sent(gathering, aoi, link, stranger, answer):
    page = stranger.get(f"{link}?answer={answer}")

    assert page.context["tapped"] == answer
    assert "まだ送られていません" in page.content.decode()
    assert stranger.head(f"{link}?answer={answer}").status_code == 200
    assert kept(gathering, aoi) == ("none", None)


def test_a_tapped_word_that_is_no_answer_is_passed_over(gathering, aoi, link, stranger):
    assert stranger.get(f"{link}?answer=none").context["tapped"] == ""
    assert stranger.post(link, {"answer": "none"}).status_code == 200
    assert kept(gathering, aoi) == ("none", None)


def test_an_answer_can_be_changed_by_the_same_link(gathering, aoi, link, stranger):
    stranger.post(link, {"answer": "no"})
    page = stranger.post(link, {"answer": "yes"}, follow=True).content.decode()

    assert kept(gathering, aoi) == ("yes", NOW)
    assert "お返事：行きます" in page
    assert "まだ送られていません" not in stranger.get(f"{link}?answer=yes").content.decode()


def test_the_page_shows_no_other_member_no_address_and_no_room(gathering, takeshi, link, stranger):
    answer_gathering(gathering_id=gathering.pk, person=takeshi, comes=True, now=NOW)

    text = stranger.get(link).content.decode()

    assert "あおい" in text
    assert "本郷" in text
    assert "たけし" not in text
    assert "@example.org" not in text
    assert ROOM not in text


def test_a_click_on_a_mail_of_before_a_move_changes_nothing_and_says_so(gathering, aoi, link, stranger):
    moved(gathering)

    assert "いちばん新しいメール" in stranger.get(f"{link}?answer=yes").content.decode()
    assert stranger.post(link, {"answer": "yes"}).status_code == 410
    assert kept(gathering, aoi) == ("none", None)


def test_a_link_to_a_gathering_that_is_off_or_over_takes_no_answer(gathering, aoi, link, stranger, at):
    at(AT + timedelta(hours=1))
    assert stranger.post(link, {"answer": "yes"}).status_code == 410
    at(NOW)
    cancel_gathering(gathering_id=gathering.pk, now=NOW)

    assert "行わないことになりました" in stranger.get(link).content.decode()
    assert stranger.post(link, {"answer": "yes"}).status_code == 410
    assert kept(gathering, aoi) == ("none", None)


def test_who_is_booked_elsewhere_is_told_and_stays_as_they_were(cohort, aoi, stranger):
    other = make_session(make_cohort(make_term()), starts_at=AT)
    other.busy_times.filter(person=other.facilitator).update(person=aoi)
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=(AT,), minutes=60)
    gathering = open_gathering(term=cohort.term, order=order, now=NOW)
    mine = gathering.answers.select_related("gathering").get(person=aoi)

    page = stranger.post(reverse("gathering_link", args=[gathering_token(mine)]), {"answer": "yes"}, follow=True)

    assert "ほかの対話の予定が入っています" in page.content.decode()
    assert kept(gathering, aoi)[0] == "no"


def test_a_link_does_not_sign_anybody_in_and_opens_no_other_page(gathering, link, stranger):
    stranger.post(link, {"answer": "yes"})

    assert stranger.get(reverse("gathering", args=[gathering.pk])).status_code == 302
    assert "_auth_user_id" not in stranger.session
    assert stranger.get(link.replace("/g/a/", "/a/")).status_code == 404


def test_the_address_is_told_to_no_other_site(link, stranger):
    assert stranger.get(link).headers["Referrer-Policy"] == "same-origin"  # with none at all, no form could be sent
    assert "noindex" in stranger.get(link).content.decode()
