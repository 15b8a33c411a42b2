"""What else forms cohorts from the same files: a greedy rule, and CP-SAT and Timefold on the count.

It shares no code with the engine.

    python -m tests.bench.matching.peers greedy INSTANCE.json SOLUTION.json
    python -m tests.bench.matching.peers cp-sat INSTANCE.json SOLUTION.json --seconds 60

The greedy rule needs nothing but Python. CP-SAT needs the package `ortools`, Timefold the package `timefold` and a JVM
from version 17 on, in any Python of yours, which the bench is told by `--peer-python ~/peers/bin/python`:
`python3 -m venv ~/peers && ~/peers/bin/pip install ortools timefold`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from tests.bench.matching.check import mask, starts

Document = dict[str, Any]


class Term:
    """A document as masks: who may start when, who bars whom, who must come with whom."""

    def __init__(self, document: Document) -> None:
        self.params, self.people, self.hosts = document["params"], document["participants"], document["facilitators"]
        self.week, self.length = self.params["week_slots"], self.params["window_slots"]
        self.number = {one["id"]: index for index, one in enumerate(self.people)}
        self.starts = [starts(mask(one["avail"]), self.week, self.length) for one in self.people]
        self.host_starts = [starts(mask(one["avail"]), self.week, self.length) for one in self.hosts]
        self.is_student = [one["role"] == "student" for one in self.people]
        self.together = [(self.number[a], self.number[b]) for a, b in document["together"]]
        self.partner = {one: other for pair in self.together for one, other in (pair, pair[::-1])}
        self.apart = [set[int]() for _ in self.people]
        for first, second, _ in document["forbidden"]:
            self._part(self.number[first], self.number[second])
        if self.params["no_same_org"]:
            for one, person in enumerate(self.people):
                for other in range(one):
                    same = person["org"] and person["org"] == self.people[other]["org"]
                    if same and self.partner.get(one) != other:
                        self._part(one, other)

    def _part(self, one: int, other: int) -> None:
        self.apart[one].add(other)
        self.apart[other].add(one)

    def languages(self, members: list[int], host: int) -> set[str]:
        return set(self.hosts[host]["langs"]).intersection(*(self.people[one]["langs"] for one in members))

    def may_be_one(self, members: list[int], host: int, start: int) -> bool:
        """Whether these people may sit together; sizes and generations are not looked at."""
        if not all(self.starts[one] >> start & 1 for one in members):
            return False
        if any(self.apart[one].intersection(members) for one in members):
            return False
        return not self.params["common_language"] or bool(self.languages(members, host))

    def is_whole(self, members: list[int]) -> bool:
        students = sum(self.is_student[one] for one in members)
        least = self.params["min_per_role"]
        sized = self.params["size_min"] <= len(members) <= self.params["size_max"]
        return sized and students >= least and len(members) - students >= least


def greedy(term: Term) -> list[tuple[list[int], int, int]]:
    """Seat the scarcest first: in the smallest cohort that takes them, else in a new one with the scarcest who can."""
    scarcity = sorted(range(len(term.people)), key=lambda one: (term.starts[one].bit_count(), one))
    cohorts: list[tuple[list[int], int, int]] = []
    seated: set[int] = set()
    for one in scarcity:
        if one in seated:
            continue
        unit = [one, term.partner[one]] if one in term.partner else [one]
        standing = [
            cohort
            for cohort in cohorts
            if len(cohort[0]) + len(unit) <= term.params["size_max"]
            and term.may_be_one([*cohort[0], *unit], cohort[1], cohort[2])
        ]
        if standing:
            min(standing, key=lambda cohort: len(cohort[0]))[0].extend(unit)
            seated.update(unit)
        elif (
            found := _new_cohort(term, unit, cohorts, [other for other in scarcity if other not in seated])
        ) is not None:
            cohorts.append(found)
            seated.update(found[0])
    return cohorts


def _new_cohort(
    term: Term, unit: list[int], cohorts: list[tuple[list[int], int, int]], waiting: list[int]
) -> tuple[list[int], int, int] | None:
    least = term.params["min_per_role"]
    for start in range(term.week):
        if not all(term.starts[one] >> start & 1 for one in unit):
            continue
        for host in range(len(term.hosts)):
            led = [at for _, leads, at in cohorts if leads == host]
            clear = all(min((start - at) % term.week, (at - start) % term.week) >= term.length for at in led)
            if not clear or not term.host_starts[host] >> start & 1 or len(led) >= term.hosts[host]["max_load"]:
                continue
            members = list(unit)
            for other in waiting:
                if other in term.partner or other in members or term.is_whole(members):
                    continue
                students = sum(term.is_student[one] for one in members)
                mine = students if term.is_student[other] else len(members) - students
                if mine < least and term.may_be_one([*members, other], host, start):
                    members.append(other)
            if term.is_whole(members) and term.may_be_one(members, host, start):
                return members, host, start
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=("greedy", "cp-sat", "timefold"))
    parser.add_argument("instance", type=Path)
    parser.add_argument("solution", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    document = json.loads(chosen.instance.read_text(encoding="utf-8"))
    term = Term(document)
    if chosen.peer == "greedy":
        found = greedy(term)
    elif chosen.peer == "timefold":
        from tests.bench.matching.timefold_model import cohorts as by_timefold  # noqa: PLC0415 (as below)

        found = by_timefold(term, seconds=chosen.seconds)
    else:
        from tests.bench.matching.cp_sat import CountModel  # noqa: PLC0415 (needs what the bench alone installs)

        found = CountModel(term).cohorts(seconds=chosen.seconds)
    cohorts = [
        {"members": [term.people[one]["id"] for one in members], "facilitator": term.hosts[host]["id"], "start": start}
        for members, host, start in found
        if term.is_whole(members)
    ]
    told = {"format": "cohort-solution/1", "instance": document["name"], "cohorts": cohorts}
    chosen.solution.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
