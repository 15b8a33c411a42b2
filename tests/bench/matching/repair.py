"""Random repair events on solved plans, as a table in Markdown.

    python -m tests.bench.matching.repair --people 24 60 240 1000 10000 --events 300

One person in twenty is held back as a late joiner. Each event meets the plan as it was solved; the mildest proposal
is checked by `rules.py` against the people and facilitators of after the event. `moved` counts everybody remaining
who goes from one cohort to another, whoever the event is about left out. `lost` is the number placed after the repair
short of a full re-solve's (of its bound, where that is not proven). CPU time. `could` counts, with `--least`, the
drop-outs after which everybody could keep a place with nobody or one moved, by trying everything (`least_moves.py`).
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.engine import Options, PlannedCohort, Problem, Solution, solve
from matching.engine.files import problem_from_document
from matching.engine.repair import ChangedTime, DropOut, Event, LateJoiner, LostFacilitator, Proposal, Repairs
from matching.engine.rules import BrokenRule, Rulebook
from tests.bench.matching.gen import generate
from tests.bench.matching.least_moves import least_moves

HELD_BACK = 20
HEAD = (
    "| people | event | events | mended | could | moved ≤ 1 | moved, most | other times | lost ≤ 1 | lost, most "
    "| p50 ms | p99 ms | most ms |"
)


@dataclass(slots=True)
class Told:
    """What one event came to."""

    kind: str
    mended: bool
    moved: int
    other_times: int
    lost: int | None
    least: int | None
    milliseconds: float


@dataclass(slots=True)
class Plan:
    """A solved plan, and who comes later."""

    whole: Problem
    problem: Problem
    late: list[str]
    solution: Solution
    repairs: Repairs
    index_seconds: float


def planned(
    people: int,
    seed: int,
    family: str = "open",
    form_size: int | None = 5,
    rounds: int = 400,
    steady: bool = False,
    batches: int | None = None,
) -> Plan:
    """Return a plan of all but those held back, with its index. `batches` of 200 (above 1,000 people 20) are usual."""
    whole = problem_from_document(generate(people, seed, family))
    order = random.Random(seed)
    late = sorted(order.sample([one.id for one in whole.participants], max(2, people // HELD_BACK)))
    problem = without(whole, late)
    usual = 200 if people <= 1000 else 20
    options = Options(
        place_rounds=rounds, improve_batches=usual if batches is None else batches, form_size=form_size, steady=steady
    )
    solution = solve(problem, seed=seed, options=options)
    began = time.process_time()
    repairs = Repairs(whole, solution.cohorts, absent=late)
    return Plan(whole, problem, late, solution, repairs, time.process_time() - began)


def without(problem: Problem, gone: Sequence[str]) -> Problem:
    """Return the problem without these people, their pairs with them."""
    out = set(gone)
    return replace(
        problem,
        participants=tuple(one for one in problem.participants if one.id not in out),
        forbidden=tuple(pair for pair in problem.forbidden if not {pair.first, pair.second} & out),
        together=tuple(pair for pair in problem.together if not {pair.first, pair.second} & out),
    )


def random_event(plan: Plan, draw: random.Random, kind: str) -> Event:
    placed = [member for cohort in plan.solution.cohorts for member in cohort.members]
    if kind == "late joiner":
        return LateJoiner(draw.choice(plan.late))
    if kind == "drop-out":
        return DropOut(draw.choice(placed))
    if kind == "lost facilitator":
        return LostFacilitator(draw.choice([cohort.facilitator for cohort in plan.solution.cohorts]))
    person = draw.choice(placed)
    people = {one.id: one for one in plan.problem.participants}
    other = draw.choice([one for one in plan.problem.participants if one.generation == people[person].generation])
    return ChangedTime(person, other.availability)


def problem_after(plan: Plan, event: Event) -> Problem:
    match event:
        case DropOut(person):
            return without(plan.whole, [*plan.late, person])
        case LateJoiner(person):
            return without(plan.whole, [one for one in plan.late if one != person])
        case ChangedTime(person, availability):
            changed = tuple(
                replace(one, availability=availability) if one.id == person else one
                for one in plan.problem.participants
            )
            return replace(plan.problem, participants=changed)
        case LostFacilitator(facilitator):
            left = tuple(one for one in plan.problem.facilitators if one.id != facilitator)
            return replace(plan.problem, facilitators=left)
    raise TypeError(event)


def cohorts_after(cohorts: Sequence[PlannedCohort], proposal: Proposal) -> list[PlannedCohort]:
    """Return the plan as the proposal leaves it."""
    standing = dict(enumerate(cohorts))
    for position, cohort in proposal.changes:
        standing.pop(position, None)
        if cohort is not None:
            standing[position] = cohort
    return [standing[position] for position in sorted(standing)]


def told_of(plan: Plan, event: Event, kind: str, *, with_bound: bool, with_least: bool = False) -> Told:
    """Answer one event, check the answer and count.

    Raises:
        AssertionError: the mildest proposal says that it mends and breaks a rule.
    """
    began = time.process_time()
    proposals = plan.repairs.proposals(event)
    milliseconds = (time.process_time() - began) * 1000
    problem = problem_after(plan, event)
    known = {one.id for one in problem.participants}
    if proposals:
        best = proposals[0]
        cohorts = cohorts_after(plan.solution.cohorts, best)
    else:
        best = None
        cohorts = list(plan.solution.cohorts)
        if isinstance(event, ChangedTime | DropOut | LostFacilitator):
            raise AssertionError(f"{kind} {event} has no proposal")
    broken = Rulebook(problem).check_plan(cohorts)
    split = {breach.rule for breach in broken} == {BrokenRule.TOGETHER_SPLIT}
    if broken and not (split and isinstance(event, LateJoiner) and best is None) and (best is None or best.mends):
        raise AssertionError(f"{event}: {broken}")
    placed = sum(len(cohort.members) for cohort in cohorts if set(cohort.members) <= known)
    lost = None
    if with_bound:
        again = solve(problem, seed=1, options=Options(improve_batches=0, place_rounds=400), seconds=20.0)
        lost = (again.placed if again.proven else again.upper_bound) - placed
    mended = best is not None and best.mends
    least = None
    if with_least and isinstance(event, DropOut):
        least = least_moves(plan.repairs.seats, plan.repairs.seats.number[event.person])
    moved, other_times = (len(best.moved), len(best.other_times)) if best else (0, 0)
    return Told(kind, mended, moved, other_times, lost, least, milliseconds)


def row_of(people: int, kind: str, told: Sequence[Told], *, with_least: bool) -> str:
    times = sorted(one.milliseconds for one in told)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
    lost = [one.lost for one in told if one.lost is not None]
    losses = (f"{sum(one <= 1 for one in lost)} of {len(lost)}", str(max(lost))) if lost else ("–", "–")
    could = str(sum(one.least is not None for one in told)) if with_least and kind == "drop-out" else "–"
    return (
        f"| {people} | {kind} | {len(told)} | {sum(one.mended for one in told)} | {could} "
        f"| {sum(one.moved <= 1 for one in told)} | {max(one.moved for one in told)} "
        f"| {sum(one.other_times > 0 for one in told)} | {losses[0]} | {losses[1]} "
        f"| {at(0.5):.2f} | {at(0.99):.2f} | {times[-1]:.2f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[24, 60, 240])
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bounds", type=int, default=30, help="how many events of a kind are held against a re-solve")
    parser.add_argument("--form-size", type=int, default=5, help="as in `Options`; 0: as many cohorts as serve quality")
    parser.add_argument("--least", action="store_true", help="try everything, too, that moves nobody or one")
    parser.add_argument("--steady", action="store_true", help="as in `Options`")
    parser.add_argument("--batches", type=int, help="of improvement")
    chosen = parser.parse_args()
    sys.stdout.write(HEAD + "\n" + "|---" * (HEAD.count("|") - 1) + "|\n")
    kinds = ("drop-out", "late joiner", "changed times", "lost facilitator")
    for people in chosen.people:
        plan = planned(
            people,
            chosen.seed,
            form_size=chosen.form_size or None,
            steady=chosen.steady,
            batches=chosen.batches,
        )
        draw = random.Random(chosen.seed)
        by_kind: dict[str, list[Told]] = {kind: [] for kind in kinds}
        for number in range(chosen.events):
            kind = kinds[(0, 1, 0, 1, 2, 0, 1, 3)[number % 8]]
            told = by_kind[kind]
            event = random_event(plan, draw, kind)
            with_bound = len(told) < chosen.bounds
            told.append(told_of(plan, event, kind, with_bound=with_bound, with_least=chosen.least))
        for kind, told in by_kind.items():
            sys.stdout.write(row_of(people, kind, told, with_least=chosen.least) + "\n")
        placed, bound, quality = plan.solution.placed, plan.solution.upper_bound, plan.solution.quality
        sys.stdout.write(
            f"index for {people}: {plan.index_seconds:.3f} s; placed {placed} of {bound}, quality {quality:.4f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
