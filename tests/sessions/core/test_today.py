"""When something is a matter of today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.core.today import absences_running, has_waited, is_silent, is_time_to_speak, lacks_next_session
from tests.factories import NOW

WEEK = timedelta(days=7)
CAME = st.sampled_from([True, False, None])


@pytest.mark.parametrize(
    ("came", "running"),
    [
        ([], 0),
        ([True], 0),
        ([False], 1),
        ([True, False, False], 2),
        ([False, False, True], 0),
        ([False, None, False], 1),
        ([False, False, None], 2),
        ([False, False, False], 3),
        ([None, None], 0),
    ],
)
def test_absences_count_from_the_latest_session_that_is_known(came, running):
    assert absences_running(came) == running


@given(came=st.lists(CAME))
def test_nobody_who_came_last_is_said_to_have_been_away(came):
    assert absences_running([*came, True]) == 0
    assert absences_running([*came, True, None]) == 0
    assert absences_running([*came, False]) >= 1


@given(days=st.integers(0, 400))
def test_a_month_without_a_word_is_30_days(days):
    today = date(2026, 11, 24)

    assert is_time_to_speak(last=today - timedelta(days=days), today=today) is (days >= 30)


@given(minutes=st.integers(0, 20_000), patience=st.integers(0, 20_000))
def test_patience_ends_at_its_last_minute(minutes, patience):
    since = NOW - timedelta(minutes=minutes)

    assert has_waited(since, now=NOW, patience=timedelta(minutes=patience)) is (minutes >= patience)


@pytest.mark.parametrize(
    ("held", "ahead", "planned", "last", "lacks"),
    [
        (2, 0, 4, timedelta(days=1), True),
        (0, 0, 4, None, True),
        (2, 1, 4, timedelta(days=1), False),
        (4, 0, 4, timedelta(days=1), False),
        (5, 0, 4, timedelta(days=1), False),
        (3, 0, 4, timedelta(days=28), False),
    ],
)
def test_a_cohort_lacks_a_session_while_its_series_is_not_over(held, ahead, planned, last, lacks):
    last_end = NOW - last if last else None

    assert lacks_next_session(held=held, ahead=ahead, planned=planned, last_end=last_end, now=NOW) is lacks


@pytest.mark.parametrize(
    ("owes", "sign", "silent"),
    [
        (WEEK, None, True),
        (WEEK, WEEK, True),
        (WEEK, timedelta(days=6, hours=23), False),
        (timedelta(days=6, hours=23), None, False),
    ],
)
def test_silence_is_a_week_without_a_sign_while_something_waits(owes, sign, silent):
    last_sign = NOW - sign if sign else None

    assert is_silent(owes_since=NOW - owes, last_sign=last_sign, now=NOW) is silent
