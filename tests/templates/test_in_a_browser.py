"""What a person meets in the browser: nothing that axe refuses, nothing small, nothing cut off, keys that reach all."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.templates.conftest import PHONE, Reader
from tests.templates.house import PAGES

pytestmark = pytest.mark.slow

DESK = {"viewport": {"width": 1280, "height": 800}}
NARROWEST = {"viewport": {"width": 320, "height": 640}}
NIGHT = {**PHONE, "color_scheme": "dark"}
FORCED = {**PHONE, "forced_colors": "active"}
EVERY_PAGE = sorted(PAGES)
# The others are the same pages without mistakes, or with other sentences.
EVERY_KIND = sorted(set(PAGES) - {"403", "403_csrf", "503", "closed", "code", "sign-in", "form"})
STRICTER = {"rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}

SMALL_TEXT = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !parent.checkVisibility() || parent.closest('.unseen')) continue;
    const smallest = parent.closest('small, .caption, rt') ? 14 : 16;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < smallest) found.push([size, texts.currentNode.data.trim()]);
  }
  return found;
}"""
SMALL_TARGETS = """() => {
  const found = [];
  for (const target of document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')) {
    if (!target.checkVisibility() || target.matches('.skip')) continue;
    const around = target.parentElement.textContent.trim().length > target.textContent.trim().length;
    if (getComputedStyle(target).display === 'inline' && around) continue;
    const box = (target.closest('label') || target).getBoundingClientRect();
    if (box.height < 43.9 || box.width < 43.9) found.push([box.width, box.height, target.outerHTML]);
  }
  return found;
}"""
FOCUS = """() => {
  const at = document.activeElement;
  const ring = getComputedStyle(at.closest('.choice') || at);
  const box = at.getBoundingClientRect();
  const inDocument = [...document.querySelectorAll('*')].indexOf(at);
  return {at: inDocument, ring: parseFloat(ring.outlineWidth), style: ring.outlineStyle,
    seen: box.bottom > 0 && box.top < innerHeight, tag: at.tagName};
}"""


def violations(reader: Reader) -> list[str]:
    found = Axe().run(reader.page, options=STRICTER).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("reader", [PHONE, DESK], indirect=True, ids=["phone", "desk"])
@pytest.mark.parametrize("name", EVERY_KIND)
def test_page_has_nothing_that_axe_refuses_even_at_the_highest_contrast(reader: Reader, name: str) -> None:
    reader.opens(name)

    assert violations(reader) == []


@pytest.mark.parametrize("reader", [NIGHT, FORCED], indirect=True, ids=["night", "forced colours"])
@pytest.mark.parametrize("name", ["components", "form-with-mistakes", "home", "term"])
def test_page_is_as_clear_by_night_and_in_forced_colours(reader: Reader, name: str) -> None:
    reader.opens(name)

    assert violations(reader) == []


@pytest.mark.parametrize("reader", [NARROWEST], indirect=True, ids=["320"])
@pytest.mark.parametrize("name", EVERY_PAGE)
def test_page_never_scrolls_sideways_at_320_pixels(reader: Reader, name: str) -> None:
    page = reader.opens(name)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("reader", [PHONE, DESK], indirect=True, ids=["phone", "desk"])
@pytest.mark.parametrize("name", [name for name in EVERY_PAGE if "mail" not in name])
def test_page_has_no_small_text_and_no_small_target(reader: Reader, name: str) -> None:
    page = reader.opens(name)

    assert page.evaluate(SMALL_TEXT) == []
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("name", ["home", "form", "components", "code"])
def test_keyboard_walks_the_page_in_its_order_with_a_ring_that_shows(reader: Reader, name: str) -> None:
    page = reader.opens(name)
    page.evaluate("document.activeElement.blur()")
    walked: list[dict[str, Any]] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["tag"] == "BODY":
            break
        walked.append(focus)

    assert len(walked) >= 4
    assert [focus["at"] for focus in walked] == sorted(focus["at"] for focus in walked)
    assert all(focus["ring"] >= 4 and focus["style"] == "solid" and focus["seen"] for focus in walked), walked


def test_first_key_offers_to_skip_to_the_content(reader: Reader) -> None:
    page = reader.opens("home")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_join_button_stands_in_the_first_view_of_a_small_phone(reader: Reader, zone: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        page = reader.opens("home")

    box = page.locator(".next .button--large").bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert box["y"] + box["height"] <= 640


def test_mistakes_take_the_focus_and_lead_to_their_fields(reader: Reader) -> None:
    page = reader.opens("form-with-mistakes")

    assert page.evaluate("document.activeElement.className") == "error-summary"
    targets = page.eval_on_selector_all(".error-summary a", "links => links.map(link => link.hash.slice(1))")
    assert targets
    assert page.evaluate(
        "ids => ids.every(id => document.getElementById(id).matches('input, select, textarea'))", targets
    )


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_page_keeps_to_the_strict_content_policy(reader: Reader, name: str) -> None:
    reader.opens(name)

    if "mail" not in name:
        assert reader.complaints == []


def test_first_load_is_light(reader: Reader) -> None:
    reader.opens("home")

    assert len(reader.requests) <= 6
    assert sum(size for _, size in reader.requests) <= 60_000
    assert not [path for path, _ in reader.requests if path.endswith(".js")]


def test_stacked_table_is_still_a_table_to_a_screen_reader(reader: Reader) -> None:
    page = reader.opens("term")

    assert page.get_by_role("table", name="参加者の一覧").count() == 1
    assert page.get_by_role("rowheader").count() == 2
    assert page.get_by_role("columnheader", name="世代").count() == 1
    assert page.get_by_role("cell", name="学生").count() == 1


def test_paper_shows_the_words_without_menus_and_buttons(reader: Reader) -> None:
    page = reader.opens("home")
    page.emulate_media(media="print")

    assert page.locator(".next__when").is_visible()
    assert not page.locator(".menu").is_visible()
    assert not page.locator(".button").first.is_visible()
