"""Nobody is booked twice, however many try at once: on both databases, and with a control that fails."""

import pytest

from sessions.models import BusyTime, DialogueSession, SessionSeries
from tests.sessions.races import book_all_at_once, make_rivals, trials, without_the_guard

RIVALS = 200
AT_ONCE_ON_POSTGRES = 80
"""Connections that a PostgreSQL as it comes allows beside the test's own: further bookings wait for one of these."""


def check_one_won() -> None:
    assert SessionSeries.objects.filter(status="booked").count() == 1
    assert DialogueSession.objects.count() == 1
    assert BusyTime.objects.values("person", "quarter").distinct().count() == BusyTime.objects.count() == 5 * 6


@pytest.mark.slow
@pytest.mark.postgres
def test_of_200_bookings_for_one_facilitator_one_is_made_and_199_are_told(transactional_db: None) -> None:
    series = make_rivals(RIVALS)
    won = taken = 0
    for start in range(0, RIVALS, AT_ONCE_ON_POSTGRES):
        some_won, some_taken, other = book_all_at_once(series[start : start + AT_ONCE_ON_POSTGRES])
        won, taken = won + some_won, taken + some_taken
        assert other == []

    assert (won, taken) == (1, 199)
    check_one_won()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_holds_on_sqlite_with_all_200_at_once() -> None:
    assert book_all_at_once(make_rivals(RIVALS)) == (1, 199, [])
    check_one_won()


@pytest.mark.slow
@pytest.mark.postgres
def test_no_race_is_won_by_both(transactional_db: None) -> None:
    assert trials(50) == 0


@pytest.mark.slow
@pytest.mark.postgres
def test_without_the_unique_key_races_are_won_by_both(transactional_db: None) -> None:
    """The control: looking first is no guard."""
    with without_the_guard():
        assert trials(20) > 0
