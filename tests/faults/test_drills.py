"""F1 to F15 in short, each once; `bin/madoi test --long faults` repeats them and takes the guards out."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.drills import DRILLS
from tests.faults.stage import Stage, running_stage

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), running_stage() as running:
        yield running


@pytest.mark.parametrize("name", DRILLS)
def test_it_breaks_and_nothing_is_lost_or_doubled(stage: Stage, name: str, record_property: Any) -> None:
    stage.clear(seed=1)
    try:
        DRILLS[name](stage)
    finally:
        stage.log(stage.versions())
        record_property(name, "\n".join(stage.lines))
        print("\n".join(stage.lines))  # noqa: T201  shown when it fails
