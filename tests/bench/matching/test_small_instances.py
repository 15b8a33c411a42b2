"""The small instances that travel with the project: valid by an independent checker, as many as proven."""

import json
from pathlib import Path

import pytest

from matching.engine import Options, solve
from matching.engine.files import read_problem, write_solution
from tests.bench.matching.check import check

INSTANCES = Path(__file__).parent / "instances"
OPTIMUM = {"n24-s1-open": 8, "n24-s1-scarce": 14, "n60-s1-open": 56, "n60-s1-scarce": 53}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * ("n60" in name)) for name in OPTIMUM])
def test_a_small_instance_is_solved_validly_and_to_its_optimum(name, tmp_path):
    path = INSTANCES / f"{name}.json"

    solution = solve(read_problem(path), seed=1, options=Options(improve_batches=150, place_rounds=400))
    write_solution(solution, path=tmp_path / "plan.json")
    told = check(json.loads(path.read_text()), json.loads((tmp_path / "plan.json").read_text()))

    assert told["violations"] == []
    assert told["placed"] == solution.placed == OPTIMUM[name]
    assert solution.upper_bound >= OPTIMUM[name]
    assert told["quality"] == pytest.approx(solution.quality, abs=1e-4)
