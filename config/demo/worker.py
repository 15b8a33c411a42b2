"""The demo's worker may be killed by whoever tries the site: its supervisor starts it again."""

import fcntl
import os
import signal
from pathlib import Path
from typing import IO, Any, Final

from celery.signals import worker_init

from config.env import STATE_DIR

_kept_open: Final[list[IO[str]]] = []


def _place() -> Path:
    return STATE_DIR / "worker.pid"


@worker_init.connect
def note_worker(**_more: Any) -> None:
    """Write down who the worker is, and lock the note for as long as it lives: a lock dies with its process."""
    note = _place().open("a+")
    try:
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note.close()
        return
    note.truncate(0)
    note.write(str(os.getpid()))
    note.flush()
    _kept_open.append(note)


def worker_pid() -> int | None:
    """Return the worker's process id; None while there is none. A number left by a dead one is never taken for it."""
    try:
        with _place().open() as note:
            try:
                fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = note.read().strip()
                return int(text) if text.isdigit() else None
    except FileNotFoundError:
        pass
    return None


def kill_worker() -> int | None:
    """Kill the worker at once, in the middle of whatever it does. Returns who it was, None if there was none."""
    pid = worker_pid()
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    return pid
