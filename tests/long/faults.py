"""All drills over and over, and each guard taken out: `python3 bin/madoi test --long faults`.

MADOI_DRILLS says how often each drill runs (20), MADOI_DRILL_SEED where the seeds begin, MADOI_DRILL_NAMES which of
them (F1,F2). MADOI_DRILL_LOG names a file for what each drill did: ids killed, versions, counts of the sink. Prints
two tables. About 15 s a drill on two idle cores: twenty rounds take an hour and a half.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.drills import DRILLS
from tests.faults.saboteurs import NOTICED_BY
from tests.faults.stage import Stage, running_stage

TIMES = int(os.environ.get("MADOI_DRILLS", "20"))
FIRST = int(os.environ.get("MADOI_DRILL_SEED", "1"))
CHOSEN = [name for name in os.environ.get("MADOI_DRILL_NAMES", "").split(",") if name] or list(DRILLS)
CHANCES = 5
"""How many times a drill may look before a missing guard counts as not noticed: it strikes at random moments."""

pytestmark = pytest.mark.timeout(6 * 3600)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock(), running_stage() as running:
        yield running


def tried(stage: Stage, name: str, *, seed: int, saboteur: str = "", short: bool = False) -> str:
    """Run a drill and return what went wrong; nothing when nothing did."""
    trouble = ""
    try:
        stage.clear(seed=seed, saboteur=saboteur, short=short)
        DRILLS[name](stage)
    except (AssertionError, TimeoutError) as error:
        trouble = str(error).splitlines()[0][:160]
    stage.log(f"{name}, seed {seed}{f', without its guard ({saboteur})' if saboteur else ''}: {trouble or 'held'}")
    if place := os.environ.get("MADOI_DRILL_LOG"):
        with Path(place).open("a") as file:
            file.write("\n".join(stage.lines) + "\n\n")
    return trouble


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print past pytest: who waits for an hour wants to see something."""

    def past(line: str) -> None:
        with capfd.disabled():
            print(line, flush=True)  # noqa: T201

    return past


def test_every_drill_holds_every_time(stage: Stage, say: Callable[[str], None]) -> None:
    troubles: dict[str, list[str]] = {name: [] for name in CHOSEN}
    seconds = dict.fromkeys(CHOSEN, 0.0)
    say(f"\n{stage.versions()}; seeds {FIRST} to {FIRST + TIMES - 1}")
    for seed in range(FIRST, FIRST + TIMES):
        for name in CHOSEN:
            began = time.monotonic()
            if trouble := tried(stage, name, seed=seed):
                troubles[name].append(f"seed {seed}: {trouble}")
                say(f"{name}, seed {seed}: {trouble}")
            seconds[name] += time.monotonic() - began
    say("\n| drill | runs | violations | seconds a run |\n|---|---|---|---|")
    for name, found in troubles.items():
        say(f"| {name} | {TIMES} | {len(found)} | {seconds[name] / TIMES:.0f} |")

    assert {name: found for name, found in troubles.items() if found} == {}


@pytest.mark.parametrize("saboteur", NOTICED_BY)
def test_every_guard_is_missed(stage: Stage, say: Callable[[str], None], saboteur: str) -> None:
    name = NOTICED_BY[saboteur]
    troubles = (tried(stage, name, seed=seed, saboteur=saboteur, short=True) for seed in range(1, CHANCES + 1))
    tries, trouble = next(((n, one) for n, one in enumerate(troubles, start=1) if one), (CHANCES, ""))
    say(f"| {saboteur} taken out | {name} | {tries} tries | {trouble or 'nothing'} |")

    assert trouble, f"{name} does not notice that a guard is missing"
