"""Until when people choose among the dates of a gathering."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.core.gathering_dates import asked_again_at, since_when_due, usual_closing

NOW = datetime(2026, 11, 24, 3, 20, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEXT_HOUR = NOW + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("first", "closes"),
    [
        (30 * DAY, NEXT_HOUR + 7 * DAY),
        (8 * DAY, NOW + 5 * DAY),
        (3 * DAY, NEXT_HOUR + DAY),
        (2 * HOUR, NOW + 2 * HOUR),
    ],
)
def test_choosing_lasts_a_week_or_until_three_days_before_and_a_day_where_that_is_near(first, closes):
    assert usual_closing(first=NOW + first, now=NOW) == closes


@given(st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=366)))
def test_choosing_is_open_for_a_while_never_beyond_the_first_date_and_asked_again_meanwhile(ahead):
    closes = usual_closing(first=NOW + ahead, now=NOW)

    assert NOW < closes <= NOW + ahead
    assert NOW < asked_again_at(closes_at=closes, now=NOW) < closes


def test_who_has_not_chosen_is_asked_again_after_three_days_or_half_way():
    assert asked_again_at(closes_at=NOW + 7 * DAY, now=NOW) == NOW + 3 * DAY
    assert asked_again_at(closes_at=NOW + 2 * DAY, now=NOW) == NOW + DAY


@pytest.mark.parametrize(
    ("first", "closes", "all_chose", "since"),
    [(20, 7, None, 7), (20, 7, 1, 1), (9, 7, None, 6), (9, 7, 8, 6)],
)
def test_it_is_due_from_the_first_of_all_have_chosen_closed_and_three_days_before(first, closes, all_chose, since):
    chose_at = None if all_chose is None else NOW + all_chose * DAY

    found = since_when_due(first=NOW + first * DAY, closes_at=NOW + closes * DAY, all_chose_at=chose_at)

    assert found == NOW + since * DAY
