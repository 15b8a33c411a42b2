"""Several threads that begin at the same moment, each with a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection


def all_at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each call in a thread and return, in their order, what each gave or raised."""
    begin = threading.Barrier(len(calls))
    found: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        try:
            begin.wait()
            found[place] = calls[place]()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
