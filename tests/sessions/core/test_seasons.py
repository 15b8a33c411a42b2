"""When a series is half over, and when a letter that can wait should come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sessions.core.seasons import is_halfway, next_morning


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
