"""All sessions and gatherings of a term by month, on the day that the term's clock says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from sessions.models import Gathering
from tests.factories import NOW, make_cohort, make_session, make_term

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def month(reading, chika):
    browser = reading(chika)

    def days(term, **query):
        """What stands on each day, as (cohort or kind of gathering, session, clock)."""
        weeks = browser.get(reverse("term_month", args=[term.pk]), query).context["weeks"]
        return {
            day.day.isoformat(): [(one.gathering or one.cohort, one.number, one.clock) for one in day.entries]
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


def gather(term, starts_at=None, **fields):
    ends_at = starts_at and starts_at + timedelta(hours=1)
    uid = f"gathering-{term.pk}-{term.gatherings.count()}@madoi.example.org"
    stamps = {"created_at": NOW, "changed_at": NOW}
    return Gathering.objects.create(term=term, uid=uid, starts_at=starts_at, ends_at=ends_at, **stamps, **fields)


def test_gatherings_stand_among_the_sessions_in_order_of_time(month, cohort):
    make_session(cohort)
    gather(cohort.term, datetime(2026, 12, 1, 20, 0, tzinfo=TOKYO), kind="kickoff", status="confirmed")
    gather(cohort.term, datetime(2026, 12, 1, 18, 0, tzinfo=TOKYO), kind="training", status="confirmed")

    assert month(cohort.term)["2026-12-01"] == [
        ("研修", None, "18:00"),
        (cohort.number, 1, "19:30"),
        ("キックオフ", None, "20:00"),
    ]


def test_gathering_without_a_date_or_cancelled_or_of_another_term_is_left_out(month, term):
    at = datetime(2026, 12, 1, 20, 0, tzinfo=TOKYO)
    gather(term, kind="kickoff", closes_at=NOW)
    gather(term, at, kind="kickoff", status="cancelled")
    gather(make_term(programme=term.programme), at, kind="kickoff", status="confirmed")

    assert month(term, month="2026-12") == {}


def test_another_month_is_asked_for(month, cohort):
    make_session(cohort)

    assert month(cohort.term, month="2027-03") == {}
    assert month(cohort.term, month="nonsense") == month(cohort.term)


def test_month_without_a_session_says_so(reading, chika, term):
    page = reading(chika).get(reverse("term_month", args=[term.pk])).content.decode()

    assert "この月には、対話も全体会もありません" in page
    assert "?month=2027-01" in page
    assert "?month=2026-11" in page


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_as_for_one(month, term, number, django_assert_num_queries):
    for _ in range(number):
        make_session(make_cohort(term))
        gather(term, NOW, kind="reunion", status="confirmed")

    with django_assert_num_queries(9):
        month(term)


def test_others_do_not_find_the_page(reading, cohort, sam, aoi):
    for person in (sam, aoi):
        assert reading(person).get(reverse("term_month", args=[cohort.term_id])).status_code == 404
