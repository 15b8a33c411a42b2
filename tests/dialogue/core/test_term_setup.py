"""Names, templates, slots and outlooks of terms."""

from datetime import date

import pytest

from dialogue.core.closed_days import ClosedSet
from dialogue.core.named_slots import first_overlap, read_end
from dialogue.core.recurrence import Cadence
from dialogue.core.term_names import fiscal_year_of, name_after, next_name, start_after, unused, usual_name
from dialogue.core.term_outlook import Turn, outlook_for, turns_between
from dialogue.core.term_templates import PROPOSED_SLOTS, TEMPLATES
from dialogue.core.week import WeeklyWindow


@pytest.mark.parametrize(
    ("day", "year", "name"),
    [
        (date(2027, 3, 31), 2026, "2026年度 後期"),
        (date(2027, 4, 1), 2027, "2027年度 前期"),
        (date(2027, 9, 30), 2027, "2027年度 前期"),
        (date(2027, 10, 1), 2027, "2027年度 後期"),
        (date(2028, 1, 10), 2027, "2027年度 後期"),
    ],
)
def test_fiscal_year_begins_with_april_and_its_second_half_with_october(day, year, name):
    assert fiscal_year_of(day) == year
    assert usual_name(day) == name


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("2027年度 前期", "2027年度 後期"),
        ("2027年度 後期", "2028年度 前期"),
        ("第3期", "第4期"),
        ("第9期", "第10期"),
        ("2027年度 第1期", "2027年度 第2期"),
        ("2026年度", "2027年度"),
        ("Term 3", "Term 4"),
        ("秋の灯", "秋の灯"),
    ],
)
def test_copied_term_gets_the_name_that_follows(name, following):
    assert name_after(name) == following


def test_name_that_is_taken_gets_a_number():
    assert unused("秋の灯", taken={"秋の灯", "秋の灯 2"}) == "秋の灯 3"
    assert unused("秋の灯", taken=set()) == "秋の灯"


@pytest.mark.parametrize(
    ("name", "taken", "following"),
    [
        ("第2期", {"第2期"}, "第3期"),
        ("第2期", {"第2期", "第3期"}, "第4期"),
        ("第2期", {"第2期", "第3期", "第4期", "第6期"}, "第5期"),
        ("Term 2", {"Term 2", "Term 3"}, "Term 4"),
        ("2027年度 後期", {"2027年度 後期", "2028年度 前期"}, "2028年度 前期 2"),  # a copy is not of two years ahead
        ("秋の灯", {"秋の灯"}, "秋の灯 2"),
    ],
)
def test_names_that_only_count_go_on_to_the_next_free_number(name, taken, following):
    assert next_name(name, taken=taken) == following


def test_half_begins_on_a_monday_of_its_season_and_never_before_the_last_term_is_over():
    assert start_after("2027年度 後期", earliest=date(2027, 7, 1)) == date(2027, 10, 4)
    assert start_after("2027年度 前期", earliest=date(2027, 1, 5)) == date(2027, 4, 12)
    assert start_after("2027年度 後期", earliest=date(2027, 11, 10)) == date(2027, 11, 15)
    assert start_after("第4期", earliest=date(2027, 11, 15)) == date(2027, 11, 15)


def test_templates_are_the_three_that_the_docs_name():
    assert {key: (one.session_count, one.cadence, one.session_minutes) for key, one in TEMPLATES.items()} == {
        "4": (4, Cadence.FORTNIGHTLY, 90),
        "8": (8, Cadence.WEEKLY, 90),
        "12": (12, Cadence.MONTHLY, 120),
    }


def test_proposed_slots_hold_the_longest_template_and_do_not_overlap():
    longest = max(one.session_minutes for one in TEMPLATES.values())

    assert 3 <= len(PROPOSED_SLOTS) <= 6
    assert all(slot.minutes >= longest and slot.ends <= 21 * 60 for slot in PROPOSED_SLOTS)
    assert first_overlap(PROPOSED_SLOTS) is None


@pytest.mark.parametrize(
    ("text", "minutes"), [("21:00", 1260), ("24:00", 1440), ("２５：００", 1500), ("25時半", 1530), ("29:00", 1740)]
)
def test_end_may_lie_past_midnight(text, minutes):
    assert read_end(text) == minutes


@pytest.mark.parametrize("text", ["", "29:30", "30:00", "25:60", "25:0", "2500:00", "夕方", "7", "-1:00"])
def test_end_that_no_clock_shows_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_end(text)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (WeeklyWindow(1, 1140, 1260), WeeklyWindow(1, 1200, 1320), True),
        (WeeklyWindow(1, 1140, 1260), WeeklyWindow(1, 1260, 1320), False),
        (WeeklyWindow(1, 1140, 1260), WeeklyWindow(2, 1140, 1260), False),
        (WeeklyWindow(1, 1380, 1500), WeeklyWindow(2, 30, 150), True),
        (WeeklyWindow(6, 1380, 1500), WeeklyWindow(0, 30, 150), True),
        (WeeklyWindow(6, 1380, 1500), WeeklyWindow(0, 60, 150), False),
    ],
)
def test_windows_overlap_when_they_share_a_minute_of_the_week(one, other, overlap):
    assert (first_overlap([other, one]) is not None) is overlap


def test_outlook_tells_the_last_day_the_closed_days_and_the_turns_of_the_year():
    outlook = outlook_for(
        starts_on=date(2027, 1, 11),
        cadence=Cadence.WEEKLY,
        session_count=8,
        closed_sets={ClosedSet.PUBLIC_HOLIDAYS},
        closed_days=[date(2027, 2, 9)],
        weekdays=[1],
    )

    assert (outlook.first, outlook.last) == (date(2027, 1, 12), date(2027, 3, 16))  # 2/9 closed, 2/23 a holiday
    assert outlook.closed[date(2027, 2, 9)] == "given"
    assert outlook.closed[date(2027, 2, 23)] == "public_holidays"
    assert outlook.turns == {date(2027, 3, 1): Turn.GRADUATION}


def test_turn_counts_only_for_a_term_that_begins_before_it_and_goes_on_past_it():
    graduation, april = date(2028, 3, 1), date(2028, 4, 1)

    assert turns_between(date(2028, 2, 29), graduation) == {graduation: Turn.GRADUATION}
    assert turns_between(graduation, date(2028, 3, 31)) == {}
    assert list(turns_between(date(2027, 10, 4), date(2028, 4, 3))) == [graduation, april]
    assert len(turns_between(date(2027, 1, 4), date(2028, 12, 3))) == 4


def test_outlook_without_weekdays_looks_at_all_seven():
    outlook = outlook_for(
        starts_on=date(2027, 4, 7), cadence=Cadence.FORTNIGHTLY, session_count=4, closed_sets=frozenset(),
        closed_days=[], weekdays=[],
    )  # fmt: skip

    assert sorted(outlook.dates_by_weekday) == list(range(7))
    assert (outlook.first, outlook.last) == (date(2027, 4, 7), date(2027, 5, 25))
