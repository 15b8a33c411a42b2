"""People are told in words what does not count of their times: at sign-up, on their own page, in a roster's preview."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dialogue.core.week import WeeklyWindow
from dialogue.lost_times import MOST_IN_LIST, narrowed_people, narrowed_times
from dialogue.models import Participation, Person, Term
from tests.dialogue.sign_up import Applicant, make_link
from tests.factories import make_participation, make_term

pytestmark = pytest.mark.django_db

TUESDAY = 1


@pytest.fixture
def autumn(chika: Person) -> Term:
    """Eight Tuesdays in Tokyo, on both sides of the change of 1 November in New York."""
    return make_term(coordinator=chika, starts_on="2026-10-05", session_count=8)


def told(term: Term, window: WeeklyWindow, zone: str, language: str) -> list[str]:
    with translation.override(language):
        return [
            line for one in narrowed_times(windows=[window], zone=zone, term=term) for line in (one.words, *one.by_date)
        ]


def test_rounding_is_said_with_both_hours(term: Term) -> None:
    window = WeeklyWindow(TUESDAY, 19 * 60 + 10, 20 * 60 + 40)

    assert told(term, window, "Asia/Tokyo", "ja") == ["火曜日 19:10〜20:40は、19:30〜20:30として読みます。"]
    assert told(term, window, "Asia/Tokyo", "en") == ["Tuesday 19:10–20:40 is read as 19:30–20:30."]


def test_what_is_too_short_is_said_to_count_nothing(term: Term) -> None:
    window = WeeklyWindow(TUESDAY, 19 * 60 + 10, 19 * 60 + 40)

    [line] = told(term, window, "Asia/Tokyo", "en")
    assert line.startswith("Tuesday 19:10–19:40 does not count")


def test_nothing_is_said_where_all_counts(term: Term) -> None:
    assert narrowed_times(windows=[WeeklyWindow(TUESDAY, 1140, 1260)], zone="Asia/Tokyo", term=term) == ()
    assert narrowed_times(windows=[], zone="America/New_York", term=term) == ()


def test_a_clock_change_is_said_with_its_dates(autumn: Term) -> None:
    autumn.refresh_from_db()
    lines = told(autumn, WeeklyWindow(TUESDAY, 7 * 60, 9 * 60), "America/New_York", "en")

    assert lines[0].startswith("Tuesday 07:00–09:00: clocks change")
    assert lines[1] == "Tue 6 October to Tue 27 October: 08:00–09:00 counts, 07:00–08:00 falls away."
    assert lines[2].startswith("Tue 3 November")
    assert lines[2].endswith(": 07:00–08:00 counts, 08:00–09:00 falls away.")


def test_people_of_a_file_are_counted_and_the_first_are_named(term: Term) -> None:
    late = [WeeklyWindow(TUESDAY, 1150, 1240)]
    found = narrowed_people(
        [("青井 葵", "Asia/Tokyo", late)] * (MOST_IN_LIST + 5) + [("岩田 武", "Asia/Tokyo", [])], term=term
    )

    assert found.count == MOST_IN_LIST + 5
    assert len(found.first) == MOST_IN_LIST
    assert found.first[0][0] == "青井 葵"


# On pages


def test_own_page_tells_what_is_lost(client: Client, term: Term, aoi: Person) -> None:
    one = make_participation(term, aoi)
    one.windows.update(starts=19 * 60 + 10, ends=21 * 60)
    client.force_login(aoi)
    page = reverse("my_answers", args=[one.pk])
    text = client.get(page).content.decode()

    assert "数えられない時間" in text or "does not count" in text
    assert "19:30" in text
    one.windows.update(starts=19 * 60)
    assert "does not count" not in client.get(page).content.decode()


def test_sign_up_tells_what_is_lost_abroad(autumn: Term) -> None:
    autumn.refresh_from_db()
    applicant = Applicant(make_link(autumn))
    applicant.begins()
    for page in ("name", "generation", "interests"):
        applicant.answers(page)
    mornings = [f"1-{minute}" for minute in range(420, 540, 30)]
    applicant.answers("times", ticked=mornings, zone="America/New_York", away=[])

    page = applicant.client.get(f"{applicant.base}fit/", headers={"Accept-Language": "en"}).content.decode()

    assert "08:00–09:00 counts, 07:00–08:00 falls away" in page


def test_sign_up_says_where_what_is_left_holds_no_session(autumn: Term) -> None:
    applicant = Applicant(make_link(autumn))
    applicant.begins()
    for page in ("name", "generation"):
        applicant.answers(page)
    applicant.answers("times", ticked=["1-420", "1-450", "1-480", "1-510"], zone="America/New_York", away=[])

    standing = applicant.client.get(f"{applicant.base}fit/").context["standing"]

    assert not standing.is_long_enough, "two hours are given, and one of them holds on every date"


def test_nothing_is_lost_and_nothing_said_in_the_terms_own_zone(term: Term) -> None:
    applicant = Applicant(make_link(term))
    applicant.begins()
    for page in ("name", "generation", "interests", "times"):
        applicant.answers(page)

    page = applicant.client.get(f"{applicant.base}fit/", headers={"Accept-Language": "en"}).content.decode()

    assert "does not count" not in page
    assert Participation.objects.count() == 0
