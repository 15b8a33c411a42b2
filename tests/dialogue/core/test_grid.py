"""Weekly windows as the term's half-hour slots, judged minute by minute."""

import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.grid import LONGEST_OVERRUN, SLOTS_IN_DAY, SLOTS_IN_WEEK, free_slots, lost_minutes
from dialogue.core.spans import Span
from dialogue.core.wall_clock import moment_at
from dialogue.core.week import MINUTES_IN_WEEK, WeeklyWindow
from tests.thoroughness import examples

TOKYO = "Asia/Tokyo"
NEW_YORK = "America/New_York"
ZONE_NAMES = [
    TOKYO,
    NEW_YORK,
    "Europe/London",
    "Australia/Sydney",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Australia/Lord_Howe",
]
ZONES = st.sampled_from(ZONE_NAMES)
# weeks around the clock changes of the zones above, spring and autumn, both hemispheres
MONDAYS = [date(2026, 2, 9), date(2026, 3, 16), date(2026, 3, 23), date(2026, 9, 21), date(2026, 10, 19)]
WINDOWS = st.builds(
    lambda weekday, starts, length: WeeklyWindow(weekday, starts, starts + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
SPANS = st.builds(
    lambda monday, offset, length: Span(
        datetime.combine(monday, datetime.min.time(), UTC) + timedelta(seconds=offset),
        datetime.combine(monday, datetime.min.time(), UTC) + timedelta(seconds=offset + length),
    ),
    st.sampled_from(MONDAYS),
    st.integers(-86400, 16 * 86400),
    st.integers(1, 5 * 86400),
)


def every_week(first_monday: date, weeks: int) -> dict[int, list[date]]:
    return {n: [first_monday + timedelta(days=n, weeks=week) for week in range(weeks)] for n in range(7)}


def slots_of(mask: int) -> list[int]:
    return [slot for slot in range(SLOTS_IN_WEEK) if mask >> slot & 1]


def slot(weekday: int, hour: int, minute: int = 0) -> int:
    return weekday * SLOTS_IN_DAY + hour * 2 + minute // 30


# ---- the oracle: every minute of real time, looked up on both clocks ------------------------------------------------


@cache
def clock(zone: str, utc_day: date) -> list[tuple[date, int]]:
    """The date and minute of the day that a clock shows in each minute of a UTC day."""
    midnight = datetime.combine(utc_day, datetime.min.time(), UTC)
    shown = ((midnight + timedelta(minutes=n)).astimezone(ZoneInfo(zone)) for n in range(1440))
    return [(local.date(), local.hour * 60 + local.minute) for local in shown]


@cache
def minutes_of_slots(zone: str, day: date) -> list[list[int]]:
    """For each slot of a local day, the real minutes (counted from year 1 in UTC) whose wall clock lies in it."""
    found: list[list[int]] = [[] for _ in range(SLOTS_IN_DAY)]
    for utc_day in (day - timedelta(days=1), day, day + timedelta(days=1)):
        for minute, (shown_day, shown_minute) in enumerate(clock(zone, utc_day)):
            if shown_day == day:
                found[shown_minute // 30].append(utc_day.toordinal() * 1440 + minute)
    return found


@cache
def shown_minute_of_week(zone: str, minute: int) -> int:
    shown_day, shown_minute = clock(zone, date.fromordinal(minute // 1440))[minute % 1440]
    return shown_day.weekday() * 1440 + shown_minute


def seconds(span: Span) -> tuple[int, int]:
    year_one = datetime(1, 1, 1, tzinfo=UTC)  # the ordinal of its first day is 1, so a day more
    return tuple(86400 + int((moment - year_one).total_seconds()) for moment in (span.starts_at, span.ends_at))


def naive_free_slots(windows, zone, term_zone, dates_by_weekday, unavailable, available, overrun):
    in_window = [False] * MINUTES_IN_WEEK
    for window in windows:
        for minute in range(window.starts, window.ends):
            in_window[(window.weekday * 1440 + minute) % MINUTES_IN_WEEK] = True
    refused, offered = ([seconds(span) for span in spans] for spans in (unavailable, available))

    def is_free(minute):
        begins, ends = minute * 60, minute * 60 + 60
        if any(starts < ends and begins < stops for starts, stops in refused):
            return False
        return in_window[shown_minute_of_week(zone, minute)] or any(
            starts <= begins and ends <= stops for starts, stops in offered
        )

    free = 0
    for number in range(SLOTS_IN_WEEK):
        weekday, nth = divmod(number, SLOTS_IN_DAY)
        days = set(dates_by_weekday.get(weekday, ()))
        if nth * 30 < overrun:
            days |= {day + timedelta(days=1) for day in dates_by_weekday.get((weekday - 1) % 7, ())}
        stretches = [minutes_of_slots(term_zone, day)[nth] for day in days]
        # a slot of 30 real minutes is one that the term's clock neither skips nor repeats; those it cuts are shorter
        if days and all(len(each) == 30 for each in stretches):
            free |= all(is_free(minute) for each in stretches for minute in each) << number
    return free


@settings(max_examples=examples(120), deadline=None)
@given(
    windows=st.lists(WINDOWS, max_size=6),
    zone=ZONES,
    term_zone=ZONES,
    monday=st.sampled_from(MONDAYS),
    left_out=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 1)), max_size=8),
    unavailable=st.lists(SPANS, max_size=2),
    available=st.lists(SPANS, max_size=3),
    overrun=st.sampled_from([0, 45, LONGEST_OVERRUN, 1440]),
)
def test_a_slot_is_free_exactly_when_every_minute_of_it_is_on_every_date(
    windows, zone, term_zone, monday, left_out, unavailable, available, overrun
):
    dates = {
        weekday: [day for week, day in enumerate(days) if (weekday, week) not in left_out]
        for weekday, days in every_week(monday, 2).items()
    }

    mask = free_slots(
        windows=windows,
        zone=zone,
        term_zone=term_zone,
        dates_by_weekday=dates,
        unavailable=unavailable,
        available=available,
        overrun=overrun,
    )

    assert slots_of(mask) == slots_of(
        naive_free_slots(windows, zone, term_zone, dates, unavailable, available, overrun)
    )


@settings(max_examples=examples(60), deadline=None)
@given(
    windows=st.lists(WINDOWS, min_size=1, max_size=6),
    zone=ZONES,
    term_zone=ZONES,
    monday=st.sampled_from(MONDAYS),
    wanted=st.lists(st.integers(0, SLOTS_IN_WEEK - 1), min_size=1, max_size=20),
    length=st.sampled_from([60, 90, 120]),
)
def test_a_session_on_free_slots_meets_a_free_person_through_every_real_minute(
    windows, zone, term_zone, monday, wanted, length
):
    dates = every_week(monday, 2)
    mask = free_slots(windows=windows, zone=zone, term_zone=term_zone, dates_by_weekday=dates)
    in_window = {
        (window.weekday * 1440 + minute) % MINUTES_IN_WEEK
        for window in windows
        for minute in range(window.starts, window.ends)
    }

    for first in wanted:
        if all(mask >> (first + nth) % SLOTS_IN_WEEK & 1 for nth in range(length // 30)):
            weekday, nth = divmod(first, SLOTS_IN_DAY)
            for day in dates[weekday]:
                begins = moment_at(day=day, minute=nth * 30, zone=ZoneInfo(term_zone))
                shown = [(begins + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)) for minute in range(length)]
                assert {local.weekday() * 1440 + local.hour * 60 + local.minute for local in shown} <= in_window


# ---- promises, one by one -------------------------------------------------------------------------------------------


def test_a_tuesday_evening_in_tokyo_is_its_half_hours():
    mask = free_slots(
        windows=[WeeklyWindow(1, 19 * 60, 21 * 60)],
        zone=TOKYO,
        term_zone=TOKYO,
        dates_by_weekday=every_week(date(2026, 10, 5), 8),
    )

    assert slots_of(mask) == [slot(1, 19), slot(1, 19, 30), slot(1, 20), slot(1, 20, 30)]


def test_windows_are_rounded_inward():
    mask = free_slots(
        windows=[WeeklyWindow(1, 19 * 60 + 10, 20 * 60 + 50)],
        zone=TOKYO,
        term_zone=TOKYO,
        dates_by_weekday=every_week(date(2026, 10, 5), 1),
    )

    assert slots_of(mask) == [slot(1, 19, 30), slot(1, 20)]


def test_windows_that_meet_inside_a_slot_make_it_whole():
    mask = free_slots(
        windows=[WeeklyWindow(1, 19 * 60, 19 * 60 + 40), WeeklyWindow(1, 19 * 60 + 40, 20 * 60)],
        zone=TOKYO,
        term_zone=TOKYO,
        dates_by_weekday=every_week(date(2026, 10, 5), 1),
    )

    assert slots_of(mask) == [slot(1, 19), slot(1, 19, 30)]


def test_an_hour_that_a_clock_change_in_the_term_moves_is_not_promised():
    morning_in_new_york = [WeeklyWindow(1, 6 * 60, 8 * 60)]

    mask = free_slots(
        windows=morning_in_new_york,
        zone=NEW_YORK,
        term_zone=TOKYO,
        dates_by_weekday=every_week(date(2026, 10, 19), 4),
    )

    # 06:00-08:00 there is 19:00-21:00 here until 1 November and 20:00-22:00 after it
    assert slots_of(mask) == [slot(1, 20), slot(1, 20, 30)]


def test_sunday_night_runs_on_into_monday():
    mask = free_slots(
        windows=[WeeklyWindow(6, 23 * 60, 25 * 60)],
        zone=TOKYO,
        term_zone=TOKYO,
        dates_by_weekday=every_week(date(2026, 10, 5), 2),
    )

    assert slots_of(mask) == [slot(0, 0), slot(0, 0, 30), slot(6, 23), slot(6, 23, 30)]


def test_what_follows_midnight_is_asked_of_the_day_that_really_follows():
    tuesday, wednesday_of_other_week = date(2026, 10, 6), date(2026, 10, 14)
    the_real_next_night = moment_at(day=date(2026, 10, 7), minute=0, zone=ZoneInfo(TOKYO))
    arguments = {
        "windows": [WeeklyWindow(1, 23 * 60, 26 * 60)],
        "zone": TOKYO,
        "term_zone": TOKYO,
        "dates_by_weekday": {1: [tuesday], 2: [wednesday_of_other_week]},
        "unavailable": [Span(the_real_next_night, the_real_next_night + timedelta(minutes=30))],
    }

    assert slots_of(free_slots(**arguments)) == [
        slot(1, 23),
        slot(1, 23, 30),
        slot(2, 0, 30),
        slot(2, 1),
        slot(2, 1, 30),
    ]
    assert slot(2, 0) in slots_of(free_slots(**arguments, overrun=0)), "no session of that length runs past midnight"


def test_a_weekday_without_dates_has_only_the_slots_that_the_night_before_reaches():
    always = [WeeklyWindow(weekday, 0, 1440) for weekday in range(7)]

    mask = free_slots(windows=always, zone=TOKYO, term_zone=TOKYO, dates_by_weekday={1: [date(2026, 10, 6)]})

    assert slots_of(mask) == [*range(slot(1, 0), slot(2, 0)), slot(2, 0), slot(2, 0, 30), slot(2, 1), slot(2, 1, 30)]


def test_one_unavailable_date_takes_the_slot_and_wins_over_an_available_one():
    evening = moment_at(day=date(2026, 10, 13), minute=19 * 60 + 29, zone=ZoneInfo(TOKYO))
    busy = Span(evening, evening + timedelta(seconds=61))
    arguments = {
        "windows": [WeeklyWindow(1, 19 * 60, 20 * 60)],
        "zone": TOKYO,
        "term_zone": TOKYO,
        "dates_by_weekday": every_week(date(2026, 10, 5), 3),
    }

    assert slots_of(free_slots(**arguments)) == [slot(1, 19), slot(1, 19, 30)]
    assert slots_of(free_slots(**arguments, unavailable=[busy])) == []
    assert slots_of(free_slots(**arguments, unavailable=[busy], available=[busy])) == []


def test_an_available_date_helps_only_when_it_fills_every_date_that_fails():
    dates = {1: [date(2026, 10, 6), date(2026, 10, 13)]}
    evenings = [
        Span(begins, begins + timedelta(minutes=30))
        for begins in (moment_at(day=day, minute=19 * 60, zone=ZoneInfo(TOKYO)) for day in dates[1])
    ]
    arguments = {"windows": [], "zone": TOKYO, "term_zone": TOKYO, "dates_by_weekday": dates}

    assert slots_of(free_slots(**arguments, available=evenings[:1])) == []
    assert slots_of(free_slots(**arguments, available=evenings)) == [slot(1, 19)]


def test_a_clock_change_in_the_middle_of_a_slot_counts_from_its_minute():
    # 06:30-07:00 in Kathmandu is 00:45-01:00 and then, the hour having been skipped, 02:00-02:15 in London
    arguments = {
        "zone": "Europe/London",
        "term_zone": "Asia/Kathmandu",
        "dates_by_weekday": {6: [date(2027, 3, 28)]},
        "overrun": 0,
    }

    around = [WeeklyWindow(6, 45, 60), WeeklyWindow(6, 120, 135)]
    skipped = [WeeklyWindow(6, 45, 75)]

    assert slots_of(free_slots(windows=around, **arguments)) == [slot(6, 6, 30)]
    assert slots_of(free_slots(windows=skipped, **arguments)) == []


@pytest.mark.parametrize(("late", "early"), [(30, 0), (0, 30)])
def test_a_minute_that_is_available_in_part_is_not(late, early):
    begins = moment_at(day=date(2026, 10, 6), minute=19 * 60, zone=ZoneInfo(TOKYO))
    almost = Span(begins + timedelta(seconds=late), begins + timedelta(minutes=30) - timedelta(seconds=early))

    mask = free_slots(
        windows=[],
        zone=TOKYO,
        term_zone=TOKYO,
        dates_by_weekday={1: [date(2026, 10, 6)]},
        available=[almost],
    )

    assert mask == 0


def test_a_slot_that_the_terms_clock_skips_or_repeats_on_a_date_is_not_free():
    always = [WeeklyWindow(weekday, 0, 1440) for weekday in range(7)]
    sundays = {"spring": date(2027, 3, 14), "autumn": date(2026, 11, 1)}

    missing = {
        season: set(range(slot(6, 0), SLOTS_IN_WEEK))
        - set(
            slots_of(
                free_slots(windows=always, zone=TOKYO, term_zone=NEW_YORK, dates_by_weekday={6: [sunday]}, overrun=0)
            )
        )
        for season, sunday in sundays.items()
    }

    assert missing == {"spring": {slot(6, 2), slot(6, 2, 30)}, "autumn": {slot(6, 1), slot(6, 1, 30)}}


def test_a_day_that_a_zone_leaves_out_has_no_free_slot():
    always = [WeeklyWindow(weekday, 0, 1440) for weekday in range(7)]

    mask = free_slots(
        windows=always,
        zone=TOKYO,
        term_zone="Pacific/Apia",
        dates_by_weekday={4: [date(2011, 12, 30)]},
        overrun=0,
    )

    assert mask == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"zone": "Asia/Nowhere"},
        {"term_zone": "Asia/Nowhere"},
        {"dates_by_weekday": {0: [date(2026, 10, 6)]}},
        {"dates_by_weekday": {7: [date(2026, 10, 6)]}},
        {"overrun": -1},
        {"overrun": 1441},
    ],
)
def test_what_cannot_be_answered_is_refused(bad):
    with pytest.raises(ValueError, match=r"zone|weekday"):
        free_slots(
            **{"windows": [], "zone": TOKYO, "term_zone": TOKYO, "dates_by_weekday": {1: [date(2026, 10, 6)]}} | bad
        )


