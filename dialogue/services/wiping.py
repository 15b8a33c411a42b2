"""What was deleted leaves the disk too, where the database is SQLite."""

from django.conf import settings
from django.db import connection


def empty_write_ahead_log() -> None:
    """Let the log that SQLite writes ahead go: until then it holds rows as they stood before they were deleted.

    Nobody waits: where somebody reads or writes at that moment, it stays for the next call. Any other database looks
    after itself, and nothing is done. Inside a transaction nothing can be, and nothing is.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    patience = settings.DATABASES["default"].get("OPTIONS", {}).get("timeout", 5)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {1000 * patience}")
