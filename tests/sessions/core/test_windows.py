"""Times that suit all: never one that somebody did not give, best first, on different days."""

from datetime import date, timedelta
from functools import reduce
from operator import and_
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sessions.core.windows import SLOTS_IN_WEEK, Free, Window, best, common_windows

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = date(2026, 11, 30)
DAYS = {weekday: MONDAY + timedelta(days=weekday) for weekday in range(7)}
ALL_WEEK = (1 << SLOTS_IN_WEEK) - 1


def at(weekday: int, hour: int, hours: int = 2) -> int:
    first = weekday * 48 + hour * 2
    return sum(1 << (first + n) % SLOTS_IN_WEEK for n in range(hours * 2))


def surely(mask: int) -> Free:
    return Free(mask, mask)


def starts(windows: list[Window]) -> list[str]:
    return [f"{one.starts_at.astimezone(TOKYO):%a %H:%M}" for one in windows]


def test_only_what_everybody_gave_is_found():
    people = [surely(at(1, 19, 3)), surely(at(1, 20, 3)), surely(at(1, 18, 4) | at(3, 10))]

    assert starts(common_windows(people, days=DAYS, zone=TOKYO, minutes=90)) == ["Tue 20:00", "Tue 20:30"]


def test_a_day_that_is_closed_gives_no_window():
    days = {weekday: day for weekday, day in DAYS.items() if weekday != 1}

    assert common_windows([surely(at(1, 19))], days=days, zone=TOKYO, minutes=90) == []


def test_who_can_only_if_need_be_is_counted():
    reluctant = Free(0, at(1, 19))

    [first, *_] = common_windows([surely(at(1, 19)), reluctant], days=DAYS, zone=TOKYO, minutes=90)
    assert first.reluctant == 1


def test_a_window_runs_on_from_sunday_night_into_monday():
    found = common_windows([surely(at(6, 23, 2))], days=DAYS, zone=TOKYO, minutes=90)

    assert starts(found) == ["Sun 23:00", "Sun 23:30"]


def test_nobody_gives_no_window():
    assert common_windows([], days=DAYS, zone=TOKYO, minutes=90) == []


def test_three_are_offered_on_three_days_and_those_that_suit_surely_come_first():
    people = [Free(at(1, 18, 4) | at(3, 19), ALL_WEEK)]

    chosen = best(common_windows(people, days=DAYS, zone=TOKYO, minutes=90), zone=TOKYO)
    assert starts(chosen) == ["Tue 19:00", "Thu 19:00", "Mon 19:00"]
    assert [one.reluctant for one in chosen] == [0, 0, 1]


def test_the_usual_day_and_time_comes_first_among_equals():
    found = common_windows([surely(ALL_WEEK)], days=DAYS, zone=TOKYO, minutes=90, usual=(4, 10 * 60))

    assert starts(best(found, zone=TOKYO))[0] == "Fri 10:00"


MASKS = st.lists(st.integers(0, SLOTS_IN_WEEK - 1), max_size=80).map(
    lambda bits: reduce(lambda m, b: m | 1 << b, bits, 0)
)
WEEKLY = st.tuples(MASKS, MASKS).map(lambda two: Free(two[0], two[0] | two[1]))


@given(people=st.lists(WEEKLY, min_size=1, max_size=6), minutes=st.sampled_from([30, 60, 90, 120]))
def test_every_window_lies_in_the_time_that_all_gave_and_none_is_missed(people, minutes):
    found = common_windows(people, days=DAYS, zone=TOKYO, minutes=minutes)

    shared = reduce(and_, (one.if_need_be for one in people))
    length = minutes // 30
    expected = {
        slot for slot in range(SLOTS_IN_WEEK) if all(shared >> (slot + n) % SLOTS_IN_WEEK & 1 for n in range(length))
    }
    local = [one.starts_at.astimezone(TOKYO) for one in found]
    assert {one.weekday() * 48 + one.hour * 2 + one.minute // 30 for one in local} == expected


@given(people=st.lists(WEEKLY, min_size=1, max_size=4))
def test_what_is_offered_was_found_and_the_first_is_as_good_as_any(people):
    found = common_windows(people, days=DAYS, zone=TOKYO, minutes=60)
    chosen = best(found, zone=TOKYO)

    assert set(chosen) <= set(found)
    assert len(chosen) == min(3, len(found))
    if found:
        assert chosen[0].reluctant == min(one.reluctant for one in found)
