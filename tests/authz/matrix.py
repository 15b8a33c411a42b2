"""The rows of authz.yaml, and one route asked by every role with every method."""

import hashlib
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.authz.canaries import leaks
from tests.authz.routes import routes
from tests.authz.world import ROLES, World

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD")
USUAL = ("GET", "POST")
"""What a browser's links and forms use."""
ROWS = Path(__file__).with_name("authz.yaml")
SIGN_IN = 1
"""In place of a status: sent to the sign-in page."""
NOT_COMPARED = {"django_cache", "django_session", "django_migrations", "dialogue_signupdraft"}
"""Rates, what one browser is told next, and what a stranger has begun to type: nobody's data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What each role meets at one route: the status by method and role."""

    route: str
    about: str = ""
    send: dict[str, Any] = field(default_factory=dict)
    holder: str = ""
    """Whoever holds the address reads what this role may."""
    noted: bool = False
    """Whether it is written down who reads it."""
    cells: dict[tuple[str, str], int]

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api_")


def rows() -> dict[str, Row]:
    """Return the row of each route by its name.

    Raises:
        ValueError: a row names a role or a key that does not exist.
    """
    written = yaml.safe_load(ROWS.read_text(encoding="utf-8"))
    return {route: _row(route, given or {}) for route, given in written.items()}


def _row(route: str, given: dict[str, Any]) -> Row:
    if unknown := set(given) - {"about", "send", "holder", "noted", "read", "post"}:
        raise ValueError(f"{route}: {sorted(unknown)}")
    said = {**dict.fromkeys(READING, given.get("read", {})), "POST": given.get("post", {})}
    for who in (names for cells in said.values() for names in cells.values()):
        if unknown := set(_roles(who)) - set(ROLES):
            raise ValueError(f"{route}: nobody is called {sorted(unknown)}")
    return Row(
        route=route,
        about=given.get("about", ""),
        send=given.get("send", {}),
        holder=given.get("holder", ""),
        noted=given.get("noted", False),
        cells={(method, role): _status(route, role, said.get(method, {})) for method in METHODS for role in ROLES},
    )


def _roles(who: str | list[str]) -> Iterable[str]:
    return ROLES if who == "everyone" else ROLES[1:] if who == "signed_in" else who


def _status(route: str, role: str, said: dict[int, str | list[str]]) -> int:
    """Return the status that a cell says. Who is not named is sent to sign in, or meets a 401 or a 404."""
    is_api = route.startswith("api_") and route != "api_schema"
    if not said:
        return 401 if is_api and role == "anonymous" else 405
    for status, who in said.items():
        if role in _roles(who):
            return status
    return SIGN_IN if role == "anonymous" and not is_api else 401 if role == "anonymous" else 404


def unmatched(urlconf: str | None = None) -> tuple[set[str], set[str]]:
    """Return the routes without a row, and the rows without a route."""
    walked, written = set(routes(urlconf).values()), set(yaml.safe_load(ROWS.read_text(encoding="utf-8")))
    return walked - written, written - walked


def state() -> str:
    """Return a digest of every row of every table but those of rates and browsers."""
    digest = hashlib.sha256()
    for line in dump():
        digest.update(line.encode())
    return digest.hexdigest()


def writes() -> object:
    """Return how many rows were ever written here; as many as before means the same state, without a look at it.

    Only SQLite counts them. Elsewhere nothing equals nothing, and every look is taken.
    """
    return connection.connection.total_changes if connection.vendor == "sqlite" else object()


def dump() -> Iterator[str]:
    """Yield every row of every compared table as text."""
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - NOT_COMPARED):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608  our own tables' names
            yield table
            yield from (repr(row) for row in cursor.fetchall())


def ask(world: World, row: Row, role: str, method: str) -> HttpResponseBase:
    """Return what the role meets. A refused sender sends what an allowed one would.

    The reader's cookies are put back: whoever signs out here is signed in again.
    """
    reader = (world.programs if row.is_api else world.browsers)[role]
    cookies = deepcopy(reader.cookies)
    try:
        return _send(reader, row, world.address(row.route, row.about), method)
    finally:
        reader.cookies = cookies


def _send(reader: Client, row: Row, address: str, method: str) -> HttpResponseBase:
    if method == "POST" and not row.is_api:
        return reader.post(address, row.send)
    if method in {"POST", "PUT", "PATCH"}:
        return reader.generic(method, address, data="{}", content_type="application/json")
    return reader.generic(method, address)


def met(answer: HttpResponseBase) -> int:
    """Return the status, or SIGN_IN for the way to the sign-in page."""
    asked_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    return SIGN_IN if asked_to_sign_in else answer.status_code


def text_of(answer: HttpResponseBase) -> str:
    """Return the body and headers of an answer."""
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode("utf-8", errors="replace") + "\r\n".join(f"{name}: {value}" for name, value in answer.items())


def troubles(world: World, row: Row, *, roles: Iterable[str] = ROLES, methods: Iterable[str] = METHODS) -> list[str]:
    """Return what is wrong at a route: other statuses than its row says, leaks, and changes by who may not change.

    What an allowed sender changes is undone. A digest after each role finds what anybody else changed.
    """
    wrong = []
    before = state()
    for role in roles:
        written = writes()
        cache.clear()  # rates: one role's tries are not the next one's
        for method in methods:
            wanted = row.cells[method, role]
            mark = transaction.savepoint()
            answer = ask(world, row, role, method)
            cell = f"{method} {row.route} as {role}"
            if met(answer) != wanted and answer.status_code != wanted:
                wrong.append(f"{cell}: {met(answer)}, not {wanted}")
            if leaked := leaks(world, row.holder or role, text_of(answer)):
                wrong.append(f"{cell}: tells {sorted(leaked)}")
            if (method == "POST" or row.noted) and wanted < 400 and role != "anonymous":
                transaction.savepoint_rollback(mark)  # a change that is theirs to make
            else:
                transaction.savepoint_commit(mark)
        if writes() != written and state() != before:
            wrong.append(f"{row.route}: {role} changed what they may not")
    return wrong
