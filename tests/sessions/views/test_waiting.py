"""Everybody who waits: why, since when, and what would place them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Membership, Participation
from matching.models import MatchRun, Unplaced
from tests import stopped_clock
from tests.factories import NOW, make_person, make_term
from tests.sessions.today.desks import make_place

pytestmark = pytest.mark.django_db
ROOM = {"kind": "none", "who": None, "slots": [], "start": None, "language": "", "partner": None, "cohort": 3}


@pytest.fixture
def browser(chika, settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    client = Client()
    client.force_login(chika)
    return client


def waits(term, name, *, days, reason="matching", status="accepted"):
    person = make_person(name, given_name=name)
    return make_place(
        term, person, "student", status=status, waiting_reason=reason, created_at=NOW - timedelta(days=days)
    )


def page_of(browser, term):
    return browser.get(reverse("term_waiting", args=[term.pk])).content.decode()


def found_by_a_run(one, *, reason, status="published"):
    run = MatchRun.objects.create(term=one.term, status=status, engine_version="v1", created_at=NOW, finished_at=NOW)
    Unplaced.objects.create(run=run, participation=one, reason=reason, change=ROOM)


def test_the_longest_wait_comes_first_with_its_reason_and_age(browser, term):
    waits(term, "あとから", days=2)
    waits(term, "さきに", days=9, reason="not_enough_places")

    page = page_of(browser, term)

    assert page.index("さきに") < page.index("あとから")
    assert 'class="soft">9日<' in page
    assert "この時間のグループがいっぱいです" in page
    assert page.count(">グループをさがす<span") == 2


def test_who_lost_a_cohort_waits_since_then(browser, cohort):
    one = Participation.objects.filter(term=cohort.term, status="placed").first()
    Membership.objects.filter(participation=one).update(left_at=NOW + timedelta(days=1))
    Participation.objects.filter(pk=one.pk).update(status="accepted", waiting_reason="cohort_ended")
    stopped_clock.stop_at(NOW + timedelta(days=5))

    assert 'class="soft">4日<' in page_of(browser, cohort.term)


@pytest.mark.parametrize(("reason", "status", "shown"), [
    ("no_valid_cohort", "published", True),
    ("matching", "published", False),
    ("matching", "ready", True),
    ("matching", "discarded", False),
])  # fmt: skip
def test_what_would_place_somebody_is_shown_while_it_speaks_of_what_they_wait_for(browser, term, reason, status, shown):
    one = waits(term, "まつ", days=3, reason=reason)
    found_by_a_run(one, reason="no_valid_cohort", status=status)

    assert ("このままで" in page_of(browser, term)) is shown


def test_no_place_is_looked_for_before_somebody_is_accepted_with_consent(browser, term):
    waits(term, "申込", days=1, reason="acceptance", status="applied")
    waits(term, "同意", days=1, reason="consent")

    assert ">グループをさがす<span" not in page_of(browser, term)


def test_a_term_in_which_nobody_waits_says_so(browser, term):
    assert "お待ちの方は、いません。" in page_of(browser, term)


def test_others_do_not_find_the_page(term, sam):
    client = Client()
    client.force_login(sam)

    assert client.get(reverse("term_waiting", args=[term.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(browser, chika, number, django_assert_num_queries):
    term = make_term(coordinator=chika)
    run = MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW)
    for one in range(number):
        who = waits(term, f"まつ{one}", days=3)
        partner = waits(term, f"組{one}", days=3)
        change = {**ROOM, "kind": "leave-pair", "partner": partner.pk}
        Unplaced.objects.create(run=run, participation=who, reason="matching", change=change)
    page_of(browser, term)

    with django_assert_num_queries(9):
        page_of(browser, term)
