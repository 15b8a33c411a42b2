"""Plans that go on when somebody leaves."""

import pytest

from matching.engine import Options, Problem, Solution, solve, steadying
from matching.engine.arrays import arrays_of
from matching.engine.files import problem_from_document
from matching.engine.model import compile_model
from matching.engine.plan import Plan
from matching.engine.problem import Params
from matching.engine.repair import DropOut, Repairs
from matching.engine.rules import Rulebook
from matching.engine.seats import Seats
from matching.engine.steadying import Steadying
from matching.engine.v3 import planned_cohorts
from matching.engine.worth import Worth, needed_of
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


@pytest.mark.slow
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


EARLY, LATE, ELSE = (20, 26), (40, 46), (100, 106)
HOSTS = (facilitator("Fumi", EARLY, languages=("en", "ja")), facilitator("Nao", LATE, languages=("en", "ja")))


def two(how_many: int, here: dict, there: dict, *, free: tuple = (EARLY, LATE), **rules) -> Problem:
    """A cohort of four, early, and a late one with so many of each generation, of whom it would gladly take some."""
    people = [
        *(student(f"S{n}", EARLY, ELSE, **here) for n in range(2)),
        *(alumna(f"A{n}", EARLY, ELSE, **here) for n in range(2)),
        *(student(f"T{n}", *free, **there) for n in range(how_many)),
        *(alumna(f"B{n}", *free, **there) for n in range(how_many)),
    ]
    return problem(*people, facilitators=HOSTS, **rules)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(two(3, {}, {}, free=(LATE, ELSE)), id="window"),
        pytest.param(two(3, {"languages": ("ja",)}, {"languages": ("en",)}), id="language"),
        pytest.param(two(2, {}, {}, min_per_generation=1), id="size"),
        pytest.param(two(2, {}, {}, size_min=3), id="generation minimum"),
    ],
)
def test_nobody_goes_where_a_rule_would_break(made: Problem, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(steadying, "MOST_LOST", 9.0)  # whatever company it costs
    model = compile_model(made)
    plan = Plan(model)
    early, late = plan.open(0, 20), plan.open(1, 40)
    for unit, (person, *_others) in enumerate(model.members):
        plan.add(unit, early if made.participants[person].id[0] in "SA" else late)

    after = Steadying(Worth(arrays_of(made, model), Options()), plan, possible=model.everyone, seed=1)
    cohorts = planned_cohorts(made, after.run(steps=200, stop=lambda: False))

    assert Rulebook(made).check_plan(cohorts) == []
