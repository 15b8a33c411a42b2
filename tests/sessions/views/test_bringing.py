"""Value cards at a session: whoever leads reads only that some bring them, and then it is forgotten."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.core.values import Pile
from dialogue.services.values import forget_values, keep_choice, keep_piles
from sessions.models import Attendance, DialogueSession
from sessions.services.bringing import NothingToCome, bring_cards, drop_brought
from tests.factories import NOW

SOME = "価値のカードを持って来る人がいます。"


def page_of(session) -> str:
    return reverse("session", args=[session.pk])


def brings(session, person) -> bool:
    return Attendance.objects.get(session=session, person=person).brings_cards


@pytest.fixture
def brought(session, aoi):
    in_hand(aoi)
    bring_cards(session_id=session.pk, person=aoi, brings=True, now=NOW)
    return session


def in_hand(person) -> None:
    keep_piles(person=person, piles={"hope": Pile.VERY}, now=NOW)
    keep_choice(person=person, chosen=["hope"], words="", now=NOW)


def test_nobody_brings_cards_who_has_chosen_none(reading, session, aoi):
    browser, url = reading(aoi), reverse("session_cards", args=[session.pk])

    answer = browser.post(url, {"do": "bring"}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("values_choose")
    assert "手もとのカードが、まだありません。" in answer.text
    assert not brings(session, aoi)


def test_cards_that_are_gone_can_still_be_left_at_home(reading, brought, aoi):
    forget_values(person=aoi)
    browser, url = reading(aoi), reverse("session_cards", args=[brought.pk])
    assert 'value="leave"' in browser.get(page_of(brought)).text

    browser.post(url, {"do": "leave"})

    assert not brings(brought, aoi)


def test_one_says_so_on_the_page_of_the_session_and_takes_it_back(reading, session, aoi):
    in_hand(aoi)
    browser, url = reading(aoi), reverse("session_cards", args=[session.pk])
    assert url in browser.get(page_of(session)).text

    page = browser.post(url, {"do": "bring"}, follow=True).text
    assert brings(session, aoi)
    assert 'value="leave"' in page

    browser.post(url, {"do": "leave"})
    assert not brings(session, aoi)


@pytest.mark.parametrize("route", ["session_eve", "session_guide"])
def test_whoever_leads_reads_that_some_do_and_neither_who_nor_which(reading, session, aoi, fumi, route):
    url = reverse(route, args=[session.pk])
    without = reading(fumi).get(url).text
    assert SOME not in without
    in_hand(aoi)

    bring_cards(session_id=session.pk, person=aoi, brings=True, now=NOW)

    page = reading(fumi).get(url).text
    assert SOME in page
    assert page.count("あおい") == without.count("あおい")
    assert "希望" not in page


def test_the_circle_and_the_coordinators_read_nothing_of_it(reading, brought, takeshi, chika):
    for person in (takeshi, chika):
        assert SOME not in reading(person).get(page_of(brought)).text
    assert 'value="leave"' not in reading(takeshi).get(page_of(brought)).text


def test_only_to_what_takes_place_and_by_who_is_expected(session, aoi, sam):
    with pytest.raises(Attendance.DoesNotExist):
        bring_cards(session_id=session.pk, person=sam, brings=True, now=NOW)
    with pytest.raises(NothingToCome):
        bring_cards(session_id=session.pk, person=aoi, brings=True, now=session.ends_at)
    DialogueSession.objects.update(status="cancelled")
    with pytest.raises(NothingToCome):
        bring_cards(session_id=session.pk, person=aoi, brings=True, now=NOW)


def test_after_the_session_it_is_forgotten(brought, aoi):
    drop_brought(now=brought.ends_at - timedelta(seconds=1))
    assert brings(brought, aoi)

    drop_brought(now=brought.ends_at)

    assert not brings(brought, aoi)
