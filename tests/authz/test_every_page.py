"""Every page of the site in a browser: nothing that axe refuses, and nothing that scrolls sideways on a narrow phone.

The pages are those of authz.yaml that a role may read, of the world of this folder. Each is looked at in Japanese and
in English, on the narrowest phone and at a desk by turns.
"""

import mimetypes
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http.response import HttpResponseBase
from playwright.sync_api import Browser, Page, Route

from dialogue.models import Person
from tests.authz import matrix
from tests.authz.world import World

pytestmark = pytest.mark.slow

SITE = "http://madoi.test"
NARROWEST, PHONE, DESK = 320, 360, 1280
ROWS = matrix.rows()
OF_EVERYBODY = ("aoi", "chika")
"""Who looks at a page that is everybody's: it says more to them than to somebody with nothing."""
EACH_FOR_ITSELF = {"home"}
"""A page that is another one for every role."""
STICKS_OUT = """narrowest => document.documentElement.scrollWidth <= narrowest ? []
  : [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > narrowest + 1)
  .filter(each => !each.closest('.unseen, .skip')).map(each => each.outerHTML.slice(0, 160))"""
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"


def readers(route: str) -> list[str]:
    """Return the roles for which the row says that the route answers a GET with a page."""
    roles = [role for role in matrix.ROLES if ROWS[route].cells["GET", role] == 200]
    if route in EACH_FOR_ITSELF or len(roles) <= len(OF_EVERYBODY):
        return roles
    if set(matrix.ROLES[1:]) <= set(roles):
        return list(OF_EVERYBODY)
    return roles[:3]


PAGES = [route for route in ROWS if not ROWS[route].is_api and readers(route)]


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("route", PAGES)
def test_page_keeps_to_what_axe_asks_and_to_the_width_of_a_phone(route: str, world: World, window: Page) -> None:
    wrong = []
    for turn, (role, language) in enumerate(visits(readers(route))):
        answer = page_of(world, route, role, language)
        if not is_page(answer):
            continue
        window.unroute_all()
        window.route("**/*", partial(fulfil, answer))
        window.set_viewport_size({"width": NARROWEST, "height": 640})
        window.goto(SITE + world.address(route, ROWS[route].about))
        window.evaluate(OPEN_ALL)
        where = f"{role}, {language}"
        wrong += [f"{where}: wider than {NARROWEST}: {html}" for html in window.evaluate(STICKS_OUT, NARROWEST)]
        width = DESK if (PAGES.index(route) + turn) % 2 else PHONE
        window.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{where}, {width}: {found}" for found in violations(window)]
    assert wrong == []


def visits(roles: list[str]) -> list[tuple[str, str]]:
    """Return who looks in which language: by turns, and each language at least once."""
    looks = roles if len(roles) > 1 else roles * 2
    return [(role, ("ja", "en")[turn % 2]) for turn, role in enumerate(looks)]


def page_of(world: World, route: str, role: str, language: str) -> HttpResponseBase:
    """Return what the role reads there in this language."""
    if role in world.people:
        Person.objects.filter(pk=world.people[role].pk).update(language=language)
    address = world.address(route, ROWS[route].about)
    return world.browsers[role].get(address, headers={"Accept-Language": language})


def is_page(answer: HttpResponseBase) -> bool:
    """Whether it is a whole page: neither a file, nor a part that a page asks for later, nor a way elsewhere."""
    is_html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    return is_html and not answer.streaming and answer.content.lstrip()[:9].lower() == b"<!doctype"


def fulfil(answer: HttpResponseBase, asked: Route) -> None:
    """Give the page from memory and static files from where they lie; whatever else it asks for is not there."""
    path = urlsplit(asked.request.url).path
    if path.startswith("/static/"):
        file = Path(str(finders.find(path.removeprefix("/static/"))))
        asked.fulfill(body=file.read_bytes(), headers={"Content-Type": mimetypes.guess_type(file.name)[0] or ""})
    elif asked.request.is_navigation_request():
        asked.fulfill(body=answer.content, headers={"Content-Type": answer.headers["Content-Type"]})
    else:
        asked.fulfill(status=404)


def violations(window: Page) -> list[str]:
    found = Axe().run(window, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
