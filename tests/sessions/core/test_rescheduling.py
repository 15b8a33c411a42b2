"""New dates for what remains of a series."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.recurrence import Cadence
from sessions.core.rescheduling import (
    Way,
    ends_late,
    new_starts,
    next_turn,
    passed_over,
    same_hour_later,
    shared_window,
    starts_in_another_window,
)

TOKYO = ZoneInfo("Asia/Tokyo")
TUESDAYS = [datetime(2026, 12, day, 19, 30, tzinfo=TOKYO) for day in (1, 8, 15, 22)]


def days_of(starts, zone="Asia/Tokyo"):
    return [start.astimezone(ZoneInfo(zone)).date() for start in starts]


def moved(starts=TUESDAYS, *, first_day=date(2026, 12, 3), minute=20 * 60, way=Way.RHYTHM, **given_):
    options = {"cadence": Cadence.WEEKLY, "zone": "Asia/Tokyo"} | given_
    return new_starts(starts=starts, first_day=first_day, minute=minute, way=way, **options)


def test_a_series_takes_up_its_rhythm_again_from_another_weekday():
    starts = moved()

    assert days_of(starts) == [date(2026, 12, day) for day in (3, 10, 17, 24)]
    assert {start.astimezone(TOKYO).hour for start in starts} == {20}


def test_in_the_rhythm_closed_days_are_passed_over_and_the_count_stays():
    closed = {date(2026, 12, 10)}

    starts = moved(closed=closed)

    assert days_of(starts) == [date(2026, 12, day) for day in (3, 17, 24, 31)]
    assert passed_over(days_of(starts), cadence=Cadence.WEEKLY, closed=closed) == [date(2026, 12, 10)]


def test_a_first_day_that_is_closed_is_refused():
    with pytest.raises(ValueError, match="closed day"):
        moved(closed={date(2026, 12, 3)})


def test_a_shift_keeps_every_distance_and_passes_nothing_over():
    uneven = [TUESDAYS[0], TUESDAYS[1], TUESDAYS[3]]

    starts = moved(uneven, way=Way.SHIFT, closed={date(2026, 12, 10)})

    assert days_of(starts) == [date(2026, 12, day) for day in (3, 10, 24)]


def test_a_monthly_series_keeps_its_new_ordinal_weekday():
    second_tuesdays = [datetime(2026, month, day, 19, tzinfo=TOKYO) for month, day in ((10, 13), (11, 10), (12, 8))]

    starts = moved(second_tuesdays, first_day=date(2026, 10, 22), cadence=Cadence.MONTHLY)

    assert days_of(starts) == [date(2026, 10, 22), date(2026, 11, 26), date(2026, 12, 24)]  # fourth Thursdays


@given(
    zone=st.sampled_from(["America/New_York", "Europe/London", "Australia/Sydney", "Pacific/Apia", "Asia/Tokyo"]),
    first=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    hour=st.integers(6, 22),
    way=st.sampled_from(list(Way)),
)
def test_everybody_sees_the_new_hour_whatever_the_clocks_do(zone, first, hour, way):
    starts = [datetime(2026, 3, 3, 12, tzinfo=UTC) + timedelta(weeks=n) for n in range(12)]

    found = new_starts(
        starts=starts, first_day=first, minute=hour * 60, way=way, cadence=Cadence.WEEKLY, zone=zone
    )  # fmt: skip

    assert {start.astimezone(ZoneInfo(zone)).hour for start in found} == {hour}
    assert days_of(found, zone)[0] == first


@pytest.mark.parametrize(
    ("cadence", "first", "last", "expected"),
    [
        (Cadence.WEEKLY, date(2026, 12, 1), date(2026, 12, 22), date(2027, 1, 5)),
        (Cadence.FORTNIGHTLY, date(2026, 12, 1), date(2026, 12, 15), date(2027, 1, 12)),
        (Cadence.MONTHLY, date(2026, 10, 13), date(2026, 11, 10), date(2026, 12, 8)),
        (Cadence.MONTHLY, date(2026, 9, 29), date(2026, 11, 24), date(2027, 1, 26)),
    ],
)
def test_the_next_turn_follows_the_rhythm_and_passes_closed_days_over(cadence, first, last, expected):
    closed = {date(2026, 12, 29)}

    assert next_turn(last, cadence=cadence, closed=closed, ordinal_of=first) == expected


@pytest.mark.parametrize(
    ("start", "minutes", "late"),
    [((19, 30), 90, False), ((19, 31), 90, True), ((23, 0), 90, True)],
)
def test_a_session_is_late_when_it_runs_past_the_hour_or_over_midnight(start, minutes, late):
    begins = datetime(2026, 12, 1, *start, tzinfo=TOKYO)

    assert (
        ends_late(starts_at=begins, ends_at=begins + timedelta(minutes=minutes), zone="Asia/Tokyo", latest=1260) == late
    )


def test_the_same_hour_some_days_later_minds_a_change_of_clocks():
    london = datetime(2026, 3, 24, 19, tzinfo=ZoneInfo("Europe/London"))

    later = same_hour_later(london, zone="Europe/London", days=7)

    assert later == datetime(2026, 3, 31, 18, tzinfo=UTC)


def test_sessions_share_a_window_when_all_start_on_one_weekday_at_one_hour():
    assert shared_window(TUESDAYS, zone="Asia/Tokyo") == (1, 19 * 60 + 30)
    assert shared_window([*TUESDAYS, TUESDAYS[0] + timedelta(days=1)], zone="Asia/Tokyo") is None
    assert shared_window(TUESDAYS[:1], zone="Asia/Tokyo") is None


THURSDAYS = [date(2026, 12, day) for day in (3, 10, 17, 24)]


def to_thursdays(starts=TUESDAYS, *, earliest=datetime(2026, 11, 27, tzinfo=TOKYO), days=THURSDAYS, **given_):
    options = {"cadence": Cadence.WEEKLY, "zone": "Asia/Tokyo"} | given_
    return days_of(starts_in_another_window(starts, days=days, minute=20 * 60, earliest=earliest, **options))


def test_a_cohort_that_meets_on_another_weekday_takes_the_turns_of_the_term_on_it():
    assert to_thursdays() == THURSDAYS
    assert to_thursdays(TUESDAYS[2:]) == THURSDAYS[2:]


def test_no_session_comes_nearer_than_people_can_be_asked_and_the_rhythm_goes_on_after_the_last_turn():
    assert to_thursdays(earliest=datetime(2026, 12, 4, tzinfo=TOKYO)) == [*THURSDAYS[1:], date(2026, 12, 31)]


def test_a_closed_day_is_passed_over_after_the_last_turn_too():
    closed = frozenset({date(2026, 12, 31)})

    assert to_thursdays(earliest=datetime(2026, 12, 4, tzinfo=TOKYO), closed=closed)[-1] == date(2027, 1, 7)


def test_where_nothing_is_left_of_the_term_the_rhythm_goes_on_from_its_first_turn():
    late = [datetime(2027, 1, 5, 19, 30, tzinfo=TOKYO)]

    assert to_thursdays(late, days=[date(2026, 12, 3), date(2026, 12, 17)], cadence=Cadence.FORTNIGHTLY) == [
        date(2027, 1, 14)
    ]


def test_a_series_without_a_session_moves_nothing():
    assert to_thursdays([]) == []
