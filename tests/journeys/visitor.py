"""Somebody at a browser who reads words, presses what they name, and minds what each page is like."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from dialogue.core.wording import format_name
from tests.journeys.demo import DemoSite

PATIENCE = 40_000.0
"""Milliseconds that the worker may take, on a machine that has other things to do as well."""
NARROWEST = 320
DOORS = {
    "chika": ("Come in as %(name)s", "ちか"),
    "aoi": ("%(name)s, student", "あおい"),
    "takeshi": ("%(name)s, second career", "たけし"),
    "fumi": ("Come in as %(name)s", "ふみ"),
}
STICKS_OUT = """narrowest => [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > narrowest + 1)
  .filter(each => !each.closest('.unseen, .skip')).map(each => each.outerHTML.slice(0, 120))"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a visitor looks at, and the language they read."""

    language: str
    width: int
    height: int
    scripts: bool = True


@dataclass
class Visitor:
    """One person at one browser. Every page they come to is checked once."""

    site: DemoSite
    page: Page
    language: str
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)
    known: set[tuple[str, str, str]] = field(default_factory=set)

    # Words

    def words(self, message: str, **values: object) -> str:
        """Return a sentence of the site in this visitor's language."""
        with translation.override(self.language):
            found = gettext(message)
        return found % values if values else found

    def counted(self, one: str, many: str, **values: object) -> str:
        """Return a sentence that counts: `number` or `count` among the values says how many."""
        with translation.override(self.language):
            return ngettext(one, many, int(str(values.get("number", values.get("count"))))) % values

    def called(self, name: str) -> str:
        return format_name(name=name, language=self.language)

    # Going about

    def goes_to(self, path: str) -> None:
        self.page.goto(self.site.url + path)
        self.looks()

    def comes_in_as(self, who: str) -> None:
        """Choose a door of the demo, and read on in the same language."""
        self.goes_to("/demo/")
        message, name = DOORS[who]
        self.page.get_by_role("button", name=self.words(message, name=self.called(name)), exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.looks()

    def button(self, message: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.words(message, **values), exact=True)

    def link(self, message: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.words(message, **values), exact=True)

    def presses(self, message: str, **values: object) -> None:
        self.button(message, **values).first.click()
        self.looks()

    def follows(self, message: str, **values: object) -> None:
        self.link(message, **values).first.click()
        self.looks()

    def opens_tab(self, message: str) -> None:
        """Open one of the pages of a term."""
        tabs = self.page.get_by_role("navigation", name=self.words("This term"))
        tabs.get_by_role("link", name=self.words(message), exact=True).click()
        self.looks()

    def puts_the_clock_forward(self, by: str) -> None:
        self.page.get_by_text(self.words("Put the clock forward")).click()
        self.presses(by)

    def goes_on_by_key(self, target: Locator) -> None:
        """Reach the target from the top of the page by the Tab key alone, and press Enter there."""
        self.page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
        wanted = target.element_handle()
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement === wanted", wanted):
                break
        else:
            raise AssertionError(f"the Tab key never reaches {target}")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looks()

    # Seeing

    def sees(self, text: str, *, soon: bool = False) -> None:
        """Find the text on the page; with `soon` wait as long as the worker may take."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE if soon else None)

    def waits_for(self, what: Callable[[], bool]) -> None:
        """Look at the page again until the worker has done what shows there."""
        for _ in range(int(PATIENCE / 500)):
            if what():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"it never came to this on {self.page.url}: {self.page.inner_text('main')}")

    def figure(self, name: str) -> int:
        """Return the number that a list of facts says under a name."""
        term = self.page.locator("dt", has_text=re.compile(f"^{re.escape(self.words(name))}$"))
        return int(term.locator("xpath=following-sibling::dd[1]").inner_text())

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def looks(self) -> None:
        """Mind what the page is like: heading, contrast, names, width, complaints of the browser."""
        self.page.wait_for_load_state("load")
        kind = (re.sub(r"\d+", "N", urlsplit(self.page.url).path), self.heading(), self.language)
        if kind not in self.known:
            self.known.add(kind)
            assert self.page.get_by_role("heading", level=1).count() == 1
            assert self.page.locator("html").get_attribute("lang") == self.language
            if self.scripts:  # both look by a script of their own
                assert violations(self.page) == [], self.page.url
                assert too_wide(self.page) == [], self.page.url
        assert self.complaints == [], self.page.url

    def hears(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


def violations(page: Page) -> list[str]:
    """Return what axe refuses."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def too_wide(page: Page) -> Sequence[str]:
    """Return what makes the page scroll sideways on the narrowest phone."""
    before = page.viewport_size
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    overflows = page.evaluate("document.documentElement.scrollWidth") > NARROWEST
    found = page.evaluate(STICKS_OUT, NARROWEST) if overflows else []
    page.set_viewport_size(before)
    return found or (["the page"] if overflows else [])


@contextmanager
def visiting(site: DemoSite, browser: Browser, screen: Screen) -> Iterator[Visitor]:
    """Let somebody with such a screen come to the site. Nothing outside this machine is ever asked for."""
    context = browser.new_context(
        locale="ja-JP" if screen.language == "ja" else "en-GB",
        timezone_id="Asia/Tokyo",
        viewport={"width": screen.width, "height": screen.height},
        java_script_enabled=screen.scripts,
    )
    context.route(lambda url: not url.startswith(site.url), lambda route: route.abort())
    visitor = Visitor(site, context.new_page(), screen.language, screen.scripts)
    visitor.page.on("console", visitor.hears)
    try:
        yield visitor
    finally:
        context.close()
