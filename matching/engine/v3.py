"""Version v3 of the engine: bound, place, prove, then improve, in this order of importance."""

import time
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from matching.engine.anneal import COLD, HOT, Annealer
from matching.engine.arrays import arrays_of
from matching.engine.bounds import cohort_capacity, reachable_units, upper_bound
from matching.engine.explain import explain_unplaced
from matching.engine.findings import input_findings
from matching.engine.grants import granted, with_every_maybe
from matching.engine.groups import Groups
from matching.engine.lifting import Lifting
from matching.engine.model import Model, compile_model
from matching.engine.options import Options, Progress
from matching.engine.place import Search
from matching.engine.plan import Plan
from matching.engine.problem import Problem
from matching.engine.proof import MOST_PEOPLE, MOST_PEOPLE_FOR_QUALITY, best_company, evened, list_groups, settle_count
from matching.engine.regions import Regions
from matching.engine.score import cohort_quality
from matching.engine.solution import BoundMethod, PlannedCohort, Solution
from matching.engine.steadying import Steadying
from matching.engine.worth import Worth

PLACE_ROUNDS = 3000
MAYBE_ROUNDS = 150
RESTARTS = 5
TRIES_FOR_START = 2
ROUNDS_FOR_START = 100
SHUFFLES = 8
ANNEALING = 0.8
BATCHES_OF_SHUFFLE = 200
LIFTS = 30
PEOPLE_FOR_A_LIFT = 80
STEPS_TO_STEADY = 200_000
MOST_PEOPLE_TO_STEADY = 480
"""Above that somebody can step in nearly everywhere."""


class Stopwatch:
    """Says when a wall limit has passed. A limit can only end a search early."""

    def __init__(self, seconds: float | None) -> None:
        self._ends_at = None if seconds is None else time.monotonic() + seconds
        self.has_stopped = False

    def stop(self) -> bool:
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            self.has_stopped = True
        return self.has_stopped


@dataclass(slots=True)
class _Placed:
    """The search at its end, how many any plan can place, and every valid group if they were listed."""

    search: Search
    bound: int
    method: BoundMethod
    groups: Groups | None


def solve(problem: Problem, *, seed: int, options: Options, progress: Progress, seconds: float | None) -> Solution:
    """Return a valid plan; the same problem, seed and options give the same plan."""
    watch = Stopwatch(seconds)
    asked, grant = problem, None
    if any(person.maybe for person in problem.participants):
        random = Random(seed)  # noqa: S311
        grant = granted(problem, random=random, rounds=MAYBE_ROUNDS, stop=watch.stop)
        problem = grant.problem
    model = compile_model(problem)
    progress("bound", 0.0)
    possible = reachable_units(model)
    bound, method = upper_bound(model, possible=possible)
    progress("bound", 1.0)

    random = Random(seed)  # noqa: S311 (a plan that can be repeated, nothing secret)
    search = Search(model, Plan(model), random, possible, _first_target(model, bound, possible))
    worth = Worth(arrays_of(problem, model), options)
    found = _place(search, worth, bound=bound, method=method, options=options, watch=watch, progress=progress)
    plan, quality_bound = _improved(problem, found, worth, options=options, seed=seed, watch=watch, progress=progress)
    cohorts = planned_cohorts(problem, plan)
    people = {person.id: person for person in problem.participants}
    placed = {member for cohort in cohorts for member in cohort.members}
    quality = sum(
        len(cohort.members) * cohort_quality([people[member] for member in cohort.members], params=problem.params).total
        for cohort in cohorts
    )
    progress("explain", 0.0)
    if grant is not None:
        found.bound, found.method = max(grant.bound, len(placed)), grant.method
        problem = with_every_maybe(asked)
        model = compile_model(problem)
        possible = reachable_units(model)
    solution = Solution(
        problem=problem.name,
        engine_version="v3",
        seed=seed,
        cohorts=cohorts,
        placed=len(placed),
        quality=quality / len(placed) if placed else 0.0,
        quality_bound=quality_bound,
        upper_bound=found.bound,
        bound_method=found.method,
        stopped_early=watch.has_stopped,
        unplaced=explain_unplaced(problem, model, placed=placed, possible=possible),
        findings=input_findings(problem),
    )
    progress("explain", 1.0)
    return solution


