"""Takes the pictures of README anew from the demo: `python3 bin/madoi test --long pictures`, then look at them."""

import base64
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import demo_site, running_site  # noqa: F401  the demo, as the journeys have it
from tests.journeys.demo import DemoSite
from tests.journeys.test_coordinator import forms_cohorts
from tests.journeys.test_practice import comes_to_their_turn
from tests.journeys.test_signing_up import Signing
from tests.journeys.visitor import PATIENCE, Screen, Visitor, visiting
from tests.processes import ROOT

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 100_000  # bytes: README loads at once, on a phone too
PHONE = Screen("ja", 360, 740)
DESK = Screen("ja", 1280, 1600)  # tall enough for a whole cohort

COLOURS = 256
PIXELS = """async address => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const bytes = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let text = '';
  for (let at = 0; at < bytes.length; at += 8190) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 8190)));
  return [bitmap.width, bitmap.height, text];
}"""  # 8190 is a multiple of three, so that the pieces of base64 join

pytestmark = pytest.mark.timeout(240, func_only=True)


def test_participants_home_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, PHONE) as aoi:
        aoi.comes_in_as("aoi")

        take(aoi, PICTURES / "participant-home.png")


def test_coordinators_run_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, DESK) as chika:
        chika.comes_in_as("chika")
        forms_cohorts(chika)
        expect(chika.page.get_by_role("article").first).to_be_visible(timeout=PATIENCE)

        take(chika, PICTURES / "coordinator-run.png")


def test_times_of_a_sign_up_are_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, PHONE) as somebody:
        somebody.goes_to("/demo/")
        somebody.link("Sign up as somebody new").click()
        signing = Signing(somebody, "", "sora@example.org")
        signing.goes_on("Sign up")
        signing.says_the_name()
        signing.says_the_generation()
        signing.says_the_interests()

        take(somebody, PICTURES / "sign-up-times.png")


def test_reception_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, Screen("ja", 1280, 1000)) as chika:
        chika.comes_in_as("chika")
        chika.page.get_by_role("link", name="第3期").first.click()
        chika.link("Reception").first.click()
        chika.looks()

        take(chika, PICTURES / "reception.png")


def test_repair_of_a_cohort_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, Screen("ja", 1280, 760)) as chika:
        chika.comes_in_as("chika")
        chika.page.get_by_role("link", name="第2期").first.click()
        chika.opens_tab("Cohorts")
        chika.page.locator("a[href*='/place/']").first.click()
        chika.looks()

        take(chika, PICTURES / "repair.png")


def test_a_session_in_danger_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, PHONE) as fumi:
        fumi.comes_in_as("fumi")
        fumi.goes_to("/facilitator/")
        fumi.page.locator("a[href*='/rescue/']").first.click()
        fumi.looks()

        take(fumi, PICTURES / "rescue.png")


def test_the_room_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, PHONE) as somebody:
        somebody.goes_to("/")
        somebody.presses("As one of the circle")
        comes_to_their_turn(somebody)
        somebody.page.locator("[data-stage]").scroll_into_view_if_needed()

        take(somebody, PICTURES / "room.png")


def test_the_morning_is_taken(demo_site: DemoSite, browser: Browser) -> None:  # noqa: F811
    with visiting(demo_site, browser, Screen("ja", 1280, 900)) as chika:
        chika.comes_in_as("chika")
        chika.goes_to("/today/")
        chika.looks()

        take(chika, PICTURES / "today.png")


def take(visitor: Visitor, place: Path) -> None:
    """Take what the screen shows, without the strip that only the demo has."""
    visitor.page.get_by_role("complementary", name=visitor.words("Demo")).evaluate("strip => strip.remove()")
    visitor.page.evaluate("scrollTo(0, 0)")
    picture = visitor.page.screenshot(animations="disabled")
    visitor.page.goto("about:blank")  # the site's own policy lets nobody read pixels
    place.write_bytes(in_few_colours(visitor.page, picture))
    assert place.stat().st_size < LARGEST


def in_few_colours(page: Page, picture: bytes) -> bytes:
    """Return the PNG with a palette: its commonest colours, and for each other one the nearest of those."""
    width, height, text = page.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(picture).decode())
    pixels = np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(-1, 4)[:, :3]
    colours, where, how_many = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-how_many)[:COLOURS]]
    far = np.abs(colours[:, None, :].astype(np.int16) - palette[None, :, :]).sum(axis=2)
    rows = far.argmin(axis=1).astype(np.uint8)[where.reshape(height, width)]
    unfiltered = np.hstack([np.zeros((height, 1), dtype=np.uint8), rows])
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(unfiltered.tobytes(), 9))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in [*parts, (b"IEND", b"")])


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
