"""What is shown of the three questions: five answers or more, and no two looks that differ by fewer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.core.after import LEAST, Week, closes_on, lines_of, of_all, takes_answers

MONDAY = date(2026, 11, 30)
STARTS = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)


def week(number: int, *counts: int) -> Week:
    return Week(MONDAY + timedelta(weeks=number), frozenset({number + 1}), counts)


WEEKS = st.lists(
    st.tuples(st.integers(0, 30), st.tuples(*[st.integers(0, 4)] * 5)), max_size=12, unique_by=lambda one: one[0]
)


@pytest.mark.parametrize(
    ("after_end", "open_"),
    [
        (timedelta(minutes=-15, seconds=-1), False),
        (timedelta(minutes=-15), True),
        (timedelta(days=7, seconds=-1), True),
        (timedelta(days=7), False),
    ],
)
def test_questions_open_for_the_last_minutes_and_stay_a_week(after_end, open_):
    assert takes_answers(starts_at=STARTS, ends_at=ENDS, now=ENDS + after_end) is open_


def test_a_week_is_closed_when_its_last_evening_takes_no_more_answers():
    sunday_night = datetime(2026, 12, 6, 23, 59, tzinfo=UTC)

    assert not takes_answers(
        starts_at=sunday_night - timedelta(hours=1),
        ends_at=sunday_night,
        now=datetime.combine(closes_on(MONDAY), datetime.min.time(), UTC),
    )


def test_a_small_week_stands_with_the_next_until_five_have_answered():
    lines = lines_of([week(0, 1, 1, 0, 0, 0), week(1, 0, 2, 1, 0, 0), week(2, 5, 0, 0, 0, 0)], today=date(2027, 3, 1))

    assert [(line.first, line.last, line.bands) for line in lines] == [
        (MONDAY, MONDAY + timedelta(weeks=1), (4, 1, 0)),
        (MONDAY + timedelta(weeks=2), MONDAY + timedelta(weeks=2), (5, 0, 0)),
    ]
    assert lines[0].numbers == {1, 2}


def test_four_answers_show_nothing_and_neither_does_an_open_week():
    assert lines_of([week(0, 4, 0, 0, 0, 0)], today=date(2027, 3, 1)) == []
    assert lines_of([week(0, 9, 0, 0, 0, 0)], today=closes_on(MONDAY) - timedelta(days=1)) == []
    assert len(lines_of([week(0, 9, 0, 0, 0, 0)], today=closes_on(MONDAY))) == 1


@given(WEEKS, st.integers(0, 300), st.integers(0, 300))
def test_whatever_two_looks_differ_by_is_five_answers_or_more(weeks, one, other):
    """Somebody who looks every day and subtracts learns no more than the page itself says."""
    found = [week(number, *counts) for number, counts in weeks]
    early, late = (lines_of(found, today=MONDAY + timedelta(days=day)) for day in sorted((one, other)))

    assert late[: len(early)] == early
    assert all(line.answers >= LEAST for line in late)


@given(WEEKS)
def test_the_whole_term_is_what_its_lines_add_up_to(weeks):
    lines = lines_of([week(number, *counts) for number, counts in weeks], today=date(2028, 1, 1))
    whole = of_all(lines)

    assert (whole.answers if whole else 0) == sum(line.answers for line in lines)


@pytest.mark.parametrize(
    ("closed", "asked", "open_"),
    [
        (timedelta(minutes=30), timedelta(minutes=30, seconds=-1), False),
        (timedelta(minutes=30), timedelta(minutes=30), True),
        (timedelta(minutes=-10), timedelta(minutes=-1), False),
        (timedelta(minutes=-10), timedelta(), True),
    ],
)
def test_a_circle_that_closes_early_is_asked_from_then_on_and_nobody_before_the_start(closed, asked, open_):
    assert takes_answers(starts_at=STARTS, ends_at=ENDS, now=STARTS + asked, closed_at=STARTS + closed) is open_
    late = ENDS + timedelta(minutes=20)
    assert takes_answers(starts_at=STARTS, ends_at=ENDS, now=ENDS - timedelta(minutes=5), closed_at=late)
