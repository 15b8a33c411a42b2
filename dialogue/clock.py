"""The one place that tells what time it is. Shells ask once and pass `now` down."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string


def database_now() -> datetime:
    """Return the moment by the database's clock where it has one of its own, so that all machines agree.

    SQLite runs inside the process: its clock is the machine's.
    """
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)


def now() -> datetime:
    """Return the present moment in UTC from the clock that the settings name."""
    return import_string(settings.CLOCK)()
