"""Plans that go on when somebody leaves."""

from matching.engine import Options, Problem, Solution, solve
from matching.engine.files import problem_from_document
from matching.engine.problem import Params
from matching.engine.repair import DropOut, Repairs
from matching.engine.rules import Rulebook
from matching.engine.seats import Seats
from matching.engine.worth import needed_of
from tests.bench.matching.gen import generate
from tests.bench.matching.least_moves import least_moves
from tests.matching.engine.cast import alumna, facilitator, problem, student


def missed(made: Problem, plan: Solution) -> set[str]:
    """After whose leaving no repair lets everybody else keep a place with one moved at most."""
    seats = Seats(made, plan.cohorts)
    placed = [member for cohort in plan.cohorts for member in cohort.members]
    return {one for one in placed if least_moves(seats, seats.number[one]) is None}


def test_whom_a_cohort_needs():
    needed = needed_of(Params())

    shapes = [(2, 2), (3, 2), (2, 3), (3, 3), (4, 2), (2, 4)]
    assert [needed[shape] for shape in shapes] == [4, 2, 2, 0, 2, 2]


def test_anybody_may_leave_where_two_large_cohorts_are_as_good_as_three_small_ones():
    people = [*(student(f"S{n}") for n in range(6)), *(alumna(f"A{n}") for n in range(6))]
    made = problem(*people, facilitators=tuple(facilitator(f"F{n}") for n in range(3)))

    plain, steady = (solve(made, seed=1, options=Options(steady=steady)) for steady in (False, True))

    assert (plain.placed, len(plain.cohorts), len(missed(made, plain))) == (12, 3, 12)
    assert (steady.placed, len(steady.cohorts), missed(made, steady)) == (12, 2, set())
    for one in people:
        [best, *_] = Repairs(made, steady.cohorts).proposals(DropOut(one.id))
        assert best.mends
        assert best.moved == ()


def test_steady_plans_place_as_many_and_miss_fewer():
    counts = []
    for seed in (1, 2):
        made = problem_from_document(generate(40, seed, "open"))
        plain, steady = (
            solve(made, seed=1, options=Options(form_size=5, steady=steady, improve_batches=60))
            for steady in (False, True)
        )
        assert steady.placed == plain.placed
        assert Rulebook(made).check_plan(steady.cohorts) == []
        counts.append((len(missed(made, plain)), len(missed(made, steady))))

    assert all(steady <= plain for plain, steady in counts)
    assert sum(steady for _plain, steady in counts) < sum(plain for plain, _steady in counts)
