"""Measure what pages cost, in multiples of a bare view; print a table in Markdown.

    python -m tests.bench.pages.run --requests 200

CPU time of this one process over so many sequential requests by Django's test client, after ten that warm up, on
SQLite with the real settings and middleware. The floor (five raw queries, a stored body of 10 KB, no middleware) is
measured in turns with each page, twenty requests of one and twenty of the other, because other work on the machine
changes what a millisecond of CPU is worth. Not part of the plain test run.
"""

import argparse
import gzip
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.site import new_site

WARM_UP = 10
ROUND = 20
"""Requests of one kind in a row."""

STATIC = re.compile(r"""(?:href|src)="(/static/[^"]+\.(?:css|js|svg|png|woff2))\"""")


@dataclass(frozen=True, slots=True)
class Aim:
    """At most so many multiples of the floor, SQL statements and KB of HTML."""

    times: float
    sql: int | None = None
    kb: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs: milliseconds of CPU of it and of the floor beside it, statements, bytes."""

    ms: float
    floor_ms: float
    sql: int
    raw: int
    packed: int


def measure(get: Callable[[], Any], floor: Callable[[], float], *, requests: int, status: int) -> Cost:
    """Return what one request costs. Raises when the page does not answer as it should."""
    from django.db import connection  # noqa: PLC0415  needs the site
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    for _ in range(WARM_UP):
        response = get()
        if response.status_code != status:
            raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}")
    rounds = max(1, requests // ROUND)
    spent = bare = 0.0
    for _ in range(rounds):
        bare += floor()
        spent += cpu_of(get)
    with CaptureQueriesContext(connection) as queries:
        body = get().content
    each = 1000 / (rounds * ROUND)
    return Cost(ms=spent * each, floor_ms=bare * each, sql=len(queries), raw=len(body), packed=len(gzip.compress(body)))


def cpu_of(get: Callable[[], Any]) -> float:
    """Return the CPU seconds of one round."""
    began = time.process_time()
    for _ in range(ROUND):
        get()
    return time.process_time() - began


def row(name: str, cost: Cost, aim: Aim | None) -> str:
    times = cost.ms / cost.floor_ms
    wanted, held = "", ""
    if aim is not None:
        parts = [f"≤ {aim.times:g}×", f"{aim.sql} SQL" if aim.sql else "", f"{aim.kb} KB" if aim.kb else ""]
        wanted = ", ".join(filter(None, parts))
        fine = times <= aim.times and cost.sql <= (aim.sql or 999) and cost.raw <= (aim.kb or 999_999) * 1024
        held = "yes" if fine else "no"
    size = f"{cost.raw / 1024:.1f} / {cost.packed / 1024:.1f}"
    return f"| {name} | {cost.ms:.1f} | {cost.floor_ms:.2f} | {times:.1f} | {cost.sql} | {size} | {wanted} | {held} |\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--only", default="", help="measure the pages whose name contains this")
    chosen = parser.parse_args()
    with new_site():
        table(chosen.requests, chosen.only)


def table(requests: int, only: str) -> None:
    from django.conf import settings  # noqa: PLC0415  needs the site
    from django.test import Client, override_settings  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from sessions.models import CalendarFeed  # noqa: PLC0415
    from sessions.services.feeds import feed_of, token_of  # noqa: PLC0415
    from tests.bench.pages.people import build  # noqa: PLC0415

    host = re.sub(r"^https?://", "", settings.BASE_URL)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    house = build(now)

    def reader(person: Any = None) -> Client:
        client = Client(headers={"host": host, "accept-language": "ja"})
        if person is not None:
            client.force_login(person)
        return client

    bare = Client(headers={"host": host})

    def floor() -> float:
        with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.pages.floor"):
            return cpu_of(lambda: bare.get("/floor/"))

    floor()
    stranger, participant = reader(), reader(house.participant)
    coordinator, facilitator, busy = (
        reader(house.coordinator),
        reader(house.facilitator),
        reader(house.busy_participant),
    )
    feed = feed_of(person=house.busy_participant, now=now)
    calendar = reverse("calendar_feed", args=[token_of(feed)])
    etag = stranger.get(calendar).headers["ETag"]

    def rebuilt() -> Any:
        CalendarFeed.objects.filter(pk=feed.pk).update(stale=True)
        return stranger.get(calendar)

    people = reverse("term_people", args=[house.term.pk])
    pages: list[tuple[str, Callable[[], Any], Aim | None, int]] = [
        ("sign-in", lambda: stranger.get(reverse("account_request_login_code")), Aim(2.5, 3), 200),
        ("first page, a stranger", lambda: stranger.get("/"), None, 200),
        ("participant's home", lambda: participant.get("/"), Aim(6, 8), 200),
        ("session page", lambda: participant.get(reverse("session", args=[house.session.pk])), Aim(8, 8), 200),
        ("facilitator's list of 100 sessions", lambda: facilitator.get(reverse("facilitator")), Aim(20, 10, 60), 200),
        ("home with 100 sessions", lambda: busy.get("/"), Aim(20, 10, 60), 200),
        (
            "coordinator's list of sessions, 50 of 100 on a page",
            lambda: coordinator.get(reverse("term_sessions", args=[house.term.pk])),
            Aim(25, 12),
            200,
        ),
        ("coordinator's list of 100 people", lambda: coordinator.get(people), Aim(25, 12), 200),
        (
            "the same, filtered",
            lambda: coordinator.get(people, {"q": "Person", "generation": "student", "status": "waiting"}),
            Aim(25, 12),
            200,
        ),
        ("feed of 100, rebuilt", rebuilt, Aim(20), 200),
        ("feed of 100, stored", lambda: stranger.get(calendar), Aim(5), 200),
        (
            "feed of 100, unchanged (304)",
            lambda: stranger.get(calendar, headers={"if-none-match": etag}),
            Aim(1.5),
            304,
        ),
    ]
    heads = ("page", "CPU ms", "floor ms", "× floor", "SQL", "HTML KB raw / gzip", "aim", "held")
    sys.stdout.write(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|\n")
    for name, get, aim, status in pages:
        if only in name:
            sys.stdout.write(row(name, measure(get, floor, requests=requests, status=status), aim))
            sys.stdout.flush()
    for name, client, address in (("a stranger", stranger, "/"), ("a participant", participant, "/")):
        sys.stdout.write(first_load(name, client.get(address).content))


def first_load(name: str, page: bytes) -> str:
    """Return what a browser with an empty cache fetches for a page: requests, bytes gzipped, scripts among them."""
    from django.contrib.staticfiles import finders  # noqa: PLC0415  needs the site

    addresses = sorted(set(STATIC.findall(page.decode())))
    sizes = {}
    for address in addresses:
        found = finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", address.removeprefix("/static/")))
        if found:
            sizes[address] = len(gzip.compress(Path(found).read_bytes()))
    scripts = sum(size for address, size in sizes.items() if address.endswith(".js"))
    whole = len(gzip.compress(page)) + sum(sizes.values())
    return (
        f"\nFirst load for {name}: {1 + len(addresses)} requests, {whole / 1024:.1f} KB gzipped,"
        f" {scripts / 1024:.1f} KB of it scripts.\n"
    )


if __name__ == "__main__":
    main()
