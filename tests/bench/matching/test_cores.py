"""One seed, one plan: on one core and on all of them, byte for byte."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.matching.gen import dump, generate

ROOT = Path(__file__).parents[3]
FORM = """
import os, sys
from pathlib import Path
if sys.argv[3] == "one" and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
from matching.engine import Options, solve
from matching.engine.files import read_problem, write_solution
options = Options(improve_batches=60, fair=sys.argv[4] == "fair")
write_solution(solve(read_problem(Path(sys.argv[1])), seed=3, options=options), path=Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("wish", ["plain", "fair"])
@pytest.mark.parametrize("family", ["open", "scarce"])
@pytest.mark.parametrize("people", [24, 60, 240, 1000])
def test_one_core_and_all_cores_write_the_same_bytes(people, family, wish, tmp_path):
    instance = tmp_path / "instance.json"
    with instance.open("w", encoding="utf-8") as out:
        dump(generate(people, 2, family), out)

    written = []
    for cores in ("one", "all"):
        path = tmp_path / f"{cores}.json"
        subprocess.run([sys.executable, "-c", FORM, instance, path, cores, wish], check=True, cwd=ROOT)
        written.append(path.read_bytes())

    assert written[0] == written[1]
