"""When a series is half over, and when a letter that can wait should come."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions.core.seasons import asked_again, is_halfway, next_morning


@pytest.mark.parametrize(
    ("held", "of", "half"), [(2, 4, True), (4, 8, True), (3, 5, True), (2, 5, False), (1, 2, False), (8, 8, False)]
)
def test_half_of_a_series_is_one_session(held, of, half):
    assert is_halfway(held=held, of=of) is half


@pytest.mark.parametrize(
    ("after", "zone", "morning"),
    [
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 12, 2, 1, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 0, 30, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 14, 2, 0, tzinfo=UTC), "America/New_York", datetime(2027, 3, 14, 14, 0, tzinfo=UTC)),
    ],
)
def test_a_letter_that_can_wait_comes_at_ten_by_the_readers_clock(after, zone, morning):
    assert next_morning(after=after, zone=ZoneInfo(zone)).astimezone(UTC) == morning


@pytest.mark.parametrize(
    ("age", "asked"), [(1, None), (2, 2), (4, 2), (5, 5), (11, 5), (12, 12), (18, 12), (19, 19), (75, 75), (81, 75)]
)
def test_a_record_is_asked_for_after_two_days_after_five_and_then_every_week(age, asked):
    found = asked_again(age=timedelta(days=age))

    assert found == (None if asked is None else timedelta(days=asked))