@pytest.mark.parametrize(
    ("starts", "ends", "lost"),
    [(1140, 1260, 0), (1150, 1260, 20), (1150, 1250, 40), (1145, 1165, 20), (1145, 1175, 30), (1410, 1530, 0)],
)
def test_lost_minutes_are_what_rounding_inward_drops(starts, ends, lost):
    assert lost_minutes(WeeklyWindow(1, starts, ends)) == lost


@given(window=WINDOWS)
def test_lost_minutes_agree_with_the_slots(window):
    mask = free_slots(windows=[window], zone=TOKYO, term_zone=TOKYO, dates_by_weekday=every_week(date(2026, 10, 5), 1))

    assert window.minutes - lost_minutes(window) == 30 * mask.bit_count()


def test_a_thousand_people_share_the_work_of_their_zones():
    dates = every_week(date(2026, 10, 5), 8)
    people = [
        ([WeeklyWindow(n % 7, (n * 30) % 1440, (n * 30) % 1440 + 120), WeeklyWindow((n + 3) % 7, 1140, 1260)], zone)
        for n, zone in enumerate([TOKYO, NEW_YORK, "Europe/London", TOKYO] * 250)
    ]

    began = time.process_time()
    for windows, zone in people:
        free_slots(windows=windows, zone=zone, term_zone=TOKYO, dates_by_weekday=dates)

    assert time.process_time() - began < 4, "a quarter of a second on a quiet machine; 20 without sharing"
