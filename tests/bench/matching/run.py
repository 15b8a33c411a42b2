"""Generate, solve, check and print a table in Markdown.

    python -m tests.bench.matching.run --people 24 60 240 1000 --seeds 1 2 3 4 5

Each run is a process of its own; CPU is its user time, memory its peak. Not part of the plain test run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.matching.check import check
from tests.bench.matching.gen import dump, generate

ROOT = Path(__file__).parents[3]
HEAD = "| instance | placed | bound | by | quality | worst | cohorts | CPU s | wall s | MiB |"


def measure(people: int, seed: int, family: str, *, folder: Path) -> str:
    """Return one row of the table; raise when the checker finds a broken rule."""
    instance, solution = folder / "instance.json", folder / "solution.json"
    with instance.open("w", encoding="utf-8") as out:
        dump(generate(people, seed, family), out)
    command = [sys.executable, "-m", "matching.engine", str(instance), "-o", str(solution), "--seed", str(seed)]
    began = os.times().elapsed
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"The engine failed on n{people}-s{seed}-{family}.")
    wall = os.times().elapsed - began
    told = json.loads(solution.read_text(encoding="utf-8"))
    report = check(json.loads(instance.read_text(encoding="utf-8")), told)
    if not report["valid"]:
        raise SystemExit(f"{report['instance']}: {report['violations']}")
    proven = " = " if told["proven"] else " ≤ "
    return (
        f"| {report['instance']} | {report['placed']} |{proven}{told['upper_bound']} | {told['bound_method']} "
        f"| {report['quality']:.4f} | {report['q_min']:.3f} | {report['cohorts']} "
        f"| {used.ru_utime:.1f} | {wall:.1f} | {used.ru_maxrss // 1024} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[24, 60, 240])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--families", nargs="+", default=["open", "scarce"])
    chosen = parser.parse_args()
    sys.stdout.write(HEAD + "\n" + "|---" * HEAD.count(" |") + "|\n")
    with tempfile.TemporaryDirectory() as folder:
        for people in chosen.people:
            for seed in chosen.seeds:
                for family in chosen.families:
                    sys.stdout.write(measure(people, seed, family, folder=Path(folder)) + "\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
