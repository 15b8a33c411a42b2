"""One clock: the database's, where it has one of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from dialogue import clock


@pytest.mark.postgres
def test_the_present_moment_is_postgresqls():
    """A server that is told another time tells it to every machine that asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before = cursor.fetchone()[0]
        moment = clock.now()
        cursor.execute("SELECT clock_timestamp()")
        after = cursor.fetchone()[0]

    assert before <= moment <= after
    assert moment.tzinfo is UTC


@pytest.mark.postgres
def test_the_machines_own_clock_is_not_asked(monkeypatch):
    class WrongClock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(1999, 1, 1, tzinfo=tz)

    monkeypatch.setattr(clock, "datetime", WrongClock)

    assert clock.database_now().year > 2020


@pytest.mark.django_db
def test_on_sqlite_it_is_the_machines(settings):
    assert connection.vendor == "sqlite"
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
