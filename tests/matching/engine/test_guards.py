"""Each hard rule keeps somebody out who would be placed without it; each of these fails when its guard is taken out."""

import pytest

from matching.engine import Options, solve
from matching.engine.rules import Rulebook
from tests.matching.engine.cast import alumna, facilitator, four, problem, student

TWO_TIMES = ((20, 26), (100, 106))
AT_TWO = (facilitator("Fumi", *TWO_TIMES),)
LATER = (student("S1", (100, 106)), student("S2", (100, 106)), alumna("A1", (100, 106)), alumna("A2", (100, 106)))
QUICK = Options(improve_batches=40)
MANY = (student("Aoi"), student("Ren"), alumna("Takeshi"), alumna("Yumi"))


@pytest.mark.parametrize(
    ("rule", "made", "placed"),
    [
        ("generation minimum", problem(student("Aoi"), alumna("A1"), alumna("A2"), alumna("A3")), 0),
        ("generation minimum", problem(alumna("Aoi"), student("S1"), student("S2"), student("S3")), 0),
        ("forbidden pair", problem(*four(), forbidden=(("Aoi", "Takeshi"),)), 0),
        ("forbidden pair", problem(*four(), student("Mio"), forbidden=(("Mio", "Aoi"),)), 4),
        ("window", problem(*four()[:3], alumna("Yumi", (100, 106))), 0),
        ("window", problem(*four()[:3], alumna("Yumi", (25, 31))), 0),
        ("window", problem(*four(), facilitators=(facilitator("Fumi", (25, 31)),)), 0),
        # The facilitator is free at both times, so only the people's own windows keep them apart.
        ("window", problem(*four()[:3], alumna("Yumi", (100, 106)), facilitators=AT_TWO), 0),
        ("window", problem(*four(), *LATER, facilitators=(facilitator("Fumi", *TWO_TIMES, max_load=1),)), 4),
        ("generation minimum", problem(*four()[1:], *(alumna(f"A{n}") for n in range(4))), 0),
        ("generation minimum", problem(*four(), *(alumna(f"A{n}") for n in range(5))), 6),
        (
            "load",
            problem(*MANY, *(student(f"S{n}") for n in range(2)), *(alumna(f"A{n}") for n in range(2)), size_max=4,
                    facilitators=(facilitator("Fumi", max_load=1),)),
            4,
        ),
        ("language", problem(*four()[:3], alumna("Yumi", languages=("en",))), 0),
        ("language", problem(*four(), facilitators=(facilitator(languages=("en",)),)), 0),
    ],
)  # fmt: skip
def test_a_hard_rule_keeps_out_whom_it_must(rule, made, placed):
    solution = solve(made, seed=1, options=QUICK)

    assert solution.placed == solution.upper_bound == placed, rule
    assert Rulebook(made).check_plan(solution.cohorts) == []
