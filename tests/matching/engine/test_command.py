"""The command of the engine: a plan in a file, one line about it, and an end that says whether the count is proven."""

import json
from pathlib import Path

import pytest

from matching.engine.__main__ import main

INSTANCES = Path(__file__).parents[2] / "bench" / "matching" / "instances"


def told_of(capsys: pytest.CaptureFixture[str], tmp_path: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    ended = main([*arguments, "-o", str(tmp_path / "plan.json")])
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    return ended, json.loads(capsys.readouterr().out)


def test_a_proven_count_ends_well(capsys, tmp_path):
    ended, told = told_of(capsys, tmp_path, str(INSTANCES / "n24-s1-open.json"), "--prove")

    assert (ended, told["placed"], told["upper_bound"], told["proven"]) == (0, 8, 8, True)
    assert told["quality"] == told["quality_bound"]


@pytest.mark.parametrize(("asked", "ended"), [(["--prove"], 2), ([], 0)])
def test_a_count_that_is_not_proven_ends_otherwise_only_for_whoever_asks_for_the_proof(asked, ended, capsys, tmp_path):
    end, told = told_of(capsys, tmp_path, str(INSTANCES / "n60-s1-open.json"), "--seconds", "0", *asked)

    assert (end, told["proven"], told["stopped_early"]) == (ended, False, True)
