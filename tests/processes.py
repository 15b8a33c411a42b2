"""Real processes for tests: broker, worker, web server. Each ends with the test session, whatever happens."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from config.embedded import answers, broker_command, socket_place
from config.supervision import end, start

ROOT = Path(settings.BASE_DIR)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the path of the browser that this machine has."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port: int) -> bool:
    """Whether somebody answers at a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_until(what: Callable[[], bool], *, seconds: float, log: Path | None = None, pause: float = 0.05) -> None:
    """Return as soon as it is true, looking every `pause` seconds.

    Raises:
        TimeoutError: it was not true in time; the message ends with the log's last lines.
    """
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-3000:] if log and log.exists() else ""
            raise TimeoutError(f"not so after {seconds} s\n{tail}")
        time.sleep(pause)


def database_url(alias: str = "default") -> str:
    """Return the URL of the database that this test uses, for a process that is to use the same."""
    database = connections[alias].settings_dict
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{database['NAME']}"
    login = ":".join(quote(part, safe="") for part in (database["USER"], database["PASSWORD"]) if part)
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    port = f":{database['PORT']}" if database["PORT"] else ""
    if host.startswith("/"):  # a socket's folder: as a host it would be looked up by name
        return f"postgres://{login}@{port}/{database['NAME']}?host={quote(host)}"
    return f"postgres://{login}@{host}{port}/{database['NAME']}"


@contextmanager
def running(command: list[str], *, log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the site in test mode until the block ends."""
    wanted = {"DJANGO_SETTINGS_MODULE": "config.settings", "MADOI_MODE": "test", "LOG_LEVEL": "INFO", **environment}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        process = start(command, log=log)
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    try:
        yield process
    finally:
        end(process, patience=5)


@contextmanager
def running_broker(folder: Path) -> Iterator[str]:
    """Run a broker that keeps what it is given in the folder, and yield its URL."""
    place = socket_place(folder)
    log = folder / "broker.log"
    with running(broker_command(folder=folder, unix_socket=place), log=log, environment={}):
        wait_until(place.exists, seconds=10, log=log)
        yield f"unix://{quote(str(place))}"


WORKER_THREADS = 2
"""Tasks that a worker does at once, and so the most messages that one can hold when it is killed."""


@contextmanager
def running_worker(folder: Path, *, broker: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker (without beat) on the test's own database and yield its process once it takes tasks."""
    log = folder / "worker.log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config.celery",
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        str(WORKER_THREADS),
    ]
    given = {"REDIS_URL": broker, "DATABASE_URL": database_url(), **environment}
    with running([*command, "--without-gossip", "--without-mingle"], log=log, environment=given) as process:
        wait_until(lambda: log.exists() and " ready." in log.read_text(errors="replace"), seconds=30, log=log)
        yield process


@contextmanager
def running_site(folder: Path, **environment: str) -> Iterator[str]:
    """Run the web server on the test's own database and yield its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / f"web-{port}.log"
    command = [sys.executable, "-m", "config.web", "--port", str(port)]
    given = {"DATABASE_URL": database_url(), "BASE_URL": url, **environment}
    with running(command, log=log, environment=given):
        wait_until(lambda: answers("127.0.0.1", port), seconds=30, log=log)
        yield url
