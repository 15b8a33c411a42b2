"""What would help a whole term: one facilitator more at some time, one person's other time, one rule less."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from matching.engine import Options, solve
from matching.engine.changes import Change, ChangeKind
from matching.engine.problem import ForbiddenReason, Params, Problem, Strictness
from matching.engine.seats import Seats
from matching.engine.solution import PlannedCohort
from matching.engine.tries import drafts_that_fill, picks
from matching.engine.week import bits

STARTS_TRIED = 24
LEAST_OF_A_GENERATION = 2
USUAL_SIZES = (4, 6)
ROUNDS = 200


class OptionalRule(StrEnum):
    """The rules that a term may do without."""

    STUDENT_AFFILIATION = "student-affiliation"
    ALUMNI_AFFILIATION = "alumni-affiliation"
    MET_BEFORE = "met-before"
    MIN_WINDOWS = "min-windows"
    GENERATION_MINIMUM = "generation-minimum"
    SIZE = "size"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorHint:
    """A facilitator more at `start` would place these people who wait."""

    start: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHint:
    """One person's extra time places these people: the person, and whoever waited for just them."""

    change: Change
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCost:
    """Without this rule at least `places` more people would be placed."""

    rule: OptionalRule
    places: int


def facilitator_hints(
    problem: Problem, cohorts: Sequence[PlannedCohort], *, most: int = 3
) -> tuple[FacilitatorHint, ...]:
    """Return the times at which one more facilitator would place most people, the best first.

    The facilitator speaks every language of the term and leads nobody yet. Each hint has been tried: the people named
    sit in one new cohort that keeps the rules, and nobody has lost a place.
    """
    seats = Seats(problem, cohorts)
    every = (1 << seats.language_count) - 1
    found = []
    by_waiting = sorted(
        range(problem.params.week_slots), key=lambda start: -(seats.waiting & seats.free_at[start]).bit_count()
    )
    for start in by_waiting[:STARTS_TRIED]:
        best = _best_founding(seats, start, every)
        if best:
            found.append(FacilitatorHint(start=start, places=tuple(seats.people[one].id for one in bits(best))))
    found.sort(key=lambda hint: (-len(hint.places), hint.start))
    return tuple(found[:most])


def _best_founding(seats: Seats, start: int, languages: int) -> int:
    """Return the largest set of waiting people found for one new cohort at a start."""
    best = 0
    for person in bits(seats.waiting & seats.free_at[start]):
        if len(seats.units[person]) > 1:
            continue
        row = seats.row((person,), host=-1, start=start)
        row.languages &= languages
        if row.common.bit_count() < seats.params.min_windows:
            continue
        for draft in drafts_that_fill(seats, len(seats.rows), row):
            filled = draft[len(seats.rows)]
            while filled is not None and filled.size < seats.params.size_max:
                grown = (seats.joined(filled, unit) for unit in picks(seats, filled, among=seats.waiting))
                more = next((one for one in grown if one and seats.has_right_size(one.size, one.students)), None)
                if more is None:
                    break
                filled = more
            if filled is not None:
                best = max(best, filled.mask & seats.waiting, key=lambda people: (people.bit_count(), -people))
            break
    return best


def person_hints(
    cohorts: Sequence[PlannedCohort], changes: Sequence[Change], *, most: int = 3
) -> tuple[PersonHint, ...]:
    """Return, of the changes offered, those of somebody's own times that place most people, the best first."""
    before = {member for cohort in cohorts for member in cohort.members}
    found = []
    for change in changes:
        if change.kind == ChangeKind.MORE_TIME:
            after = {member for _, cohort in change.cohorts if cohort is not None for member in cohort.members}
            found.append(PersonHint(change=change, places=tuple(sorted(after - before))))
    found.sort(key=lambda hint: (-len(hint.places), hint.change.cost, hint.change.person))
    return tuple(found[:most])


def rule_costs(
    problem: Problem, *, placed: int, seed: int, rounds: int = ROUNDS, seconds: float | None = None
) -> tuple[RuleCost, ...]:
    """Return what each optional rule in force costs in places: at least so many, found by forming anew without it.

    `placed` is how many the rules allow: what is proven, where it is, since a plan of fewer is no rule's fault.
    `seconds` of wall time may end the search for a rule early; a cost is then told too low, never too high.
    """
    found = []
    for rule, without in _relaxed(problem):
        again = solve(without, seed=seed, options=Options(place_rounds=rounds, improve_batches=0), seconds=seconds)
        if again.placed > placed:
            found.append(RuleCost(rule=rule, places=again.placed - placed))
    found.sort(key=lambda cost: (-cost.places, cost.rule.value))
    return tuple(found)


def optional_rules(problem: Problem) -> tuple[OptionalRule, ...]:
    """Return the optional rules that are in force for somebody."""
    return tuple(rule for rule, _without in _relaxed(problem))


def _relaxed(problem: Problem) -> list[tuple[OptionalRule, Problem]]:
    params = problem.params

    def having(changed: Params) -> Problem:
        return replace(problem, params=changed)

    found = []
    if params.student_affiliation == Strictness.HARD:
        softer = replace(params, student_affiliation=Strictness.SOFT)
        found.append((OptionalRule.STUDENT_AFFILIATION, having(softer)))
    if params.alumni_affiliation == Strictness.HARD:
        softer = replace(params, alumni_affiliation=Strictness.SOFT)
        found.append((OptionalRule.ALUMNI_AFFILIATION, having(softer)))
    has_met = any(pair.reason == ForbiddenReason.MET_BEFORE for pair in problem.forbidden)
    if params.met_before == Strictness.HARD and has_met:
        found.append((OptionalRule.MET_BEFORE, having(replace(params, met_before=Strictness.SOFT))))
    if params.min_windows > 1:
        found.append((OptionalRule.MIN_WINDOWS, having(replace(params, min_windows=1))))
    if params.min_per_generation > LEAST_OF_A_GENERATION:
        fewer = replace(params, min_per_generation=LEAST_OF_A_GENERATION)
        found.append((OptionalRule.GENERATION_MINIMUM, having(fewer)))
    smallest, largest = min(params.size_min, USUAL_SIZES[0]), max(params.size_max, USUAL_SIZES[1])
    if (smallest, largest) != (params.size_min, params.size_max):
        found.append((OptionalRule.SIZE, having(replace(params, size_min=smallest, size_max=largest))))
    if problem.together:
        found.append((OptionalRule.TOGETHER, replace(problem, together=())))
    return found
