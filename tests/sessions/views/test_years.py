"""By fiscal year, April to March: the sums are those of the terms, and name nobody."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from dialogue.models import Cohort, Membership, Participation
from sessions.models import Attendance
from sessions.years import Figures, years_of
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reading, chika):
    return reading(chika)


def met(cohort: Cohort, *, came: int) -> None:
    """A session of four that was held, and to which so many came."""
    session = make_session(cohort, starts_at=NOW - timedelta(days=7 * came), status="held")
    for place, one in enumerate(session.attendances.order_by("pk")):
        Attendance.objects.filter(pk=one.pk).update(came=place < came)


@pytest.mark.parametrize(("starts_on", "said", "year"), [
    (date(2026, 3, 31), None, 2025),
    (date(2026, 4, 1), None, 2026),
    (date(2027, 3, 31), None, 2026),
    (date(2026, 3, 31), 2026, 2026),
])  # fmt: skip
def test_year_begins_in_april_unless_the_term_says_otherwise(starts_on, said, year):
    [found] = years_of([make_term(starts_on=starts_on, fiscal_year=said)])

    assert found.year == year


def test_figures_count_people_cohorts_sessions_and_who_came(term):
    cohort = make_cohort(term)
    met(cohort, came=4)
    met(cohort, came=3)
    make_session(cohort)
    make_participation(term)

    [year] = years_of([term])

    assert year.total == Figures(people=4, stayed=4, cohorts=1, held=2, came=7, expected=8)


def test_who_left_was_there_and_did_not_stay(term):
    cohort = make_cohort(term)
    one = cohort.memberships.first()
    Membership.objects.filter(pk=one.pk).update(left_at=NOW)
    Participation.objects.filter(pk=one.participation_id).update(status="ended", ended_at=NOW, end_reason="left")

    [year] = years_of([term])

    assert (year.total.people, year.total.stayed) == (4, 3)


def test_record_that_is_missing_counts_for_nothing(term):
    make_session(make_cohort(term), starts_at=NOW - timedelta(days=7), status="held")

    [year] = years_of([term])

    assert (year.total.held, year.total.came, year.total.expected) == (1, 0, 0)


def test_page_adds_the_terms_of_a_year(desk, term, chika):
    for one in (term, make_term(programme=term.programme)):
        met(make_cohort(one), came=4)

    page = desk.get(reverse("years")).content.decode()

    assert "2026年度" in page
    assert "8人中8人" in page


def test_file_has_a_row_for_each_term(desk, term):
    met(make_cohort(term), came=4)

    content = desk.get(reverse("years_file", args=["csv"])).content.decode("utf-8-sig")

    [_headings, row] = csv.reader(io.StringIO(content, newline=""))
    assert row == ["2026", term.programme.name, term.name, "4", "4", "1", "1", "4", "4"]


def test_terms_of_others_are_not_in_it(desk, term):
    other = make_term(name="よその期")

    assert other.name not in desk.get(reverse("years")).content.decode()


def test_who_coordinates_nothing_finds_no_page(reading, sam, aoi, cohort):
    for person in (sam, aoi):
        assert reading(person).get(reverse("years")).status_code == 404
        assert reading(person).get(reverse("years_file", args=["csv"])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_terms_as_for_one(desk, term, number, django_assert_num_queries):
    for _ in range(number - 1):
        met(make_cohort(make_term(programme=term.programme)), came=4)
    desk.get(reverse("years"))

    with django_assert_num_queries(10):
        desk.get(reverse("years"))
