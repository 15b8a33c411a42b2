"""The way into a session opens and closes to the minute."""

from datetime import UTC, datetime, timedelta

import pytest

from sessions.core.door import Door, door_at, opens_at, prompts_from

STARTS = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("now", "door"),
    [
        (STARTS - timedelta(minutes=15, microseconds=1), Door.CLOSED),
        (STARTS - timedelta(minutes=15), Door.OPEN),
        (STARTS, Door.OPEN),
        (ENDS - timedelta(microseconds=1), Door.OPEN),
        (ENDS, Door.OVER),
    ],
)
def test_door_is_open_from_a_quarter_hour_before_up_to_the_end(now, door):
    assert door_at(starts_at=STARTS, ends_at=ENDS, now=now) is door


def test_door_and_prompts_name_the_moment_they_open():
    assert opens_at(starts_at=STARTS) == datetime(2026, 12, 1, 10, 15, tzinfo=UTC)
    assert prompts_from(starts_at=STARTS) == datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
