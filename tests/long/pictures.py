"""Takes the pictures of README anew from the demo: `python3 bin/madoi test --long pictures`, then look at them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import demo_site, running_site  # noqa: F401  the demo, as the journeys have it
from tests.journeys.demo import DemoSite
from tests.journeys.test_coordinator import forms_cohorts
from tests.journeys.visitor import PATIENCE, Screen, Visitor, visiting
from tests.processes import ROOT

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150_000  # bytes: README loads at once, on a phone too
PHONE = Screen("ja", 360, 740)
DESK = Screen("ja", 1280, 900)

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


def take(visitor: Visitor, place: Path) -> None:
    """Take what the screen shows, without the strip that only the demo has."""
    visitor.page.get_by_role("complementary", name=visitor.words("Demo")).evaluate("strip => strip.remove()")
    visitor.page.evaluate("scrollTo(0, 0)")
    picture = visitor.page.screenshot(animations="disabled")
    assert len(picture) < LARGEST
    place.write_bytes(picture)
