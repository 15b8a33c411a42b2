"""All sessions of a term by month, on the day that the term's clock says."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.factories import make_cohort, make_session

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def month(reading, chika):
    browser = reading(chika)

    def days(term, **query):
        """The sessions by day, as (cohort, session, clock)."""
        weeks = browser.get(reverse("term_month", args=[term.pk]), query).context["weeks"]
        return {
            day.day.isoformat(): [(one.cohort, one.number, one.clock) for one in day.entries]
            for week in weeks
            for day in week
            if day.entries
        }

    return days


def test_month_of_the_next_session_opens(month, cohort):
    make_session(cohort)

    assert month(cohort.term) == {"2026-12-01": [(cohort.number, 1, "19:30")]}


def test_session_stands_on_the_day_of_the_terms_clock(month, cohort):
    make_session(cohort, starts_at=datetime(2026, 12, 2, 0, 30, tzinfo=TOKYO))

    assert list(month(cohort.term)) == ["2026-12-02"]


def test_sessions_of_a_day_stand_in_order_of_time(month, term):
    late, early = make_cohort(term), make_cohort(term)
    make_session(late, starts_at=datetime(2026, 12, 1, 20, 0, tzinfo=TOKYO))
    make_session(early, starts_at=datetime(2026, 12, 1, 9, 0, tzinfo=TOKYO))

    assert [one[0] for one in month(term)["2026-12-01"]] == [early.number, late.number]


def test_cancelled_session_is_left_out(month, cohort):
    make_session(cohort, status="cancelled")

    assert month(cohort.term, month="2026-12") == {}


def test_another_month_is_asked_for(month, cohort):
    make_session(cohort)

    assert month(cohort.term, month="2027-03") == {}
    assert month(cohort.term, month="nonsense") == month(cohort.term)


def test_month_without_a_session_says_so(reading, chika, term):
    page = reading(chika).get(reverse("term_month", args=[term.pk])).content.decode()

    assert "この月には、対話がありません" in page
    assert "?month=2027-01" in page
    assert "?month=2026-11" in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_as_for_one(month, term, number, django_assert_num_queries):
    for _ in range(number):
        make_session(make_cohort(term))

    with django_assert_num_queries(7):
        month(term)


def test_others_do_not_find_the_page(reading, cohort, sam, aoi):
    for person in (sam, aoi):
        assert reading(person).get(reverse("term_month", args=[cohort.term_id])).status_code == 404
