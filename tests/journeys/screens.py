"""The screens that journeys are made on. What is read at a desk in English takes longer and runs with `--all`."""

import pytest

from tests.journeys.visitor import Screen

PHONE = Screen("ja", 360, 740)
SMALL_PHONE = Screen("ja", 360, 640)
DESK = Screen("en", 1280, 900)
EACH_SCREEN = [pytest.param(PHONE, id="phone-ja"), pytest.param(DESK, id="desk-en", marks=pytest.mark.slow)]
