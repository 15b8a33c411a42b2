"""The demo knows its worker by a lock that dies with it, never by a number alone."""

import os
import subprocess
import sys

from config.demo import worker
from tests.processes import ROOT, wait_until

HOLD = """
import sys, time
from pathlib import Path
from config.demo import worker
worker._place = lambda: Path(sys.argv[1])
worker.note_worker()
time.sleep(60)
"""


def test_a_living_worker_is_known_and_killed_and_a_dead_one_is_nobody(monkeypatch, tmp_path):
    place = tmp_path / "worker.pid"
    monkeypatch.setattr(worker, "_place", lambda: place)
    assert worker.kill_worker() is None

    environment = {**os.environ, "MADOI_MODE": "test", "MADOI_STATE": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(place)], cwd=ROOT, env=environment) as process:
        wait_until(lambda: worker.worker_pid() is not None, seconds=60)
        assert worker.kill_worker() == process.pid
        assert process.wait(10) == -9

    assert place.read_text() == str(process.pid), "its number stays behind"
    assert worker.worker_pid() is None
    assert worker.kill_worker() is None
