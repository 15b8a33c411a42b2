"""A stand-in for LINE's Messaging API on loopback, in a process of its own that a test tells what to answer.

`python -m tests.line_server PORT FOLDER`: FOLDER/asked gets one line of JSON for each push, FOLDER/orders holds what
goes wrong: push (the status of the next answers to a push), profile (the status for a profile), hang (seconds).
A retry key that was taken before is answered with 409, as LINE does.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Line(BaseHTTPRequestHandler):
    """Answers like LINE."""

    protocol_version = "HTTP/1.1"
    taken: set[str] = set()
    folder: Path

    def do_GET(self) -> None:
        known = self.path.startswith("/v2/bot/profile/")
        self.answer(self.orders().get("profile", 200) if known else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key, orders = self.headers.get("X-Line-Retry-Key", ""), self.orders()
        asked = {"path": self.path, "key": key, "authorization": self.headers.get("Authorization"), **json.loads(body)}
        with (self.folder / "asked").open("a") as file:
            file.write(json.dumps(asked) + "\n")
        status = orders.get("push", 200)
        if status in {200, 500} and key in self.taken:
            status = 409
        if status == 200 or orders.get("took_it"):
            self.taken.add(key)
        time.sleep(orders.get("hang", 0))
        self.answer(status)

    def orders(self) -> dict[str, Any]:
        place = self.folder / "orders"
        return json.loads(place.read_text()) if place.exists() else {}

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class FakeLine:
    """The server as a test sees it."""

    url: str
    folder: Path

    def order(self, **orders: Any) -> None:
        (self.folder / "orders").write_text(json.dumps(orders))

    @property
    def pushes(self) -> list[dict[str, Any]]:
        place = self.folder / "asked"
        return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []


@contextmanager
def running_line(folder: Path) -> Iterator[FakeLine]:
    from config.supervision import end, start  # noqa: PLC0415  not needed by the server itself
    from tests.processes import free_port, is_listening, wait_until  # noqa: PLC0415

    port = free_port()
    process = start([sys.executable, "-m", "tests.line_server", str(port), str(folder)])
    try:
        wait_until(lambda: is_listening(port), seconds=20)
        yield FakeLine(f"http://127.0.0.1:{port}", folder)
    finally:
        end(process, patience=2)


if __name__ == "__main__":
    Line.folder = Path(sys.argv[2])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Line).serve_forever()
