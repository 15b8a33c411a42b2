"""A demo for the whole run, and visitors to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.demo import DemoSite, running_demo
from tests.journeys.screens import PHONE
from tests.journeys.visitor import Visitor, visiting


@pytest.fixture(scope="session")
def running_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demo, once for the whole run. It asks for the browser first: without one, nothing is started."""
    with running_demo(tmp_path_factory.mktemp("demo") / "run") as site:
        yield site


@pytest.fixture
def demo_site(running_site: DemoSite) -> DemoSite:
    """The demo at the beginning of its story."""
    running_site.rewind()
    return running_site


@pytest.fixture
def visitor(demo_site: DemoSite, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor before the demo; what they look at comes by indirect parametrisation, else it is a Japanese phone."""
    with visiting(demo_site, browser, getattr(request, "param", PHONE)) as one:
        yield one
