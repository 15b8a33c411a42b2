"""Measure what pages cost, in multiples of a bare view; print a table in Markdown.

    python -m tests.bench.pages.run --requests 200

CPU time of a real web process (uvicorn and its threads, the real settings and middleware, SQLite) over so many
requests one after the other, after some that warm up. The floor (five raw queries, a stored body of 10 KB, no
middleware) is another such process, asked in turns with each page, twenty requests of one and twenty of the other,
because other work on the machine changes what a millisecond of CPU is worth. Linux only. Not part of the plain
test run.
"""

import argparse
import gzip
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.pages.server import Reader, Server, web
from tests.bench.site import new_site

if TYPE_CHECKING:
    from tests.bench.pages.people import House

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


@dataclass(frozen=True, slots=True)
class Page:
    """A page as one reader asks for it; `before` happens ahead of each request and is not counted."""

    name: str
    address: str
    person: Any = None
    aim: Aim | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None


def measure(page: Page, *, site: Server, bare: Server, headers: dict[str, str], requests: int) -> Cost:
    """Return what one request costs. Raises when the page does not answer as it should."""
    reader, stranger = Reader(site.port, headers), Reader(bare.port, {"Host": headers["Host"]})

    def ask(server: Server, get: Callable[[], tuple[int, bytes]], before: Callable[[], object]) -> float:
        spent = 0.0
        for _ in range(ROUND):
            before()
            began = server.cpu()
            get()
            spent += server.cpu() - began
        return spent

    def get() -> tuple[int, bytes]:
        return reader.get(page.address, **page.headers)

    for _ in range(WARM_UP):
        page.before()
        status, body = get()
        if status != page.status:
            raise SystemExit(f"{page.address} answered {status}")
    rounds = max(1, requests // ROUND)
    spent = floor = 0.0
    for _ in range(rounds):
        floor += ask(bare, lambda: stranger.get("/floor/"), lambda: None)
        spent += ask(site, get, page.before)
    each = 1000 / (rounds * ROUND)
    sql = statements(page, headers)
    return Cost(ms=spent * each, floor_ms=floor * each, sql=sql, raw=len(body), packed=len(gzip.compress(body)))


def statements(page: Page, headers: dict[str, str]) -> int:
    """Return how many SQL statements the page takes, counted in this process."""
    from django.db import connection  # noqa: PLC0415  needs the site
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(headers={**headers, **{name.replace("_", "-"): text for name, text in page.headers.items()}})
    page.before()
    with CaptureQueriesContext(connection) as queries:
        client.get(page.address)
    return len(queries)


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
    from django.test import Client  # noqa: PLC0415

    from tests.bench.pages.people import build  # noqa: PLC0415

    host = re.sub(r"^https?://", "", settings.BASE_URL)
    house = build(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))

    def headers(person: Any) -> dict[str, str]:
        client = Client()
        if person is not None:
            client.force_login(person)
        cookie = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())}
        return {"Host": host, "Accept-Language": "ja", **(cookie if person is not None else {})}

    with (
        web("config.asgi:application", first="/health", host=host) as site,
        web("tests.bench.pages.floor_server:application", first="/floor/", host=host) as bare,
    ):
        heads = ("page", "CPU ms", "floor ms", "× floor", "SQL", "HTML KB raw / gzip", "aim", "held")
        sys.stdout.write(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|\n")
        for page in pages(house):
            if only in page.name:
                cost = measure(page, site=site, bare=bare, headers=headers(page.person), requests=requests)
                sys.stdout.write(row(page.name, cost, page.aim))
                sys.stdout.flush()
        sys.stdout.write(
            f"\nFirst answer after {site.started_in:.2f} s; {site.resident():.0f} MB resident at the end.\n"
        )
        for name, person in (("a stranger", None), ("a participant", house.participant)):
            sys.stdout.write(first_load(name, Reader(site.port, headers(person)).get("/")[1]))


def pages(house: "House") -> list[Page]:
    """Return the pages that are measured, with the aims of each."""
    from django.urls import reverse  # noqa: PLC0415  needs the site

    from sessions.models import CalendarFeed, DialogueSession  # noqa: PLC0415
    from sessions.services.feeds import feed_body, feed_of, token_of  # noqa: PLC0415

    now = datetime.now(UTC)
    feed = feed_body(feed=feed_of(person=house.busy_participant, now=now), now=now)
    calendar = reverse("calendar_feed", args=[token_of(feed)])
    ticks = count(1)

    def move_one() -> None:
        first = DialogueSession.objects.filter(
            cohort__memberships__participation__person=house.busy_participant
        ).first()
        DialogueSession.objects.filter(pk=first.pk).update(changed_at=now + timedelta(seconds=next(ticks)))
        CalendarFeed.objects.filter(pk=feed.pk).update(stale=True)

    def settle() -> None:
        CalendarFeed.objects.filter(pk=feed.pk).update(body=feed.body, etag=feed.etag, stale=False)

    people, term = reverse("term_people", args=[house.term.pk]), house.term.pk
    unchanged = {"If_None_Match": feed.etag}
    return [
        Page("sign-in", reverse("account_request_login_code"), aim=Aim(2.5, 3)),
        Page("first page, a stranger", "/"),
        Page("participant's home", "/", house.participant, Aim(6, 8)),
        Page("session page", reverse("session", args=[house.session.pk]), house.participant, Aim(8, 8)),
        Page("facilitator's list of 100 sessions", reverse("facilitator"), house.facilitator, Aim(20, 10, 60)),
        Page("home with 100 sessions", "/", house.busy_participant, Aim(20, 10, 60)),
        Page(
            "coordinator's list of sessions, 50 of 100 on a page",
            reverse("term_sessions", args=[term]),
            house.coordinator,
            Aim(25, 12),
        ),
        Page("coordinator's list of 100 people", people, house.coordinator, Aim(25, 12)),
        Page(
            "the same, filtered",
            f"{people}?q=Person&generation=student&status=waiting",
            house.coordinator,
            Aim(25, 12),
        ),
        Page("feed of 100, rebuilt after one changed", calendar, aim=Aim(20), before=move_one),
        Page("feed of 100, stored", calendar, aim=Aim(5), before=settle),
        Page("feed of 100, unchanged (304)", calendar, aim=Aim(1.5), status=304, headers=unchanged, before=settle),
    ]


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
