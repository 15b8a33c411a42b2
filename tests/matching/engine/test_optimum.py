"""On small random problems the engine places as many as trying everything does, and breaks no rule."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Options,
    Params,
    Participant,
    Problem,
    Strictness,
    TogetherPair,
    solve,
)
from matching.engine.rules import Rulebook
from tests.matching.engine.brute import most_placed

WEEK = 12
LANGUAGES = st.sampled_from([("ja",), ("ja",), ("en", "ja"), ("en",)])
WEEKS = st.lists(st.tuples(st.integers(0, WEEK - 1), st.integers(2, 5)), min_size=0, max_size=3).map(
    lambda blocks: sum({1 << (first + step) % WEEK for first, length in blocks for step in range(length)}, 0)
)


@st.composite
def problems(draw, largest=14):
    count = draw(st.integers(4, largest))
    people = tuple(
        Participant(
            id=f"P{index}",
            generation=draw(st.sampled_from(Generation)),
            availability=draw(WEEKS),
            languages=draw(LANGUAGES),
            affiliation=draw(st.sampled_from([None, "u1", "u2"])),
            interests=draw(st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), max_size=2)),
            background=draw(st.sampled_from("xy")),
        )
        for index in range(count)
    )
    pairs = st.lists(
        st.lists(st.sampled_from([person.id for person in people]), min_size=2, max_size=2, unique=True), max_size=3
    )
    return Problem(
        name="random",
        params=Params(
            week_slots=WEEK,
            window_slots=2,
            min_windows=draw(st.integers(1, 2)),
            common_language=draw(st.booleans()),
            student_affiliation=draw(st.sampled_from(Strictness)),
            alumni_affiliation=draw(st.sampled_from(Strictness)),
            met_before=draw(st.sampled_from(Strictness)),
        ),
        participants=people,
        facilitators=tuple(
            Facilitator(
                id=f"F{index}", availability=draw(WEEKS), max_load=draw(st.integers(0, 2)), languages=draw(LANGUAGES)
            )
            for index in range(draw(st.integers(0, 2)))
        ),
        forbidden=tuple(
            ForbiddenPair(first=a, second=b, reason=draw(st.sampled_from(ForbiddenReason))) for a, b in draw(pairs)
        ),
        together=tuple(TogetherPair(first=a, second=b) for a, b in draw(pairs)[:2]),
    )


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=problems(), seed=st.integers(0, 3))
def test_as_many_are_placed_as_trying_everything_allows(made, seed):
    solution = solve(made, seed=seed, options=Options(improve_batches=60))

    assert Rulebook(made).check_plan(solution.cohorts) == []
    assert solution.placed == most_placed(made)
    assert solution.upper_bound == solution.placed
    told = [one.participant for one in solution.unplaced]
    placed = [member for cohort in solution.cohorts for member in cohort.members]
    assert sorted(told + placed) == sorted(person.id for person in made.participants)


def crowded(draw_people, hosts):
    """People who are nearly all free, so that places and pairs decide and not windows."""
    return Problem(
        name="crowded",
        params=Params(week_slots=WEEK, window_slots=2),
        participants=tuple(
            Participant(
                id=f"P{index}",
                generation=Generation.STUDENT if is_student else Generation.ALUMNI,
                availability=((1 << WEEK) - 1) ^ (1 << gap),
            )
            for index, (is_student, gap) in enumerate(draw_people)
        ),
        facilitators=tuple(Facilitator(id=f"F{n}", availability=15 << 2 * n, max_load=1) for n in range(hosts)),
    )


@settings(max_examples=15, deadline=None)
@given(
    people=st.lists(st.tuples(st.booleans(), st.integers(0, WEEK - 1)), min_size=8, max_size=9),
    hosts=st.integers(1, 2),
    pairs=st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2, unique=True), max_size=8),
)
def test_when_places_are_short_the_places_are_filled(people, hosts, pairs):
    made = crowded(people, hosts)
    made = Problem(
        name=made.name,
        params=made.params,
        participants=made.participants,
        facilitators=made.facilitators,
        forbidden=tuple(ForbiddenPair(first=f"P{a}", second=f"P{b}", reason=ForbiddenReason.BLOCKED) for a, b in pairs),
    )

    solution = solve(made, seed=1, options=Options(improve_batches=40))

    assert Rulebook(made).check_plan(solution.cohorts) == []
    assert solution.placed == most_placed(made)
