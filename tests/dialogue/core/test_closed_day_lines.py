"""Closed days as people type them: single days and stretches, in every width, and back again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.closed_day_lines import MOST_DAYS, BadLine, Fault, days_in, lines_of, read_closed_days

TODAY = date(2026, 11, 24)
EXAMS = [date(2027, 1, 20) + timedelta(days=n) for n in range(7)]


@pytest.mark.parametrize(
    "written",
    [
        "2027-01-20〜2027-01-26",
        "2027-01-20～2027-01-26",
        "2027-01-20 ~ 2027-01-26",
        "2027-01-20-2027-01-26",
        "2027-01-20 - 2027-01-26",
        "2027-01-20–2027-01-26",
        "2027-01-20 — 01-26",
        "2027-01-20 to 2027-01-26",
        "2027-01-20 TO 2027-01-26",
        "2027年1月20日から2027年1月26日まで",
        "2027年1月20日(水)〜26日(火)",
        "令和9年1月20日〜1月26日",
        "1月20日から26日",
        "1/20-1/26",
        "1/20-26",
        "２０２７－０１－２０〜２０２７－０１－２６",
        "２０２７/０１/２０～０１/２６",
    ],
)
def test_a_stretch_holds_both_ends_and_all_between(written):
    assert read_closed_days(f"{written} 期末試験 Ａ", today=TODAY) == (EXAMS, "期末試験 Ａ")
    assert read_closed_days(written, today=TODAY) == (EXAMS, "")


@pytest.mark.parametrize(
    ("line", "day", "reason"),
    [
        ("2027-01-20 Exams", date(2027, 1, 20), "Exams"),
        ("６月１日", date(2027, 6, 1), ""),
        ("12/8 to be told", date(2026, 12, 8), "to be told"),
        ("2027-01-20 〜の都合", date(2027, 1, 20), "〜の都合"),
    ],
)
def test_a_single_day_stays_one(line, day, reason):
    assert read_closed_days(line, today=TODAY) == ([day], reason)


def test_a_stretch_may_run_over_the_end_of_the_year():
    days, reason = read_closed_days("12月28日〜1月5日 休業", today=TODAY)

    assert (days[0], days[-1], len(days), reason) == (date(2026, 12, 28), date(2027, 1, 5), 9, "休業")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("soon", Fault.NO_DAY),
        ("", Fault.NO_DAY),
        ("2027-02-30〜2027-03-02 試験", Fault.NO_DAY),
        ("2027-02-20〜31", Fault.NO_DAY),
        ("2027-01-20〜", Fault.NO_DAY),
        ("2027-01-20〜来週 試験", Fault.NO_DAY),
        ("2027-01-26〜2027-01-20 試験", Fault.BACKWARDS),
        ("2027-01-26〜20", Fault.BACKWARDS),
        ("2027-01-20〜2028-01-26", Fault.TOO_LONG),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_fault(line, fault):
    with pytest.raises(BadLine) as refused:
        read_closed_days(line, today=TODAY)

    assert refused.value.fault == fault


def test_the_longest_stretch_is_read_and_one_day_more_is_not():
    first = date(2027, 2, 1)
    longest = first + timedelta(days=MOST_DAYS - 1)

    assert len(read_closed_days(f"{first}〜{longest}", today=TODAY)[0]) == MOST_DAYS
    with pytest.raises(BadLine):
        read_closed_days(f"{first}〜{longest + timedelta(days=1)}", today=TODAY)


@given(
    st.dictionaries(
        st.dates(date(2026, 12, 1), date(2027, 6, 30)), st.sampled_from(["", "期末試験", "Ａ to Ｂ"]), max_size=60
    )
)
def test_lines_are_read_as_the_days_that_they_were_made_of(days):
    lines = lines_of(days.items())

    read = {day: reason for some, reason in (read_closed_days(line, today=TODAY) for line in lines) for day in some}
    assert read == days
    assert days_in("\n".join(lines), today=TODAY) == sorted(days)


def test_days_in_a_row_with_one_reason_are_one_line():
    days = [*((day, "期末試験") for day in EXAMS), (date(2027, 1, 27), "入試"), (date(2027, 5, 20), "")]

    assert lines_of(days) == ["2027-01-20〜2027-01-26 期末試験", "2027-01-27 入試", "2027-05-20"]
