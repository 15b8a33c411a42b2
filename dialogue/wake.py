"""Wake a worker after the transaction has committed. The row is the truth; this only saves waiting for the sweep."""

import logging

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
    # Celery is a sixth of what a web process loads: it comes with the first wake, not before the first page.
    from kombu.exceptions import OperationalError  # noqa: PLC0415

    app = import_string(settings.TASK_APP)
    try:
        app.send_task(task_name, retry=False, ignore_result=True)
    except OperationalError:
        log.warning("broker unreachable, %s waits for its sweep", task_name)
