"""Beat as a thread of the worker, for a run on one machine."""

from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService


class BeatThread(bootsteps.StartStopStep):
    """Start beat with the worker and end it with the worker, when `--beat-thread` is given.

    Celery's own `--beat` starts a process: 80 MB resident more, which a killed worker leaves behind and which,
    killed itself, is not started again while its worker lives.
    """

    label = "Beat thread"
    conditional = True

    def __init__(self, worker: Any, beat_thread: bool = False, **options: Any) -> None:
        self.enabled = beat_thread
        super().__init__(worker, **options)

    def create(self, worker: Any) -> Any:
        return EmbeddedService(
            worker.app,
            thread=True,
            schedule_filename=worker.schedule_filename,
            scheduler_cls=worker.app.conf.beat_scheduler,
        )
