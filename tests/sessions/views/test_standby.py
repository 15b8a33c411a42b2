"""Stepping in: said on a page of one's own, asked by a link that answers, and open to nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation
from sessions.models import Attendance, Standby, StandbyAsk
from sessions.services.answering import answer
from sessions.services.link_signing import signed
from sessions.services.quorum import check_quorum
from sessions.services.rescuing import decide
from sessions.services.seasons import queue_season_letters
from sessions.services.standing_by import answer_standby, choose_standby
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

MINE = reverse("standby")


@pytest.fixture
def mio(term) -> Participation:
    """A student of another cohort who said that she can step in."""
    place = Participation.objects.filter(memberships__cohort=make_cohort(term), generation="student").first()
    choose_standby(person=place.person, terms=[place.pk], now=NOW)
    return place


@pytest.fixture
def ask(session, takeshi, mio, at) -> StandbyAsk:
    """What Mio is asked, 70 hours ahead, when three of four come."""
    session.attendances.update(answer="yes", answered_at=NOW)
    moment = session.starts_at - timedelta(hours=70)
    at(moment)
    answer(session_id=session.pk, person=takeshi, answer="no", now=moment)
    check_quorum(now=moment)
    decide(session_id=session.pk, key="standby", now=moment)
    return StandbyAsk.objects.get()


def link(ask) -> str:
    return reverse("standby_ask", args=[signed("standby", ask.pk)])


# One's own page


def test_nothing_is_ticked_until_somebody_ticks_it_and_it_can_be_taken_back(session, reading, aoi):
    browser, place = reading(aoi), aoi.participations.get()
    assert "checked" not in browser.get(MINE).content.decode()

    browser.post(MINE, {"places": [place.pk]})
    assert Standby.objects.get().participation == place
    assert "checked" in browser.get(MINE).content.decode()

    browser.post(MINE, {})
    assert not Standby.objects.exists()


def test_the_first_page_leads_there(session, reading, aoi):
    assert MINE in reading(aoi).get(reverse("home")).content.decode()


def test_somebody_without_a_place_is_told_so_and_may_choose_none(reading, sam, mio):
    browser = reading(sam)
    assert browser.get(MINE).context["places"] == []

    browser.post(MINE, {"places": [mio.pk]})
    assert Standby.objects.filter(participation__person=sam).count() == 0


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client):
    assert client.get(MINE).status_code == 302


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_term_and_three(aoi, reading, item_count, django_assert_num_queries):
    for _ in range(item_count):
        make_participation(make_term(), aoi)
    browser = reading(aoi)
    browser.get(MINE)

    with django_assert_num_queries(5):
        browser.get(MINE)


@pytest.mark.parametrize("places", ["1 OR 1=1", "-1", "9" * 30, "٣"])
def test_what_is_no_place_of_theirs_is_refused_and_keeps_what_was_chosen(mio, reading, places):
    browser = reading(mio.person)

    assert browser.post(MINE, {"places": [places]}).status_code == 200
    assert Standby.objects.get().participation == mio


# The link


def test_a_look_at_the_link_writes_nothing_and_names_nobody(session, ask, client, aoi, takeshi, fumi):
    page = client.get(link(ask) + "?comes=yes").content.decode()

    assert not Attendance.objects.filter(guest__isnull=False).exists()
    assert not any(one.preferred_name in page or one.email in page for one in (aoi, takeshi))


def test_one_press_is_enough_and_then_she_may_enter_that_session_alone(session, ask, client, reading, mio):
    page = client.post(link(ask), {"comes": "yes"}, follow=True)
    assert page.context["steps_in"]

    browser = reading(mio.person)
    seen = browser.get(reverse("session", args=[session.pk]))
    assert seen.status_code == 200
    assert mio.person.preferred_name in seen.context["stepping_in"]
    assert "加わ" in seen.context["why"]
    assert session.pk == browser.get(reverse("home")).context["hero"].seen.pk
    assert browser.get(reverse("session_rescue", args=[session.pk])).status_code == 404
    assert browser.get(reverse("cohort", args=[session.cohort_id])).status_code == 404


def test_the_cohort_sees_who_steps_in(session, ask, client, reading, aoi, mio):
    client.post(link(ask), {"comes": "yes"})

    page = reading(aoi).get(reverse("session", args=[session.pk]))
    assert page.context["stepping_in"] == [mio.person.preferred_name]
    assert mio.person.preferred_name not in page.context["names"]
    assert mio.person.email not in page.content.decode()


def test_the_next_date_that_she_hears_of_is_her_own_cohorts(session, ask, client, reading, mio, at):
    make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))
    own = make_session(mio.memberships.get().cohort, starts_at=session.starts_at + timedelta(days=14))
    client.post(link(ask), {"comes": "yes"})
    answer(session_id=session.pk, person=mio.person, answer="no", now=session.starts_at - timedelta(hours=60))

    page = reading(mio.person).get(reverse("session", args=[session.pk]))
    assert page.context["next_start"] == own

    answer(session_id=session.pk, person=mio.person, answer="yes", now=session.starts_at - timedelta(hours=59))
    after = session.ends_at + timedelta(hours=20)
    queue_season_letters(now=after)
    thanks = OutboundMessage.objects.get(kind="session_thanks", recipient=mio.person)
    text = kinds()["session_thanks"].render(thanks, after).text
    assert f"{own.starts_at:%-m月%-d日}" in text
    assert f"{session.starts_at + timedelta(days=7):%-m月%-d日}" not in text


def test_never_again_is_one_press_too(ask, client, mio):
    client.post(link(ask), {"comes": "never"})

    assert not Standby.objects.filter(participation=mio).exists()
    assert StandbyAsk.objects.get().status == "closed"
    assert not client.get(link(ask)).context["needed"]


@pytest.mark.parametrize("said", ["", "maybe", "YES", "yes'--"])
def test_what_is_no_answer_changes_nothing(ask, client, said):
    assert client.post(link(ask), {"comes": said}).status_code == 200
    assert StandbyAsk.objects.get().status == "asked"


@pytest.mark.parametrize("what", ["forged", "of another purpose", "not asked yet", "left", "switched off"])
def test_a_link_that_is_none_opens_nothing(session, ask, client, mio, what):
    address = link(ask)
    if what == "forged":
        address = reverse("standby_ask", args=[f"{ask.pk}.AAAA"])
    elif what == "of another purpose":
        address = reverse("standby_ask", args=[signed("stand_in", ask.pk)])
    elif what == "not asked yet":
        StandbyAsk.objects.update(status="waiting")
    elif what == "left":
        Participation.objects.filter(pk=mio.pk).update(status="ended", ended_at=NOW)
    else:
        mio.person.is_active = False
        mio.person.save()

    assert client.get(address).status_code == 404
    assert client.post(address, {"comes": "yes"}).status_code == 404
    assert not Attendance.objects.filter(guest__isnull=False).exists()


def test_once_the_session_has_begun_the_link_says_so(session, ask, client, at):
    at(session.starts_at)

    assert client.get(link(ask)).status_code == 410
    assert client.post(link(ask), {"comes": "yes"}).status_code == 410


def test_a_press_that_comes_too_late_is_thanked(session, ask, client, takeshi):
    answer(session_id=session.pk, person=takeshi, answer="yes", now=session.starts_at - timedelta(hours=60))
    page = client.post(link(ask), {"comes": "yes"}, follow=True)

    assert not page.context["needed"]
    assert not Attendance.objects.filter(guest__isnull=False).exists()


def test_a_form_of_another_site_is_refused(ask):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(link(ask), {"comes": "yes"}).status_code == 403


# Who decides


def test_the_rescue_page_says_how_far_the_asking_has_come_and_names_nobody(session, ask, reading, fumi, mio):
    page = reading(fumi).get(reverse("session_rescue", args=[session.pk]))

    assert page.context["standbys"].asked == 1
    assert mio.person.preferred_name not in page.content.decode()


def test_the_coordinator_sees_how_many_could_step_in(mio, term, reading, chika):
    page = reading(chika).get(reverse("term_quorum", args=[term.pk]))

    assert page.context["standbys"] == 1
    assert mio.person.preferred_name not in page.content.decode()


def test_names_are_shown_as_text(session, ask, mio, client, reading, aoi):
    mio.person.preferred_name = "<script>alert(1)</script>"
    mio.person.save()
    answer_standby(ask_id=ask.pk, comes=True, now=session.starts_at - timedelta(hours=60))

    page = reading(aoi).get(reverse("session", args=[session.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
