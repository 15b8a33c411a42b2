"""Pages of a coordinator, on a Tuesday noon in Tokyo."""

import pytest

from tests import stopped_clock
from tests.factories import NOW


@pytest.fixture(autouse=True)
def clock_stands(settings) -> None:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
