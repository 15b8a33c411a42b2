"""Ours and the peers on generated terms: generate, form, check, and print a table in Markdown; a picture if asked.

    python -m tests.bench.matching.run --people 24 60 240 1000 --seeds 1 2 3 4 5
    python -m tests.bench.matching.run --people 24 60 240 --families open --limits 1 2 5 20 60 \\
        --peers greedy cp-sat timefold --peer-python ~/peers/bin/python --picture docs/pictures/forming.svg

Each run is a process of its own; CPU is its user time, memory its peak. `--limits` are wall seconds, for those who can
keep one; without any, ours takes its own budget and CP-SAT and Timefold a minute. A peer that is not installed
is left out, and the table says so; `peers.py` says how to install it. Not part of the plain test run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.matching.check import check
from tests.bench.matching.gen import dump, generate
from tests.bench.matching.picture import Point, drawn

ROOT = Path(__file__).parents[3]
HEAD = "| instance | by | limit | placed | bound | bound by | quality | worst | cohorts | CPU s | wall s | MiB |"
OURS = "madoi"
PEER_SECONDS = 60.0
PACKAGE_OF = {"cp-sat": "ortools", "timefold": "timefold"}


@dataclass(frozen=True, slots=True)
class Contest:
    """One instance in a folder, and the Python that has the peers' packages."""

    people: int
    seed: int
    family: str
    folder: Path
    peer_python: str

    @property
    def name(self) -> str:
        return f"n{self.people}-s{self.seed}-{self.family}"

    def command(self, who: str, limit: float | None) -> list[str]:
        files = [str(self.folder / "instance.json")], str(self.folder / "solution.json")
        seconds = [] if limit is None else ["--seconds", str(limit)]
        if who == OURS:
            asked = ["matching.engine", *files[0], "-o", files[1], "--seed", str(self.seed)]
            return [sys.executable, "-m", *asked, *seconds]
        return [self.peer_python, "-m", "tests.bench.matching.peers", who, *files[0], files[1], *seconds]


def measure(contest: Contest, who: str, limit: float | None, bounds: dict[str, int]) -> tuple[str, Point]:
    """Return one row of the table and its point; `bounds` keeps the proven bound of each instance for the peers.

    Raises:
        SystemExit: somebody failed, or the checker finds a broken rule.
    """
    began = os.times().elapsed
    child = subprocess.Popen(contest.command(who, limit), cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{who} failed on {contest.name}.")
    wall = os.times().elapsed - began
    told = json.loads((contest.folder / "solution.json").read_text(encoding="utf-8"))
    report = check(json.loads((contest.folder / "instance.json").read_text(encoding="utf-8")), told)
    if not report["valid"]:
        raise SystemExit(f"{who} on {contest.name}: {report['violations']}")
    bound, by = "–", "–"
    if who == OURS:
        bounds[contest.name] = min(told["upper_bound"], bounds.get(contest.name, told["upper_bound"]))
        bound, by = f"{'=' if told['proven'] else '≤'} {told['upper_bound']}", told["bound_method"]
    row = (
        f"| {contest.name} | {who} | {'–' if limit is None else f'{limit:g} s'} | {report['placed']} | {bound} | {by} "
        f"| {report['quality']:.4f} | {report['q_min']:.3f} | {report['cohorts']} "
        f"| {used.ru_utime:.1f} | {wall:.1f} | {used.ru_maxrss // 1024} |"
    )
    top = bounds.get(contest.name) or contest.people
    return row, Point(contest.people, who, wall, report["placed"] / top, report["quality"])


def can_run(who: str, peer_python: str) -> bool:
    """Whether what somebody needs is installed."""
    if who not in PACKAGE_OF:
        return True
    imported = [peer_python, "-c", f"import {PACKAGE_OF[who]}"]
    return not subprocess.run(imported, check=False, capture_output=True).returncode


def contests(chosen: argparse.Namespace, folder: Path) -> list[Contest]:
    return [
        Contest(people, seed, family, folder, chosen.peer_python)
        for people in chosen.people
        for seed in chosen.seeds
        for family in chosen.families
    ]


def limits_of(who: str, limits: list[float]) -> list[float | None]:
    if who == "greedy":
        return [None]
    if who in PACKAGE_OF:
        return [*limits] or [PEER_SECONDS]
    return [*limits, None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[24, 60, 240])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--families", nargs="+", default=["open", "scarce"])
    parser.add_argument("--peers", nargs="*", default=[], choices=["greedy", *PACKAGE_OF])
    parser.add_argument(
        "--peer-python", default=sys.executable, help="the Python in which their packages are installed"
    )
    parser.add_argument("--limits", type=float, nargs="*", default=[], help="wall seconds")
    parser.add_argument("--picture", type=Path, help="where to draw placed and quality against time (SVG)")
    chosen = parser.parse_args()
    runners = [OURS, *(who for who in chosen.peers if can_run(who, chosen.peer_python))]
    sys.stdout.write(HEAD + "\n" + "|---" * HEAD.count(" |") + "|\n")
    points: list[Point] = []
    bounds: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for contest in contests(chosen, Path(folder)):
            with (contest.folder / "instance.json").open("w", encoding="utf-8") as out:
                dump(generate(contest.people, contest.seed, contest.family), out)
            for who in runners:
                for limit in limits_of(who, chosen.limits):
                    row, point = measure(contest, who, limit, bounds)
                    points.append(point)
                    sys.stdout.write(row + "\n")
                    sys.stdout.flush()
    for who in sorted({*chosen.peers} - {*runners}):
        sys.stdout.write(f"\n{who} was left out: it is not installed (`tests/bench/matching/peers.py` says how).\n")
    if chosen.picture:
        chosen.picture.write_text(drawn(points), encoding="utf-8")


if __name__ == "__main__":
    main()
