"""Nobody is booked twice, however many try at once: on both databases, and with a control that fails."""

import pytest
from django.db import connection, transaction

from sessions.models import BusyTime, DialogueSession, SessionSeries
from sessions.services.booking import book_queued_series, book_series
from tests.factories import NOW, make_cohort, make_term
from tests.races import all_at_once
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


@pytest.mark.slow
@pytest.mark.postgres
def test_a_series_that_another_worker_is_at_is_passed_over_and_holds_nobody_up(transactional_db: None) -> None:
    term = make_term()
    series = [SessionSeries.objects.create(cohort=make_cohort(term), created_at=NOW) for _ in range(3)]

    def impatient() -> tuple[bool, int]:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        return book_series(series_id=series[0].pk, now=NOW), book_queued_series(now=NOW)

    with transaction.atomic():  # another worker is in the middle of the first one
        SessionSeries.objects.select_for_update().get(pk=series[0].pk)
        assert all_at_once([impatient]) == [(False, 2)]
    assert book_queued_series(now=NOW) == 1
