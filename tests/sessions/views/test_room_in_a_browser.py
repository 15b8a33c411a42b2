"""A room on two phones at once, each in a browser of its own, before a real web process."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from dialogue.models import Person
from sessions.models import DialogueSession
from tests.sessions.rooms import make_open_session

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
WIDTHS = {"あおい": 360, "たけし": 360, "ふみ": 1280}


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_open_session(cohort, now=datetime.now(UTC))


@pytest.fixture
def visit(browser: Browser, live_site: str, session: DialogueSession) -> Iterator[Callable[..., Page]]:
    """Open the room for somebody, on a phone or (the facilitator) a desk."""
    contexts = []

    def visited(person: Person, query: str = "") -> Page:
        client = Client()
        client.force_login(person)
        width = WIDTHS[person.preferred_name]
        context = browser.new_context(locale="ja-JP", viewport={"width": width, "height": 780})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}])
        page = context.new_page()
        page.goto(live_site + reverse("room", args=[session.pk]) + query)
        return page

    yield visited
    for one in contexts:
        one.close()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def tap(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).filter(visible=True).click()


def check(page: Page) -> None:
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_a_dialogue_goes_from_turn_to_turn_on_two_phones_and_a_desk(visit, aoi, takeshi, fumi):
    phones = {aoi.pk: visit(aoi), takeshi.pk: visit(takeshi)}
    desk = visit(fumi)
    for page in (*phones.values(), desk):
        expect(page.locator("[data-order] [data-key][class=sitter]")).to_have_count(3, timeout=PATIENCE)
    shot(phones[aoi.pk], "waiting-phone")
    shot(desk, "waiting-desk")
    check(phones[aoi.pk])

    tap(desk, "はじめる")
    for page in phones.values():
        expect(page.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
