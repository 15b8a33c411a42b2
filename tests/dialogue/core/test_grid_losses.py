"""What of a window counts, and what falls away to the grid or to a clock change: zones of every kind."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.grid import free_slots
from dialogue.core.grid_losses import Reading, readings_of
from dialogue.core.week import WeeklyWindow, merged

TOKYO = "Asia/Tokyo"
TUESDAY, SUNDAY = 1, 6
ZONES = (
    TOKYO, "America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca", "Asia/Kathmandu",
    "Pacific/Chatham", "Pacific/Apia",
)  # fmt: skip
MONDAYS = (date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 16), date(2026, 9, 14), date(2026, 10, 5))


def weekly(monday: date, weeks: int = 8) -> dict[int, list[date]]:
    return {day: [monday + timedelta(days=day, weeks=week) for week in range(weeks)] for day in range(7)}


def at(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


def read(zone: str, *windows: WeeklyWindow, monday: date = date(2026, 10, 5), term_zone: str = TOKYO) -> list[Reading]:
    return list(readings_of(windows=windows, zone=zone, term_zone=term_zone, dates_by_weekday=weekly(monday)))


def hours(windows: tuple[WeeklyWindow, ...]) -> list[tuple[int, int, int]]:
    return [(one.weekday, one.starts, one.ends) for one in windows]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("monday", MONDAYS)
@settings(max_examples=5, deadline=None)
@given(
    windows=st.lists(
        st.builds(
            lambda day, starts, length: WeeklyWindow(day, starts, starts + length),
            st.integers(0, 6), st.integers(0, 1439), st.integers(1, 400),
        ), max_size=3,
    )
)  # fmt: skip
def test_what_is_kept_is_just_what_the_grid_counts(zone: str, monday: date, windows: list[WeeklyWindow]) -> None:
    dates = weekly(monday)
    readings = readings_of(windows=windows, zone=zone, term_zone=TOKYO, dates_by_weekday=dates)
    kept = [part for one in readings for stretch in one.stretches for part in stretch.kept]

    def slots(some: list[WeeklyWindow]) -> int:
        return free_slots(windows=some, zone=zone, term_zone=TOKYO, dates_by_weekday=dates)

    assert slots(kept) == slots(windows)
    assert [one.window for one in readings] == list(merged(windows))
    for one in readings:
        if one.is_whole:
            assert not one.is_by_clock_change


def test_a_window_on_the_grid_is_whole_in_the_terms_own_zone() -> None:
    [reading] = read(TOKYO, WeeklyWindow(TUESDAY, at(19), at(21)))

    assert reading.is_whole


def test_a_window_beside_the_grid_is_rounded_inward() -> None:
    [reading] = read(TOKYO, WeeklyWindow(TUESDAY, at(19, 10), at(20, 40)))

    [stretch] = reading.stretches
    assert hours(stretch.kept) == [(TUESDAY, at(19, 30), at(20, 30))]
    assert not reading.is_whole
    assert not reading.is_by_clock_change


def test_a_window_that_holds_no_half_hour_keeps_nothing() -> None:
    [reading] = read(TOKYO, WeeklyWindow(TUESDAY, at(19, 10), at(19, 55)))

    assert reading.stretches == ()
    assert not reading.is_whole


def test_windows_that_touch_lose_nothing_where_they_meet() -> None:
    [reading] = read(TOKYO, WeeklyWindow(TUESDAY, at(19), at(19, 40)), WeeklyWindow(TUESDAY, at(19, 40), at(20)))

    assert reading.is_whole


def test_a_window_past_midnight_and_past_the_week_is_whole() -> None:
    [reading] = read(TOKYO, WeeklyWindow(SUNDAY, at(23), at(25)))

    assert reading.is_whole
    assert hours(reading.stretches[0].kept) == [(SUNDAY, at(23), at(25))]


def test_new_york_in_autumn_keeps_the_hours_that_hold_before_and_after_the_change() -> None:
    """07:00 there is 20:00 in Tokyo until 1 November, and 21:00 after it."""
    [reading] = read("America/New_York", WeeklyWindow(TUESDAY, at(7), at(9)))

    summer, winter = reading.stretches
    assert (summer.first, summer.last) == (date(2026, 10, 6), date(2026, 10, 27))
    assert (winter.first, winter.last) == (date(2026, 11, 3), date(2026, 11, 24))
    assert (hours(summer.kept), hours(summer.fallen)) == ([(TUESDAY, at(8), at(9))], [(TUESDAY, at(7), at(8))])
    assert (hours(winter.kept), hours(winter.fallen)) == ([(TUESDAY, at(7), at(8))], [(TUESDAY, at(8), at(9))])
    assert reading.is_by_clock_change


def test_an_hour_in_london_that_holds_on_no_two_sides_of_the_change_keeps_nothing() -> None:
    [reading] = read("Europe/London", WeeklyWindow(TUESDAY, at(10), at(11)))

    assert [hours(one.kept) for one in reading.stretches] == [[], []]
    assert [hours(one.fallen) for one in reading.stretches] == [[(TUESDAY, at(10), at(11))]] * 2


def test_the_day_of_the_change_itself_counts_by_the_clock_after_it() -> None:
    """London's clocks go back in the night to Sunday 25 October, before the dialogue of that Sunday."""
    [reading] = read("Europe/London", WeeklyWindow(SUNDAY, at(10), at(13)))

    assert [one.first for one in reading.stretches] == [date(2026, 10, 11), date(2026, 10, 25)]


def test_casablanca_sets_its_clock_back_for_ramadan() -> None:
    [reading] = read("Africa/Casablanca", WeeklyWindow(TUESDAY, at(9), at(12)), monday=date(2026, 2, 2))

    before, ramadan = reading.stretches
    assert before.first == date(2026, 2, 3)
    assert ramadan.first == date(2026, 2, 17)
    assert hours(before.kept) == [(TUESDAY, at(10), at(12))]
    assert hours(ramadan.kept) == [(TUESDAY, at(9), at(11))]


@pytest.mark.parametrize(
    ("zone", "starts", "ends"),
    [("Asia/Kathmandu", at(19, 15), at(20, 45)), ("Pacific/Chatham", at(19, 15), at(20, 45))],
)
def test_a_clock_a_quarter_of_an_hour_apart_loses_a_quarter_on_both_sides(zone: str, starts: int, ends: int) -> None:
    [reading] = read(zone, WeeklyWindow(2, at(19), at(21)))

    [stretch] = reading.stretches
    assert hours(stretch.kept) == [(2, starts, ends)]


def test_apia_is_another_day_and_loses_nothing() -> None:
    """Tuesday evening in Tokyo is late on Tuesday in Apia; Wednesday 01:00 there is Tuesday 21:00 in Tokyo."""
    [reading] = read("Pacific/Apia", WeeklyWindow(2, at(0), at(2)))

    assert reading.is_whole
    assert reading.stretches[0].first == date(2026, 10, 7)


def test_sydney_loses_an_hour_when_summer_ends_within_the_term() -> None:
    [reading] = read("Australia/Sydney", WeeklyWindow(TUESDAY, at(19), at(21)), monday=date(2026, 3, 16))

    assert [hours(one.kept) for one in reading.stretches] == [[(TUESDAY, at(20), at(21))], [(TUESDAY, at(19), at(20))]]
    assert [one.first for one in reading.stretches] == [date(2026, 3, 17), date(2026, 4, 7)]


def test_zones_that_change_together_lose_nothing() -> None:
    [reading] = read("Europe/London", WeeklyWindow(TUESDAY, at(10), at(12)), term_zone="Europe/Paris")

    assert reading.is_whole
