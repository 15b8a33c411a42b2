"""Cohorts formed in a process of their own are the same, and what goes wrong there is told here."""

import subprocess
import sys
from dataclasses import replace

import pytest

from matching.engine import ENGINE_VERSION, Options
from matching.forming import ROOT, FormingEnded, Order, formed_apart, formed_here
from tests.matching.engine.cast import alumna, four, problem


def order(**changes):
    people = (replace(one, id=str(number)) for number, one in enumerate((*four(), alumna("Rie", (100, 106))), start=1))
    made = problem(*people)
    made = replace(made, facilitators=tuple(replace(one, id="9") for one in made.facilitators))
    told = Order(
        problem=made,
        answers={one.id: {} for one in made.participants},
        seed=1,
        options=Options(improve_batches=40),
        version=ENGINE_VERSION,
    )
    return replace(told, **changes)


def test_a_process_of_its_own_forms_and_explains_the_same_and_says_how_far_it_is():
    here, apart = [], []

    formed = formed_here(order(), lambda *said: here.append(said))

    assert formed_apart(order(), lambda *said: apart.append(said)) == formed
    assert [one.members for one in formed.solution.cohorts] == [("1", "2", "3", "4")]
    assert here == apart != []


def test_a_process_that_ends_without_a_plan_is_told(capfd):
    with pytest.raises(FormingEnded):
        formed_apart(order(version="v0"), lambda *said: None)

    assert "KeyError: 'v0'" in capfd.readouterr().err


def test_progress_that_cannot_be_told_ends_the_process_too():
    def full(*said):
        raise OSError("no room left")

    with pytest.raises(OSError, match="no room"):
        formed_apart(order(), full)


def test_who_has_cohorts_formed_apart_never_loads_numpy():
    probe = (
        "import sys; from tests.matching.test_forming import order; from matching.forming import formed_apart;"
        "formed_apart(order(), lambda *said: None); sys.exit(bool({'numpy', 'highspy'} & sys.modules.keys()))"
    )

    subprocess.run([sys.executable, "-c", probe], check=True, cwd=ROOT)
