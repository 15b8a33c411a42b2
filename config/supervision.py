"""Keep a few processes alive, and leave none behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from config.lifelines import end_with_parent

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
STEADY_AFTER: Final = 30.0
PATIENCE: Final = 10.0
LOOK_EVERY: Final = 0.1


class Stopped(Exception):
    """Somebody asked this process to end."""


class StopRequest:
    """Remembers that SIGTERM, SIGINT or SIGHUP came.

    It is looked at between steps: an exception out of a signal handler could lose a process just started.
    """

    def __init__(self) -> None:
        self.came = False

    def listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._remember)

    def _remember(self, number: int, frame: object) -> None:
        self.came = True


def start(command: Sequence[str], *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own that ends when this process does, even by SIGKILL (on Linux).

    `log` is where its output goes; without it, it shares this process's. Call it from the main thread:
    Linux ties the child to the thread that started it.
    """
    output: IO[bytes] | None = log.open("ab") if log else None
    try:
        return subprocess.Popen(  # noqa: S603  the commands are Madoi's own
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(signal.SIGTERM),
        )
    finally:
        if output:
            output.close()


def end(process: subprocess.Popen[bytes], *, patience: float = PATIENCE) -> None:
    """Ask the process's group to end, and after `patience` seconds end it. Its children go with it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def finish(command: Sequence[str], *, stop: StopRequest, log: Path | None = None) -> int:
    """Run a step to its end and return its exit code.

    Raises:
        Stopped: a stop was asked for meanwhile; the step was ended.
    """
    process = start(command, log=log)
    while process.poll() is None:
        if stop.came:
            end(process)
            raise Stopped
        time.sleep(LOOK_EVERY)
    return process.returncode


@dataclass(slots=True)
class Kept:
    """A process that is started again whenever it ends, at once the first time and then with longer pauses."""

    name: str
    command: Sequence[str]
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause: float = field(default=FIRST_PAUSE)

    def look(self, *, now: float, say: Callable[[str], None]) -> None:
        """Start the process if it is due; notice if it ended. `now` is in seconds of the monotonic clock."""
        if self.process is None:
            if now >= self.due_at:
                self.process, self.started_at = start(self.command, log=self.log), now
            return
        code = self.process.poll()
        if code is None:
            return
        end(self.process, patience=0)  # what it started itself must not live beside the next one
        self.pause = FIRST_PAUSE if now - self.started_at >= STEADY_AFTER else min(2 * self.pause, LONGEST_PAUSE)
        self.process, self.due_at = None, now + self.pause
        say(f"{self.name} ended ({_how(code)}); it starts again in {self.pause:.1f} s")


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def keep(
    parts: Sequence[Kept], *, stop: StopRequest, say: Callable[[str], None], each_round: Callable[[], None]
) -> None:
    """Keep the parts alive until a stop is asked for."""
    while not stop.came:
        for part in parts:
            part.look(now=time.monotonic(), say=say)
        each_round()
        time.sleep(LOOK_EVERY)


def end_all(parts: Sequence[Kept]) -> None:
    """End the parts in their order: what others need comes last."""
    for part in parts:
        if part.process is not None:
            end(part.process)
            part.process = None
