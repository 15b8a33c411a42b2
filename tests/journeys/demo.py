"""The real demo, started for these tests alone, and put back to its first moment whenever a journey begins."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded import answers
from config.supervision import start
from tests.processes import free_port, wait_until

SLOW_START = 240.0
"""Seconds until the demo is filled and answers: 20 on an idle machine, minutes on one that others load too."""
QUICK_END = 40.0


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A demo that runs. Its database can be put back to the moment when it had just been filled."""

    url: str
    state: Path

    def keep(self) -> None:
        """Remember the story as it stands."""
        copy(self.state / "madoi.sqlite3", self.state / "kept.sqlite3")

    def rewind(self) -> None:
        """Put the story back. The site goes on running: to its processes it is one transaction of somebody else."""
        copy(self.state / "kept.sqlite3", self.state / "madoi.sqlite3")


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=20)) as written:
        read.backup(written)


@contextmanager
def running_demo(state: Path) -> Iterator[DemoSite]:
    """Run the demo as `bin/madoi demo` does, in a state folder of its own, and end it by its own id.

    Publications are held for as long as on a real site: a slow machine must not be too late to take one back.

    Raises:
        TimeoutError: it did not answer in time; the message ends with its log.
        AssertionError: it did not end well, or left a process behind.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = state / "demo.log"
    state.mkdir(parents=True)
    wanted = {
        "DJANGO_SETTINGS_MODULE": "config.settings", "MADOI_MODE": "demo", "MADOI_STATE": str(state / "state"),
        "BASE_URL": url, "LOG_LEVEL": "INFO", "PUBLISH_HOLD_SECONDS": "300",
    }  # fmt: skip
    with environment(wanted):
        process = start([sys.executable, "-m", "config.embedded", "--port", str(port)], log=log)
    try:
        wait_until(lambda: ended(process) or answers("127.0.0.1", port), seconds=SLOW_START, log=log)
        assert process.poll() is None, log.read_text(errors="replace")
        site = DemoSite(url, state / "state")
        site.keep()
        yield site
    finally:
        family = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(QUICK_END)
    assert process.returncode == 0
    assert len(family) >= 3  # broker, worker, web
    wait_until(lambda: not any(map(is_alive, family)), seconds=5)


@contextmanager
def environment(wanted: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def ended(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def descendants(pid: int) -> list[int]:
    """Return the processes that this one started, and those that they started, as far as this machine tells."""
    found: list[int] = []
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, place.read_text().split()):
            found += [child, *descendants(child)]
    return found


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
