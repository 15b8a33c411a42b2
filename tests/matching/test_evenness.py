"""The mean of a run's people never hides its weakest cohort."""

import pytest

from matching.evenness import Described, evenness_of


def cohort(number: int, quality: float, people: int = 4) -> Described:
    return Described(number, quality, {"new_faces": [3] * people})


def test_the_weakest_cohort_is_named_beside_the_mean_of_the_people() -> None:
    told = evenness_of([cohort(1, 0.5, people=6), cohort(2, 0.3), cohort(3, 0.4)])

    assert told == "組み合わせのよさは、100点のうち平均41.4点です。いちばん低いグループ2は、30.0点です。"


def test_of_many_cohorts_it_is_said_where_the_weakest_tenth_ends() -> None:
    told = evenness_of([cohort(number, number / 100) for number in range(1, 31)])

    assert "1割のグループは3.0点以下で、いちばん低いグループ1は1.0点です" in told


@pytest.mark.parametrize("cohorts", [[], [cohort(1, 0.5)]])
def test_one_cohort_has_nothing_to_be_even_with(cohorts: list[Described]) -> None:
    assert evenness_of(cohorts) == ""
