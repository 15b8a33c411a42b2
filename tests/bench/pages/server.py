"""A web process of the site for a bench, what it costs, and a reader who asks it for pages one after the other."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_START = 30.0


@dataclass(slots=True)
class Server:
    """A running web process."""

    process: int
    port: int
    started_in: float
    """Seconds from its start to its first answer."""

    def cpu(self) -> float:
        """Return the CPU seconds that the process has used in all its threads (Linux counts them in nanoseconds)."""
        threads = Path(f"/proc/{self.process}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9

    def resident(self) -> float:
        """Return the resident memory in MB."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


@dataclass(slots=True)
class Reader:
    """Somebody with a browser: headers, cookies, one connection that stays open."""

    port: int
    headers: dict[str, str]
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, address: str, **headers: str) -> tuple[int, bytes]:
        """Return the status and body of a page."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", address, headers=self.headers | more)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def web(application: str, *, first: str, host: str) -> Iterator[Server]:
    """Run the web process with the options of `config.web` until the block ends; `first` is asked until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = "--no-access-log --no-proxy-headers --no-server-header --ws none --lifespan off --log-level warning"
    ends = "--timeout-graceful-shutdown 5"
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), *options.split(), *ends.split()]
    # An installed site has compiled files; without them a third of a start is compiling, and not ours to measure.
    compiling = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-c", "import config.asgi"], env=compiling, check=True)
    began = time.monotonic()
    process = subprocess.Popen(command, env=compiling)
    try:
        while not _answers(port, first, host):
            if time.monotonic() - began > LONGEST_START or process.poll() is not None:
                raise SystemExit(f"{application} did not start")
            time.sleep(0.02)
        yield Server(process=process.pid, port=port, started_in=time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int, address: str, host: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return Reader(port, {"Host": host}).get(address)[0] == http.client.OK
