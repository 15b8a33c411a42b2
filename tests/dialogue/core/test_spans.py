"""Stretches of time, and what a wall clock shows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.spans import Span
from dialogue.core.wall_clock import moment_at, zone_named

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOURS = st.integers(0, 48)


def hours(start: int, end: int) -> Span:
    return Span(NOON + timedelta(hours=start), NOON + timedelta(hours=end))


def test_spans_that_only_touch_do_not_overlap():
    assert not hours(0, 1).overlaps(hours(1, 2))
    assert not hours(1, 2).overlaps(hours(0, 1))
    assert hours(0, 2).overlaps(hours(1, 3))


@given(first=st.tuples(HOURS, HOURS), second=st.tuples(HOURS, HOURS))
def test_overlap_and_cover_agree_with_the_hours_they_hold(first, second):
    (a, b), (c, d) = ((min(pair), max(pair) + 1) for pair in (first, second))

    assert hours(a, b).overlaps(hours(c, d)) == bool(set(range(a, b)) & set(range(c, d)))
    assert hours(a, b).covers(hours(c, d)) == (set(range(c, d)) <= set(range(a, b)))


def test_a_span_is_kept_in_utc_so_that_the_hour_that_comes_twice_stays_in_order():
    new_york = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=new_york)
    second = datetime(2026, 11, 1, 1, 10, tzinfo=new_york, fold=1)

    span = Span(first, second)

    assert span.length == timedelta(minutes=40)
    assert (span.starts_at.tzinfo, span.ends_at.tzinfo) == (UTC, UTC)


def test_a_span_without_a_zone_or_without_a_length_is_refused():
    with pytest.raises(ValueError, match="ends_at has no time zone"):
        Span(NOON, datetime(2026, 12, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="end after"):
        Span(NOON, NOON)


def test_minutes_past_midnight_count_into_the_next_day_by_wall_clock():
    zone = ZoneInfo("America/New_York")

    assert moment_at(day=date(2026, 11, 1), minute=1500, zone=zone) == datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "America", "Asia/Tokyo\x00"])
def test_a_name_that_is_no_zone_is_refused(name):
    with pytest.raises(ValueError, match="time zone"):
        zone_named(name)
