"""Quarter hours, the grain of booking."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.core.slots import EPOCH, QUARTER, quarters

MOMENTS = st.datetimes(datetime(1969, 12, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(1, 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def test_ninety_minutes_from_a_full_hour_take_six_quarters():
    starts_at = datetime(2026, 12, 1, 19, 0, tzinfo=ZoneInfo("Asia/Tokyo"))

    taken = quarters(starts_at, starts_at + timedelta(minutes=90))

    assert len(taken) == 6
    assert EPOCH + taken.start * QUARTER == starts_at


@given(starts_at=MOMENTS, length=LENGTHS)
def test_every_quarter_that_is_touched_is_taken_and_no_other(starts_at, length):
    ends_at = starts_at + length

    taken = quarters(starts_at, ends_at)

    assert EPOCH + taken.start * QUARTER <= starts_at < EPOCH + (taken.start + 1) * QUARTER
    assert EPOCH + (taken.stop - 1) * QUARTER < ends_at <= EPOCH + taken.stop * QUARTER


@given(starts_at=MOMENTS, length=LENGTHS, gap=st.integers(-86400, 86400), other=LENGTHS)
def test_two_bookings_that_overlap_always_share_a_quarter(starts_at, length, gap, other):
    begins = starts_at + timedelta(seconds=gap)
    overlap = starts_at < begins + other and begins < starts_at + length

    shared = set(quarters(starts_at, starts_at + length)) & set(quarters(begins, begins + other))

    assert shared or not overlap


def test_bookings_that_follow_each_other_at_a_quarter_hour_share_none():
    first, second, third = (datetime(2026, 12, 1, 10, minute, tzinfo=UTC) for minute in (0, 15, 45))

    assert not set(quarters(first, second)) & set(quarters(second, third))


def test_a_microsecond_into_a_quarter_takes_it():
    starts_at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)

    assert len(quarters(starts_at, starts_at + QUARTER + timedelta(microseconds=1))) == 2


def test_a_booking_through_the_hour_that_comes_twice_counts_real_time():
    new_york = ZoneInfo("America/New_York")
    before, after = datetime(2026, 11, 1, 0, 30, tzinfo=new_york), datetime(2026, 11, 1, 2, 0, tzinfo=new_york)

    assert len(quarters(before, after)) == 10


def test_a_booking_without_a_zone_or_without_a_length_is_refused():
    moment = datetime(2026, 12, 1, tzinfo=UTC)

    with pytest.raises(ValueError, match="time zone"):
        quarters(moment.replace(tzinfo=None), moment + QUARTER)
    with pytest.raises(ValueError, match="time zone"):
        quarters(moment, (moment + QUARTER).replace(tzinfo=None))
    with pytest.raises(ValueError, match="end after"):
        quarters(moment, moment)
