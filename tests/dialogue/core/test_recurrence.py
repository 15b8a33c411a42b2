"""The dates of a series: the rhythm stays, the count stays, the hour on the wall stays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.recurrence import Cadence, first_day_with, series_dates, spans_in_zone, starts_in_zone

DATES = st.dates(date(2020, 1, 1), date(2036, 12, 31))
ZONES = st.sampled_from(
    [
        "Asia/Tokyo",
        "America/New_York",
        "Europe/London",
        "Australia/Sydney",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Pacific/Chatham",
        "Pacific/Apia",
        "Australia/Lord_Howe",
    ]
)
SKIPS = st.sets(DATES, max_size=40)


def test_a_series_begins_on_the_first_such_weekday_on_or_after_the_given_date():
    tuesday = date(2026, 12, 1)

    for days_before in range(7):
        dates = series_dates(
            first_on_or_after=tuesday - timedelta(days=days_before), weekday=1, cadence=Cadence.WEEKLY, how_many=1
        )
        assert dates == [tuesday]


def test_a_skipped_date_is_passed_over_and_the_count_stays():
    dates = series_dates(
        first_on_or_after=date(2026, 12, 15),
        weekday=1,
        cadence=Cadence.WEEKLY,
        how_many=4,
        skip={date(2026, 12, 29), date(2027, 1, 5), date(2026, 12, 23)},
    )

    assert dates == [date(2026, 12, 15), date(2026, 12, 22), date(2027, 1, 12), date(2027, 1, 19)]


@given(first=DATES, weeks=st.integers(0, 60), cadence=st.sampled_from(Cadence), skip=SKIPS, weekday=st.integers(0, 6))
def test_a_series_that_begins_later_is_the_rest_of_the_same_rhythm(first, weeks, cadence, skip, weekday):
    rhythm = {"first_on_or_after": first, "weekday": weekday, "cadence": cadence, "skip": skip}
    later = first + timedelta(weeks=weeks)

    dates = series_dates(**rhythm, how_many=4, not_before=later)

    assert dates == [day for day in series_dates(**rhythm, how_many=65) if day >= later][:4]


@given(day=DATES, seconds=st.integers(0, 86_399), zone=ZONES, minute=st.integers(0, 1439))
def test_the_first_day_with_an_hour_is_the_earliest_on_which_it_has_not_passed(day, seconds, zone, minute):
    earliest = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)

    day = first_day_with(minute=minute, earliest=earliest, zone=zone)

    before, found = starts_in_zone(dates=[day - timedelta(days=1), day], minute=minute, zone=zone)
    assert before < earliest <= found


def test_a_fortnightly_series_keeps_its_weeks_when_a_date_is_skipped():
    dates = series_dates(
        first_on_or_after=date(2026, 12, 1),
        weekday=1,
        cadence=Cadence.FORTNIGHTLY,
        how_many=3,
        skip={date(2026, 12, 1), date(2026, 12, 29)},
    )

    assert dates == [date(2026, 12, 15), date(2027, 1, 12), date(2027, 1, 26)]


def test_a_monthly_series_keeps_its_ordinal_weekday():
    dates = series_dates(first_on_or_after=date(2026, 10, 10), weekday=1, cadence=Cadence.MONTHLY, how_many=5)

    assert dates == [
        date(2026, 10, 13),
        date(2026, 11, 10),
        date(2026, 12, 8),
        date(2027, 1, 12),
        date(2027, 2, 9),
    ], "always the second Tuesday"


def test_a_monthly_series_that_begins_on_a_fifth_weekday_takes_the_last_of_each_month():
    dates = series_dates(first_on_or_after=date(2026, 9, 29), weekday=1, cadence=Cadence.MONTHLY, how_many=5)

    assert dates == [
        date(2026, 9, 29),
        date(2026, 10, 27),
        date(2026, 11, 24),
        date(2026, 12, 29),
        date(2027, 1, 26),
    ]


def test_a_monthly_series_whose_first_date_is_skipped_keeps_the_ordinal_of_that_date():
    dates = series_dates(
        first_on_or_after=date(2026, 9, 1),
        weekday=1,
        cadence=Cadence.MONTHLY,
        how_many=2,
        skip={date(2026, 9, 1)},
    )

    assert dates == [date(2026, 10, 6), date(2026, 11, 3)], "first Tuesdays"


@given(
    first=DATES, weekday=st.integers(0, 6), cadence=st.sampled_from(Cadence), how_many=st.integers(1, 14), skip=SKIPS
)
def test_every_series_has_its_count_of_the_right_weekday_in_order_and_none_skipped(
    first, weekday, cadence, how_many, skip
):
    dates = series_dates(first_on_or_after=first, weekday=weekday, cadence=cadence, how_many=how_many, skip=skip)

    assert len(dates) == how_many
    assert {day.weekday() for day in dates} == {weekday}
    assert dates == sorted(set(dates))
    assert dates[0] >= first
    assert not set(dates) & skip


@given(first=DATES, weekday=st.integers(0, 6), how_many=st.integers(1, 12), skip=SKIPS)
def test_fortnightly_dates_lie_whole_fortnights_apart_whatever_is_skipped(first, weekday, how_many, skip):
    rhythm = {"first_on_or_after": first, "weekday": weekday, "cadence": Cadence.FORTNIGHTLY}
    dates = series_dates(**rhythm, how_many=how_many, skip=skip)
    anchor = series_dates(**rhythm, how_many=1)[0]

    assert {(day - anchor).days % 14 for day in dates} == {0}


@given(first=DATES, weekday=st.integers(0, 6), how_many=st.integers(1, 24))
def test_monthly_dates_come_once_a_month_on_the_same_ordinal_or_the_last(first, weekday, how_many):
    dates = series_dates(first_on_or_after=first, weekday=weekday, cadence=Cadence.MONTHLY, how_many=how_many)

    months = [day.year * 12 + day.month for day in dates]
    assert months == list(range(months[0], months[0] + how_many))
    for day in dates:
        same_ordinal = (day.day - 1) // 7 == (dates[0].day - 1) // 7
        last_of_month = (day + timedelta(weeks=1)).month != day.month
        assert same_ordinal or (dates[0].day > 28 and last_of_month)


@pytest.mark.parametrize("bad", [{"weekday": 7}, {"weekday": -1}, {"how_many": 0}])
def test_a_series_that_no_calendar_has_is_refused(bad):
    with pytest.raises(ValueError, match="not"):
        series_dates(
            **{"first_on_or_after": date(2026, 1, 1), "weekday": 1, "cadence": Cadence.WEEKLY, "how_many": 3} | bad
        )


@pytest.mark.parametrize("cadence", Cadence)
def test_a_series_past_the_last_year_of_the_calendar_is_refused(cadence):
    with pytest.raises(OverflowError):
        series_dates(first_on_or_after=date(9999, 12, 1), weekday=1, cadence=cadence, how_many=12)


@given(first=DATES, zone=ZONES, hour=st.integers(4, 23), half=st.sampled_from([0, 30]), skip=SKIPS)
def test_people_always_see_the_hour_they_agreed(first, zone, hour, half, skip):
    dates = series_dates(first_on_or_after=first, weekday=2, cadence=Cadence.WEEKLY, how_many=26, skip=skip)

    starts = starts_in_zone(dates=dates, minute=hour * 60 + half, zone=zone)

    shown = [start.astimezone(ZoneInfo(zone)) for start in starts]
    assert [(local.date(), local.hour, local.minute) for local in shown] == [(day, hour, half) for day in dates]
    assert {start.tzinfo for start in starts} == {UTC}


@pytest.mark.parametrize(
    ("zone", "day", "wanted", "becomes"),
    [
        ("America/New_York", date(2027, 3, 14), (2, 30), "2027-03-14 03:00"),
        ("Europe/London", date(2027, 3, 28), (1, 15), "2027-03-28 02:00"),
        ("Australia/Sydney", date(2026, 10, 4), (2, 0), "2026-10-04 03:00"),
        ("Africa/Casablanca", date(2026, 3, 22), (2, 59), "2026-03-22 03:00"),
        ("Pacific/Chatham", date(2026, 9, 27), (3, 0), "2026-09-27 03:45"),
        ("Australia/Lord_Howe", date(2026, 10, 4), (2, 10), "2026-10-04 02:30"),
        ("Pacific/Apia", date(2011, 12, 30), (19, 0), "2011-12-31 00:00"),
        ("Asia/Kathmandu", date(1986, 1, 1), (0, 5), "1986-01-01 00:15"),
    ],
)
def test_a_time_that_a_clock_change_skips_becomes_the_first_minute_that_exists(zone, day, wanted, becomes):
    [start] = starts_in_zone(dates=[day], minute=wanted[0] * 60 + wanted[1], zone=zone)

    assert f"{start.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == becomes


@pytest.mark.parametrize(
    ("zone", "day", "wanted", "first_of_two"),
    [
        ("America/New_York", date(2026, 11, 1), (1, 30), "2026-11-01 05:30"),
        ("Europe/London", date(2026, 10, 25), (1, 0), "2026-10-25 00:00"),
        ("Australia/Sydney", date(2027, 4, 4), (2, 45), "2027-04-03 15:45"),
        ("Africa/Casablanca", date(2026, 2, 15), (2, 30), "2026-02-15 01:30"),
        ("Pacific/Chatham", date(2027, 4, 4), (3, 0), "2027-04-03 13:15"),
        ("Australia/Lord_Howe", date(2027, 4, 4), (1, 45), "2027-04-03 14:45"),
    ],
)
def test_a_time_that_comes_twice_is_the_first_of_the_two(zone, day, wanted, first_of_two):
    [start] = starts_in_zone(dates=[day], minute=wanted[0] * 60 + wanted[1], zone=zone)

    assert f"{start:%Y-%m-%d %H:%M}" == first_of_two


def test_a_session_may_begin_in_the_last_minute_of_a_day_and_last_a_day():
    [span] = spans_in_zone(dates=[date(2026, 12, 31)], minute=1439, length=1440, zone="Asia/Tokyo")

    assert span.starts_at == datetime(2026, 12, 31, 14, 59, tzinfo=UTC)
    assert span.ends_at == datetime(2027, 1, 1, 14, 59, tzinfo=UTC)


def test_a_session_lasts_its_full_length_through_a_clock_change():
    [span] = spans_in_zone(dates=[date(2026, 10, 31)], minute=23 * 60 + 30, length=180, zone="America/New_York")

    assert span.length == timedelta(minutes=180)
    assert f"{span.ends_at.astimezone(ZoneInfo('America/New_York')):%d %H:%M}" == "01 01:30"


@pytest.mark.parametrize("bad", [{"minute": 1440}, {"minute": -1}, {"length": 0}, {"length": 1441}, {"zone": "Mars"}])
def test_a_start_that_no_day_has_is_refused(bad):
    with pytest.raises(ValueError, match="not"):
        spans_in_zone(**{"dates": [date(2026, 1, 1)], "minute": 600, "length": 90, "zone": "Asia/Tokyo"} | bad)
