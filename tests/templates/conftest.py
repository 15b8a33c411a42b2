"""A browser that is shown the gallery: pages from memory, static files from the tree, nothing from any network."""

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone, translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from tests.templates import house

SITE = "http://madoi.test"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}}
JAPAN = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _addresses(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.templates.routes"
    with translation.override("ja"), timezone.override(JAPAN):
        yield


@dataclass
class Reader:
    """One reader at a browser of one size. Remembers what was asked for and what the browser complained about."""

    context: BrowserContext
    page: Page
    pages: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, int]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def opens(self, name: str, **more: Any) -> Page:
        self.pages[f"/{name}"] = house.rendered(name, **more)
        self.requests.clear()
        self.complaints.clear()
        self.page.goto(f"{SITE}/{name}")
        return self.page

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path.startswith("/static/"):
            file = Path(settings.BASE_DIR) / path.lstrip("/")
            body, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0]
        else:
            body, kind = self.pages[path].encode(), "text/html; charset=utf-8"
        self.requests.append((path, len(body)))
        route.fulfill(body=body, headers={"Content-Type": kind or "", "Content-Security-Policy": policy()})

    def hears(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def policy() -> str:
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


@pytest.fixture(scope="module")
def readers(browser: Browser) -> Iterator[Callable[[Mapping[str, Any]], Reader]]:
    """Readers by what their browser is like; the next test with the same wishes meets the same one."""
    known: dict[str, Reader] = {}

    def reader_with(wishes: Mapping[str, Any]) -> Reader:
        key = repr(sorted(wishes.items()))
        if key not in known:
            context = browser.new_context(**wishes)
            known[key] = person = Reader(context, context.new_page())
            context.route("**/*", person.answer)
            person.page.on("console", person.hears)
        return known[key]

    yield reader_with
    for person in known.values():
        person.context.close()


@pytest.fixture
def reader(readers: Callable[[Mapping[str, Any]], Reader], request: pytest.FixtureRequest) -> Reader:
    """A reader at 360 × 640; other wishes of the browser's context come by indirect parametrisation."""
    return readers({**PHONE, **getattr(request, "param", {})})
