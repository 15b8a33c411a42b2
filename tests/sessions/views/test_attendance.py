"""Attendance, cohort by session: counts of circles, and no word of a person."""

import pytest
from django.test import Client
from django.urls import reverse

from sessions.models import Attendance, DialogueSession
from tests import stopped_clock
from tests.factories import NOW, make_term
from tests.sessions.today.desks import healthy_cohorts

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(chika, settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    client = Client()
    client.force_login(chika)
    return client


def page_of(browser, term):
    return browser.get(reverse("term_attendance", args=[term.pk])).content.decode()


def test_it_says_how_many_came_and_how_many_say_that_they_come(browser, term):
    [cohort] = healthy_cohorts(term, 1)
    first, second, third = cohort.sessions.order_by("number")
    away = first.attendances.first()
    Attendance.objects.filter(pk=away.pk).update(came=False)
    second.attendances.update(came=None)
    Attendance.objects.filter(session=third, person=away.person).update(answer="yes", answered_at=NOW)

    page = page_of(browser, term)

    assert '<td>3/4</td><td><span class="heat__whole soft">記録はまだ</span>' in page
    assert '<td class="soft">1/4 <span class="heat__whole">これから</span></td>' in page
    assert away.person.preferred_name not in page


def test_a_cancelled_session_has_no_figure(browser, term):
    [cohort] = healthy_cohorts(term, 1)
    DialogueSession.objects.filter(cohort=cohort, number=2).update(status="cancelled")

    assert '<td>4/4</td><td>–</td><td class="soft">0/4 ' in page_of(browser, term)


def test_a_term_without_sessions_says_so(browser, term):
    assert "対話は、まだありません。" in page_of(browser, term)


def test_others_do_not_find_the_page(term, sam):
    client = Client()
    client.force_login(sam)

    assert client.get(reverse("term_attendance", args=[term.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(browser, chika, number, django_assert_num_queries):
    term = make_term(coordinator=chika)
    healthy_cohorts(term, number)
    page_of(browser, term)

    with django_assert_num_queries(7):
        page_of(browser, term)
