"""Beat goes on when the machine's clock is set back; Celery's own would sleep until the clock is there again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import PersistentScheduler

from config.celery import app as madoi
from config.steady_beat import SteadyScheduler

HOUR = timedelta(hours=1)


@pytest.fixture
def app() -> Iterator[Celery]:
    given = Celery("beat", broker="memory://", set_as_current=False)
    given.conf.beat_schedule = {name: {"task": name, "schedule": 30.0} for name in ("deliver", "book")}
    given.set_current()  # schedules that come out of the file ask the current app what time it is
    yield given
    madoi.set_current()
    given.close()


def sent_after_the_clock_was_set_back(app: Celery, kind: type[PersistentScheduler], folder: Path) -> set[str]:
    """Return what a scheduler sends within 45 seconds, when its last ticks were an hour from now."""
    now = [app.now() + HOUR]
    app.now = lambda: now[0]
    scheduler = kind(app, schedule_filename=str(folder / "schedule"))
    sent: list[str] = []
    scheduler.apply_entry = lambda entry, producer=None: sent.append(entry.task)
    run_for(scheduler, now, seconds=45)
    assert set(sent) == {"deliver", "book"}

    now[0] -= HOUR
    sent.clear()
    run_for(scheduler, now, seconds=45)
    scheduler.close()
    return set(sent)


def run_for(scheduler: PersistentScheduler, now: list, *, seconds: int) -> None:
    """Tick as often as the scheduler asks for, with a clock that goes on meanwhile."""
    end = now[0] + timedelta(seconds=seconds)
    while now[0] < end:
        now[0] += timedelta(seconds=max(0.1, min(scheduler.tick(), 5.0)))


def test_everything_is_swept_again_within_half_a_minute(app, tmp_path):
    assert sent_after_the_clock_was_set_back(app, SteadyScheduler, tmp_path) == {"deliver", "book"}


def test_celerys_own_scheduler_would_sleep(app, tmp_path):
    assert sent_after_the_clock_was_set_back(app, PersistentScheduler, tmp_path) == set()


def test_the_site_runs_by_it():
    assert madoi.conf.beat_scheduler == "config.steady_beat.SteadyScheduler"
