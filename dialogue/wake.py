"""Wake a worker after the transaction has committed. The row is the truth; this only saves waiting for the sweep."""

import logging
import time

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def wake(task_name: str) -> None:
    """Ask for the sweep named `task_name` once the transaction has committed.

    A broker that cannot be reached is no error here: the row waits for the next sweep. A plan on a file has no workers.
    """
    if settings.PLAN_SEED:
        return
    # A lambda, not a partial: Django names a robust hook that failed, and a partial has no name to be logged by.
    transaction.on_commit(lambda: _publish(task_name), robust=True)


def _publish(task_name: str) -> None:
    """Try once, for as long as `WAKE_TIMEOUT`. After a failure nobody tries again for `WAKE_PAUSE_SECONDS`.

    Otherwise each of the wakes of a request that writes much would wait once more for a broker that does not answer.
    """
    # Celery is a sixth of what a web process loads: it comes with the first wake, not before the first page.
    from kombu.exceptions import OperationalError  # noqa: PLC0415
    from kombu.pools import producers  # noqa: PLC0415

    if pause.lasts():
        return
    app = import_string(settings.TASK_APP)
    # Lines of its own: a worker waits at the broker for longer than a request may.
    line = app.connection_for_write(transport_options=settings.WAKE_TIMEOUT)
    try:
        with producers[line].acquire(block=True) as producer:
            app.send_task(task_name, producer=producer, retry=False, ignore_result=True)
    except OperationalError:
        pause.begin()
        log.warning("broker unreachable, %s waits for its sweep", task_name)


class Pause:
    """Until when this process leaves the broker alone. Threads that begin it at once lose nothing by it."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self) -> None:
        self.until = time.monotonic() + settings.WAKE_PAUSE_SECONDS

    def lasts(self) -> bool:
        return time.monotonic() < self.until


pause = Pause()
