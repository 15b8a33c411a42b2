"""How good the worst cohort can be at all: for each person in a weak cohort, the best cohort that exists for them.

    python -m tests.bench.matching.ceiling INSTANCE.json SOLUTION.json

A plan that places everybody who can be placed holds each of them, so its worst cohort is no better than the best
cohort of any one person. Each person's cohort in a plan is a lower bound of their best one, so only people in cohorts
below the lowest ceiling found so far are looked at. Of somebody for whom there are too many groups to list, nothing is
said, and the ceiling stays an upper bound. Prints one JSON object. Not part of the plain test run.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from matching.engine.arrays import arrays_of
from matching.engine.bounds import reachable_units
from matching.engine.files import read_problem
from matching.engine.groups import TooManyGroups, _Listing
from matching.engine.model import Model, compile_model, part_of
from matching.engine.options import Options
from matching.engine.score import cohort_quality
from matching.engine.week import bits
from matching.engine.worth import Worth

MOST_GROUPS = 300_000
MOST_PARTNERS = 150


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The proven bound on the worst cohort, who sets it, worst and mean of the plan, for how many it was too much."""

    instance: str
    placed: int
    spared: int
    worst: float
    mean: float
    ceiling: float | None
    person: str | None
    looked_at: int
    too_many: int


def best_of(unit: int, model: Model, worth: Worth, *, possible: int) -> float | None:
    """Return the best quality of all valid groups with a unit, or None when there are too many to list."""
    partners = [
        other
        for other in bits(possible & ~model.barred[unit] & ~(1 << unit))
        if model.starts[other] & model.starts[unit] & model.hosted
    ]
    if len(partners) > MOST_PARTNERS:
        return None
    part = part_of(model, [unit, *partners], host_starts=model.host_starts, host_load=model.host_load)
    listing = _Listing(part, part.everyone, lambda: False, MOST_GROUPS)
    listing.first = listing.first.only(slice(0, 1))
    try:
        listing.run()
    except TooManyGroups:
        return None
    groups = listing.groups()
    if not len(groups.people):
        return None
    return float((worth.of(groups.rows(part, empty=len(worth.arrays.real) - 1)) / groups.people).max())


def ceiling_of(instance: Path, solution: Path) -> Ceiling:
    """Return the ceiling of an instance, looking at people in the order of their cohorts in a plan."""
    problem, told = read_problem(instance), json.loads(solution.read_text(encoding="utf-8"))
    model = compile_model(problem)
    possible = reachable_units(model)
    worth = Worth(arrays_of(problem, model), Options())
    people = {person.id: person for person in problem.participants}
    unit_of = {problem.participants[one].id: unit for unit, those in enumerate(model.members) for one in those}
    qualities = sorted(
        (cohort_quality([people[name] for name in one["members"]], params=problem.params).total, sorted(one["members"]))
        for one in told["cohorts"]
    )
    placed = sum(len(members) for _, members in qualities)
    spared = model.people_in(possible) - placed
    found: list[tuple[float, str]] = []
    looked_at = too_many = 0
    for quality, members in qualities:
        # One more than may be left out: the best of these must be placed or somebody better off is left out.
        if len(found) > spared and quality >= sorted(found)[spared][0]:
            break
        for unit in sorted({unit_of[name] for name in members}):
            looked_at += 1
            best = best_of(unit, model, worth, possible=possible)
            if best is None:
                too_many += 1
            else:
                found += [(best, problem.participants[one].id) for one in model.members[unit]]
    found.sort()
    return Ceiling(
        instance=problem.name,
        placed=placed,
        spared=spared,
        worst=qualities[0][0],
        mean=sum(quality * len(members) for quality, members in qualities) / placed,
        ceiling=found[spared][0] if len(found) > spared else None,
        person=found[spared][1] if len(found) > spared else None,
        looked_at=looked_at,
        too_many=too_many,
    )


if __name__ == "__main__":
    json.dump(asdict(ceiling_of(Path(sys.argv[1]), Path(sys.argv[2]))), sys.stdout, indent=2)
    sys.stdout.write("\n")
