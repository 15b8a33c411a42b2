"""A finished run of ten people in two cohorts, made without a search: what is tested is what comes after it."""

from dataclasses import replace

from dialogue.models import Term
from matching.engine import BoundMethod, Options, PlannedCohort, Progress, Solution, Unplaced, UnplacedReason
from matching.explaining import explained
from matching.forming import Formed, Order, formed_here
from matching.models import MatchRun
from matching.services.runs import run_queued, start_run
from tests.factories import NOW, make_facilitation, make_participation


def arranged(order: Order, progress: Progress) -> Formed:
    """Put the first five into one cohort and the next five into another, each at Tuesday 19:00; the rest wait."""
    problem = order.problem
    people = [one.id for one in problem.participants]
    start = 48 + 38
    cohorts = tuple(
        PlannedCohort(members=tuple(people[first : first + 5]), facilitator=leader.id, start=start)
        for first, leader in zip((0, 5), problem.facilitators, strict=True)
    )
    solution = Solution(
        problem=problem.name,
        engine_version=order.version,
        seed=order.seed,
        cohorts=cohorts,
        placed=10,
        quality=0.5,
        upper_bound=10,
        bound_method=BoundMethod.REACHABLE,
        stopped_early=False,
        unplaced=tuple(Unplaced(participant=one, reason=UnplacedReason.NO_AVAILABILITY) for one in people[10:]),
        findings=(),
    )
    return Formed(solution=solution, told=explained(problem, solution, answers=order.answers, seed=order.seed))


def quickly(order: Order, progress: Progress) -> Formed:
    """Form cohorts as usual, without looking for better company."""
    return formed_here(replace(order, options=Options(improve_batches=0, prove=False)), progress)


def ready_board(term: Term) -> MatchRun:
    """Cohort 1: three students and two of the alumni; cohort 2: the other way round; one who is never free waits."""
    sides = ("student", "alumni", "student", "alumni", "student", "alumni", "student", "alumni", "student", "alumni")
    for number, generation in enumerate(sides):
        make_participation(term, generation=generation, interests={"旅": 5} if number < 6 else {"料理": 4})
    for _ in range(2):
        make_facilitation(term, max_cohorts=1)
    make_participation(term, generation="student").windows.all().delete()
    run = start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW, form=arranged)
    run.refresh_from_db()
    return run
