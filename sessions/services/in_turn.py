"""Taps one after the other, where the database has no locks for rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from django.db import connection

_TURN: Final = Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait here until the other threads of this process have written, and then begin.

    SQLite lets whoever finds it locked sleep up to a tenth of a second and look again, in no order: with many rooms
    some taps waited for seconds. Where rows can be locked nobody waits here, nor inside a transaction, which may hold
    the database already.
    """
    if connection.features.has_select_for_update or connection.in_atomic_block:
        yield
        return
    with _TURN:
        yield
