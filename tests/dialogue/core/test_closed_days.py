"""Days a programme does not meet."""

from datetime import date, timedelta

import pytest

from dialogue.core.closed_days import GIVEN, ClosedSet, closed_dates

YEAR_2026 = (date(2026, 1, 1), date(2026, 12, 31))


def test_public_holidays_include_the_substitutes_and_the_day_between_two():
    closed = closed_dates(sets={ClosedSet.PUBLIC_HOLIDAYS}, extra=set(), between=YEAR_2026)

    assert list(closed) == [
        date(2026, month, day)
        for month, day in [
            (1, 1), (1, 12), (2, 11), (2, 23), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6),
            (7, 20), (8, 11), (9, 21), (9, 22), (9, 23), (10, 12), (11, 3), (11, 23),
        ]
    ]  # fmt: skip
    assert set(closed.values()) == {"public_holidays"}


def test_the_year_end_runs_from_29_december_to_3_january():
    closed = closed_dates(sets={ClosedSet.YEAR_END}, extra=set(), between=(date(2026, 12, 1), date(2027, 1, 31)))

    assert list(closed) == [date(2026, 12, 29) + timedelta(days=n) for n in range(6)]


def test_obon_runs_from_13_to_16_august():
    closed = closed_dates(sets={ClosedSet.OBON}, extra=set(), between=YEAR_2026)

    assert list(closed) == [date(2026, 8, day) for day in (13, 14, 15, 16)]


def test_given_days_are_closed_inside_the_term_only():
    exam, later = date(2026, 7, 21), date(2027, 7, 21)

    assert closed_dates(sets=set(), extra={exam, later}, between=YEAR_2026) == {exam: GIVEN}


def test_a_day_with_several_reasons_takes_the_first_in_the_stated_order():
    new_year, obon = date(2026, 1, 1), date(2026, 8, 15)
    closed = closed_dates(sets=set(ClosedSet), extra={new_year, obon, date(2026, 6, 1)}, between=YEAR_2026)

    assert (closed[new_year], closed[date(2026, 1, 2)]) == ("public_holidays", "year_end")
    assert (closed[obon], closed[date(2026, 6, 1)]) == ("obon", "given")


def test_both_ends_of_the_term_count_and_days_come_in_order():
    closed = closed_dates(
        sets=set(ClosedSet), extra={date(2026, 8, 20)}, between=(date(2026, 8, 11), date(2026, 8, 20))
    )

    assert list(closed) == sorted(closed)
    assert {min(closed), max(closed)} == {date(2026, 8, 11), date(2026, 8, 20)}


def test_a_term_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="backwards"):
        closed_dates(sets=set(), extra=set(), between=(date(2026, 2, 1), date(2026, 1, 1)))


def test_years_whose_public_holidays_nobody_knows_are_refused_rather_than_open():
    far = (date(2100, 1, 1), date(2100, 1, 31))

    with pytest.raises(ValueError, match="not known"):
        closed_dates(sets={ClosedSet.PUBLIC_HOLIDAYS}, extra=set(), between=far)
    assert date(2100, 1, 1) in closed_dates(sets={ClosedSet.YEAR_END}, extra=set(), between=far)
