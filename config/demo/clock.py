"""The demo's clock: the machine's, put forward by whoever tries the site."""

from datetime import UTC, datetime, timedelta

from django.db.models import F

from config.demo.models import DemoClock
from dialogue.wake import wake

SWEEPS = (
    "sessions.book_queued_series",
    "sessions.look_after_quorum",
    "matching.run_queued",
    "dialogue.deliver_due_messages",
)


def demo_now() -> datetime:
    """Return the present moment of the demo, in UTC."""
    ahead = DemoClock.objects.values_list("ahead_seconds", flat=True).first() or 0
    return datetime.now(UTC) + timedelta(seconds=ahead)


def put_forward(by: timedelta) -> None:
    """Put the demo's clock forward and wake the workers, so that what has come due happens at once.

    Raises:
        ValueError: `by` is negative; a clock that goes back would send reminders twice.
    """
    seconds = int(by.total_seconds())
    if seconds < 0:
        raise ValueError("the demo's clock only goes forward")
    DemoClock.objects.get_or_create(pk=1)
    DemoClock.objects.filter(pk=1).update(ahead_seconds=F("ahead_seconds") + seconds)
    for task in SWEEPS:
        wake(task)