def _place(
    search: Search,
    worth: Worth,
    *,
    bound: int,
    method: BoundMethod,
    options: Options,
    watch: Stopwatch,
    progress: Progress,
) -> _Placed:
    """Place as many as can be, and settle how many that is where a gap is left."""
    progress("place", 0.0)
    search.construct(watch.stop)
    rounds = PLACE_ROUNDS if options.place_rounds is None else options.place_rounds
    place = partial(search.place, stop=watch.stop, report=partial(progress, "place"))
    place(bound=bound, rounds=rounds // 10)
    groups = None

    if search.plan.placed < bound:
        progress("prove", 0.0)
        groups = list_groups(search.model, possible=search.possible, most_people=MOST_PEOPLE, stop=watch.stop)
        if groups is not None:
            proof = settle_count(
                search.plan,
                groups,
                worth,
                bound=bound,
                method=method,
                exact=options.prove,
                stop=watch.stop,
            )
            search.plan, bound, method = proof.plan, proof.bound, proof.method
        place(bound=bound, rounds=rounds // 2)
        search = _restarted(search, bound=bound, rounds=rounds // 2, restarts=RESTARTS, watch=watch)
        progress("prove", 1.0)
    progress("place", 1.0)
    return _Placed(search, bound, method, groups)


def _restarted(search: Search, *, bound: int, rounds: int, restarts: int, watch: Stopwatch) -> Search:
    """Return the best of the search and a few fresh ones, as long as the bound is not met."""
    for _ in range(restarts):
        if search.plan.placed >= bound or watch.stop():
            break
        fresh = _fresh(search, bound=bound, rounds=rounds, watch=watch)
        if fresh.plan.placed > search.plan.placed:
            search = fresh
    return search


def _fresh(search: Search, *, bound: int, rounds: int, watch: Stopwatch) -> Search:
    params = search.model.params
    target = search.random.randint(params.size_min, params.size_max)
    fresh = Search(search.model, Plan(search.model), search.random, search.possible, target)
    fresh.construct(watch.stop)
    fresh.place(bound=bound, rounds=rounds, stop=watch.stop, report=lambda done: None)
    return fresh


def _starts(search: Search, *, copies: int, most: int, rounds: int, watch: Stopwatch) -> list[Plan]:
    """Return plans of as many people to begin with, each found anew and opened up to `most` cohorts.

    Which one is annealed decides more than how long: the best of a dozen is worth several per cent.
    """
    bound, cohorts, found = search.plan.placed, max(most, len(search.plan.numbers())), [search]
    for _ in range(TRIES_FOR_START * (copies - 1)):
        if len(found) == copies or watch.stop():
            break
        fresh = _fresh(search, bound=bound, rounds=rounds, watch=watch)
        if fresh.plan.placed >= bound and len(fresh.plan.numbers()) <= cohorts:
            found.append(fresh)
    for one in found:
        one.spread(most=most, stop=watch.stop)
    return [found[copy % len(found)].plan for copy in range(copies)]


def _improved(
    problem: Problem, found: _Placed, worth: Worth, *, options: Options, seed: int, watch: Stopwatch, progress: Progress
) -> tuple[Plan, float | None]:
    """Return a plan of the same people or exchanged ones, as many, in better company, and a bound on its quality."""
    search = found.search
    model = search.model
    budget = _improve_budget(len(problem.participants))
    batches = budget.batches
    if options.improve_batches is not None:
        batches = options.improve_batches
    if not batches or not search.plan.placed or watch.stop():
        return search.plan, None
    progress("improve", 0.0)
    capacity, most = cohort_capacity(model, possible=search.possible), None
    if options.form_size is not None:
        capacity = most = min(capacity, -(-search.plan.placed // options.form_size))
    starts = _starts(search, copies=budget.copies, most=capacity, rounds=ROUNDS_FOR_START, watch=watch)
    if budget.opens:
        shuffle = min(batches, BATCHES_OF_SHUFFLE)
        starts = [_opened(search, worth, most=capacity, batches=shuffle, seed=seed, watch=watch)]
    annealer = Annealer(worth, starts, possible=search.possible, seed=seed)
    annealer.run(
        batches=batches,
        coldest=budget.coldest,
        stop=watch.stop,
        report=lambda done: progress("improve", ANNEALING * done),
    )
    plan, bound = annealer.best_plan(), None
    Regions(worth, plan, possible=search.possible, seed=seed, most=most).walk(
        regions=-(-budget.regions * batches // budget.batches),
        stop=watch.stop,
        report=lambda done: progress("improve", ANNEALING + (1 - ANNEALING) * done),
    )
    groups = found.groups or list_groups(
        model, possible=search.possible, most_people=MOST_PEOPLE_FOR_QUALITY, stop=watch.stop
    )
    if groups is not None and len(problem.participants) <= MOST_PEOPLE_FOR_QUALITY and not watch.stop():
        best = best_company(
            plan,
            groups,
            worth,
            most=most,
            exact=options.prove,
            patient=batches >= budget.batches and not options.fair,
            stop=watch.stop,
        )
        plan = best.plan
        bound = best.bound / plan.placed
        if options.fair:
            plan = evened(plan, groups, worth, worth.quality_of(groups, model), most=most, stop=watch.stop)
    if options.fair:
        lifts = -(-max(LIFTS, len(problem.participants) // PEOPLE_FOR_A_LIFT) * batches // budget.batches)
        Lifting(worth, plan, possible=search.possible, seed=seed, most=most).run(turns=lifts, stop=watch.stop)
    if options.steady and len(problem.participants) <= MOST_PEOPLE_TO_STEADY:
        steps = -(-STEPS_TO_STEADY * batches // budget.batches)
        plan = Steadying(worth, plan, possible=search.possible, seed=seed).run(steps=steps, stop=watch.stop)
    progress("improve", 1.0)
    return plan, bound


def _opened(search: Search, worth: Worth, *, most: int, batches: int, seed: int, watch: Stopwatch) -> Plan:
    """Return a plan with more cohorts: room for one may be found only once people have changed about."""
    plan = search.plan
    for turn in range(SHUFFLES):
        if len(plan.numbers()) >= most or watch.stop():
            break
        shuffled = Annealer(worth, [plan], possible=search.possible, seed=seed + turn)
        shuffled.run(batches=batches, coldest=HOT, stop=watch.stop, report=lambda done: None)
        plan = shuffled.best_plan()
        replace(search, plan=plan).spread(most=most, stop=watch.stop)
    return plan


@dataclass(frozen=True, slots=True)
class _Budget:
    """Batches of exchanges, copies side by side, the temperature at the end, and regions to choose anew.

    `opens`: whether people are shuffled to find room for more cohorts.
    """

    batches: int
    copies: int
    coldest: float
    regions: int
    opens: bool = False


def _improve_budget(people: int) -> _Budget:
    """Return what a problem of so many people is given: small ones gain from copies, and packing polishes them."""
    if people <= 30:
        return _Budget(200, 8, 0.02, 0)
    if people <= MOST_PEOPLE_FOR_QUALITY:
        return _Budget(400, 8, 0.02, 0)
    if people <= MOST_PEOPLE:
        return _Budget(2000, 20, 0.02, 20)
    if people <= 480:
        return _Budget(14000, 1, COLD, 40, opens=True)
    return _Budget(12000, 1, COLD, 0)


def planned_cohorts(problem: Problem, plan: Plan) -> tuple[PlannedCohort, ...]:
    """Return the drafts of a plan in the order of start, facilitator and first member."""
    model = plan.model
    cohorts = []
    for number in plan.numbers():
        draft = plan.draft(number)
        people = sorted(person for unit in draft.units for person in model.members[unit])
        cohorts.append(
            PlannedCohort(
                members=tuple(problem.participants[person].id for person in people),
                facilitator=problem.facilitators[draft.host].id,
                start=draft.start,
            )
        )
    return tuple(sorted(cohorts, key=lambda one: (one.start, one.facilitator, one.members)))


def _first_target(model: Model, bound: int, possible: int) -> int:
    """Return the size at which the bound could be met with all facilitators at work."""
    capacity = cohort_capacity(model, possible=possible)
    wanted = -(-bound // capacity) if capacity else model.params.size_max
    return max(model.params.size_min, min(model.params.size_max, wanted))
