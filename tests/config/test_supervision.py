"""Processes are started again when they end, and none outlives the supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.embedded import LONGEST_SOCKET_PATH, is_taken, socket_place
from config.supervision import FIRST_PAUSE, LONGEST_PAUSE, Kept, StopRequest, end, end_all, finish, start
from tests.processes import ROOT, free_port, wait_until

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
PARENT_OF_SLEEP = (
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)",
)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_kept_process_starts_again_after_it_was_killed():
    said = []
    part = Kept("worker", SLEEP)
    part.look(now=0.0, say=said.append)
    first = part.process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()

    part.look(now=1.0, say=said.append)
    part.look(now=1.0 + part.pause, say=said.append)

    assert part.process.pid != first.pid
    assert said == ["worker ended (SIGKILL); it starts again in 0.4 s"]
    end_all([part])


def test_kept_process_that_cannot_live_is_tried_for_ever_with_longer_pauses():
    part = Kept("web", (sys.executable, "-c", "raise SystemExit(3)"))
    now, pauses = 0.0, []
    for _ in range(8):
        part.look(now=now, say=lambda line: None)
        part.process.wait()
        part.look(now=now, say=lambda line: None)
        pauses.append(part.pause)
        now = part.due_at

    assert pauses[0] == 2 * FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_kept_process_that_was_steady_starts_again_at_once():
    part = Kept("web", (sys.executable, "-c", ""), pause=LONGEST_PAUSE)
    part.look(now=0.0, say=lambda line: None)
    part.process.wait()

    part.look(now=3600.0, say=lambda line: None)

    assert part.due_at == 3600.0 + FIRST_PAUSE


def test_end_takes_the_children_of_the_process_too(tmp_path):
    log = tmp_path / "log"
    process = start(PARENT_OF_SLEEP, log=log)
    wait_until(lambda: log.exists() and log.read_text().strip().isdigit(), seconds=10)
    grandchild = int(log.read_text())

    end(process, patience=1)

    wait_until(lambda: not is_alive(grandchild), seconds=5)
    assert not is_alive(process.pid)


def test_finish_returns_the_exit_code_of_the_step():
    assert finish((sys.executable, "-c", "raise SystemExit(7)"), stop=StopRequest()) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_killed_supervisor_leaves_nothing_behind():
    lines = (
        "import sys, time; from config.supervision import start;"
        "child = start([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", lines], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(supervisor.stdout.readline())
    assert is_alive(child)

    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()

    wait_until(lambda: not is_alive(child), seconds=5)


@pytest.mark.slow
def test_embedded_run_outlives_kills_and_ends_clean(tmp_path):
    """Broker, worker and web are killed once each; the site answers again; SIGTERM leaves no process."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MADOI_MODE": "development",
        "MADOI_STATE": str(tmp_path / "a state 円居"),
        "LOG_LEVEL": "INFO",
    }
    log = tmp_path / "out.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "config.embedded", "--port", str(port)]
        supervisor = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        wait_until(lambda: "ready: http" in log.read_text(), seconds=90, log=log)
        wait_until(lambda: len(children(supervisor.pid)) == 3, seconds=5, log=log)
        first = children(supervisor.pid)
        for pid in first:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: log.read_text().count("starts again") == 3, seconds=10, log=log)
        wait_until(lambda: is_taken("127.0.0.1", port), seconds=60, log=log)
        wait_until(lambda: log.read_text().count(" ready.") >= 1, seconds=60, log=log)
        second = children(supervisor.pid)
    finally:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(40)

    assert supervisor.returncode == 0
    assert not set(first) & set(second)
    time.sleep(0.2)
    assert [pid for pid in [*first, *second] if is_alive(pid)] == []


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_socket_of_a_long_folder_goes_to_a_short_one(tmp_path):
    deep = tmp_path.joinpath(*["a folder with a long name"] * 4)

    place = socket_place(deep)

    assert place.parent.exists()
    assert len(os.fsencode(place)) <= LONGEST_SOCKET_PATH
    place.parent.rmdir()
