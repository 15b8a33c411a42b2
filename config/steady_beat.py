"""Beat that goes on when the machine's clock is set back."""

from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):
    """Celery's own scheduler, which believes the clock: set back by an hour, it would sleep for that hour.

    It goes by when an entry last ran. A time that has not come yet can only be from before the clock was set back,
    by this process or by the one whose schedule file it has read.
    """

    def tick(self, *args: Any, **options: Any) -> float:
        """Do what is due, and return for how many seconds there is nothing to do."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None  # its times are from before, too
        seconds: float = super().tick(*args, **options)
        return seconds
