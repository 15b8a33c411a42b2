"""Forming cohorts: the same seed gives the same bytes, limits are told, typical terms are quick."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from matching.engine import ENGINES, Facilitator, Generation, Options, Params, Participant, Problem, Strictness, solve
from matching.engine.files import document_of_problem, problem_from_document, read_problem, write_solution
from matching.engine.rules import Rulebook
from matching.engine.score import cohort_quality
from tests.bench.matching.check import cohort_quality as checked_quality
from tests.matching.engine.cast import alumna, cohort, facilitator, four, problem, student

ROOT = Path(__file__).parents[3]
INSTANCES = ROOT / "tests" / "bench" / "matching" / "instances"
QUICK = Options(improve_batches=80)


def term(*, students=26, alumni=34, facilitators=6, seed=1, affiliation=None, **params):
    """A typical term: one language, evenings and weekends, three interests each."""
    random = Random(seed)

    def person(name, generation):
        blocks = random.sample(range(14), random.randint(2, 6))
        mask = sum(0b111111 << (24 * block + 4) for block in blocks)
        return Participant(
            id=name,
            generation=generation,
            availability=mask,
            interests={tag: random.randint(1, 5) for tag in random.sample("abcdefgh", 3)},
            affiliation=affiliation if generation == Generation.STUDENT else None,
            background=random.choice("pqrst"),
        )

    return Problem(
        name="term",
        params=Params(**params),
        participants=(
            *(person(f"S{n:02}", Generation.STUDENT) for n in range(students)),
            *(person(f"A{n:02}", Generation.ALUMNI) for n in range(alumni)),
        ),
        facilitators=tuple(
            Facilitator(
                id=f"F{n}",
                availability=sum(0b111111 << (24 * block + 4) for block in random.sample(range(14), 6)),
                max_load=3,
            )
            for n in range(facilitators)
        ),
    )


def test_the_same_seed_writes_the_same_bytes_in_any_process_on_one_core_and_on_two(tmp_path):
    written = []
    for hash_seed in ("1", "2"):
        path = tmp_path / f"{hash_seed}.json"
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), hash_seed)
        subprocess.run(
            [sys.executable, "-m", "matching.engine", INSTANCES / "n24-s1-scarce.json", "-o", path, "--seed", "7"],
            check=True,
            cwd=ROOT,
            env={**os.environ, **threads, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
        )
        written.append(path.read_bytes())

    assert written[0] == written[1]


def test_the_engine_needs_no_django():
    probe = "import sys, matching.engine; sys.exit('django' in sys.modules)"

    subprocess.run([sys.executable, "-c", probe], check=True, cwd=ROOT)


def test_another_run_in_the_same_process_gives_the_same_plan():
    made = term()

    assert solve(made, seed=5, options=QUICK) == solve(made, seed=5, options=QUICK)


@pytest.mark.parametrize("affiliation_rule", [Strictness.OFF, Strictness.SOFT])
def test_students_of_one_school_form_cohorts_unless_forbidden(affiliation_rule):
    made = term(affiliation="u1", student_affiliation=affiliation_rule)

    solution = solve(made, seed=1, options=QUICK)

    assert solution.proven
    assert solution.placed >= 56
    assert Rulebook(made).check_plan(solution.cohorts) == []


def test_soft_affiliation_is_a_cost_that_annealing_pays_attention_to():
    people = [
        *(student(f"S{n}", affiliation=f"u{n % 2}") for n in range(4)),
        *(alumna(f"A{n}") for n in range(4)),
    ]
    made = problem(*people, student_affiliation=Strictness.SOFT)
    school = {person.id: person.affiliation for person in people}

    solution = solve(made, seed=1)

    assert solution.placed == 8
    for one in solution.cohorts:
        schools = [school[member] for member in one.members if school[member]]
        assert sorted(schools) == ["u0", "u1"]


@pytest.mark.slow
def test_form_size_opens_no_more_cohorts_than_it_needs():
    made = term(facilitators=10)

    few = solve(made, seed=1, options=Options(improve_batches=40, form_size=6))
    many = solve(made, seed=1, options=QUICK)

    assert few.placed == many.placed
    assert len(few.cohorts) < len(many.cohorts)


@pytest.mark.slow
def test_fairness_lifts_the_worst_cohort():
    made = term()
    people = {person.id: person for person in made.participants}

    def worst(solution):
        return min(
            cohort_quality([people[name] for name in one.members], params=made.params).total for one in solution.cohorts
        )

    plain = solve(made, seed=1, options=Options(improve_batches=400))
    fair = solve(made, seed=1, options=Options(improve_batches=400, fair=True))

    assert worst(fair) > worst(plain)


def test_a_wall_limit_stops_early_says_so_and_keeps_every_rule():
    made = term()

    solution = solve(made, seed=1, seconds=0.0)

    assert solution.stopped_early
    assert Rulebook(made).check_plan(solution.cohorts) == []


def test_progress_is_told_in_order_from_nought_to_one():
    told = []

    solve(term(), seed=1, options=QUICK, progress=lambda stage, fraction: told.append((stage, fraction)))

    stages = list(dict.fromkeys(stage for stage, _ in told))
    assert stages == ["bound", "place", "improve", "explain"]
    for stage in stages:
        fractions = [fraction for one, fraction in told if one == stage]
        assert fractions == sorted(fractions)
        assert (fractions[0], fractions[-1]) == (0.0, 1.0)


def test_an_unknown_engine_version_is_refused():
    with pytest.raises(KeyError):
        solve(problem(*four()), seed=1, version="v0")
    assert list(ENGINES) == ["v3"]


def test_quality_is_what_the_checker_says():
    made = read_problem(INSTANCES / "n60-s1-open.json")
    documents = document_of_problem(made)["participants"]

    for first in range(0, 54, 5):
        group = made.participants[first : first + 5]
        quality = cohort_quality(group, params=made.params)
        expected, parts = checked_quality(documents[first : first + 5])

        assert quality.total == pytest.approx(expected)
        assert quality.robust == pytest.approx(parts["robust"])
        assert quality.affinity == pytest.approx(parts["affinity"])


def test_an_instance_survives_reading_and_writing():
    made = read_problem(INSTANCES / "n24-s1-open.json")

    assert problem_from_document(document_of_problem(made)) == made


def test_a_file_of_another_format_is_refused():
    with pytest.raises(ValueError, match="Expected format"):
        problem_from_document({"format": "something-else/1"})


def test_a_plan_with_a_window_over_the_week_s_end_is_formed():
    over = ((0, 2), (335, 336))
    people = [make(f"{make.__name__}{n}", *over) for make in (student, alumna) for n in range(2)]
    made = problem(*people, facilitators=(facilitator("Fumi", *over),))

    (one,) = solve(made, seed=1).cohorts

    assert one == cohort(*(person.id for person in people), start=335)


def test_a_written_solution_tells_bound_and_reasons(tmp_path):
    made = problem(*four(), student("Mio", (100, 110)))

    write_solution(solve(made, seed=1, options=QUICK), path=tmp_path / "plan.json")

    text = (tmp_path / "plan.json").read_text(encoding="utf-8")
    assert '"proven": true' in text
    assert '"no-facilitator-in-windows"' in text
