"""On small random problems the engine places as many as trying everything does, and breaks no rule."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import (
    Facilitator,
    Finding,
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
from tests.matching.engine.brute import affiliation_is_hard, most_placed
from tests.thoroughness import examples

WEEK = 12
LANGUAGES = st.sampled_from([("ja",), ("ja",), ("ja",), ("en", "ja"), ("en", "ja"), ("en",)])
BLOCKS = st.tuples(st.integers(0, WEEK - 1), st.integers(2, 8))
WEEKS = st.sampled_from([3, 3, 3, 3, 2, 2, 1, 0]).flatmap(
    lambda count: st.lists(BLOCKS, min_size=count, max_size=count).map(
        lambda blocks: sum({1 << (first + step) % WEEK for first, length in blocks for step in range(length)}, 0)
    )
)


SIDES = st.sampled_from([*[tuple(Generation)] * 8, (Generation.STUDENT,), (Generation.ALUMNI,)])
"""Whom a term has: mostly both generations, now and then one alone."""


@st.composite
def problems(draw, largest=14):
    """A term of nobody or of 4 to 14 people: two-sided or not, with hours that would do, at odds with itself or not."""
    count = draw(st.sampled_from([0, *[None] * 19]))
    count = draw(st.integers(4, largest)) if count is None else count
    side = draw(SIDES)
    hesitant = draw(st.booleans())
    people = tuple(
        Participant(
            id=f"P{index}",
            generation=draw(st.sampled_from(side)),
            availability=draw(WEEKS),
            maybe=draw(WEEKS) if hesitant else 0,
            languages=draw(LANGUAGES),
            affiliation=draw(st.sampled_from([None, None, "u1", "u2"])),
            interests=draw(st.dictionaries(st.sampled_from("abc"), st.integers(1, 5), max_size=2)),
            background=draw(st.sampled_from("xy")),
        )
        for index in range(count)
    )
    pair = st.lists(st.sampled_from([one.id for one in people] or [""]), min_size=2, max_size=2, unique=True)
    pairs = st.lists(pair, max_size=3) if people else st.just([])
    together = draw(pairs)[:2]
    at_odds = together if draw(st.booleans()) else []
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
                id=f"F{index}",
                availability=draw(WEEKS),
                max_load=draw(st.sampled_from([2, 2, 1, 1, 0])),
                languages=draw(LANGUAGES),
            )
            for index in range(draw(st.sampled_from([2, 2, 2, 2, 2, 2, 1, 0])))
        ),
        forbidden=tuple(
            ForbiddenPair(first=a, second=b, reason=draw(st.sampled_from(ForbiddenReason)))
            for a, b in [*draw(pairs), *at_odds]
        ),
        together=tuple(TogetherPair(first=a, second=b) for a, b in together),
    )


def units(made):
    """Who must stay with whom, as sets of ids; whoever is bound to nobody is left out."""
    found = []
    for pair in made.together:
        joined = {pair.first, pair.second}.union(*(unit for unit in found if unit & {pair.first, pair.second}))
        found = [unit for unit in found if not unit & joined] + [joined]
    return found


def at_odds_with_itself(made):
    """What of a problem cannot be, told without the engine: (what, the people it names)."""
    yield from somebody_missing(made)
    yield from pairs_that_cannot_be(made)


def somebody_missing(made):
    sides = {one.generation for one in made.participants}
    if not sides:
        yield Finding.NO_PARTICIPANTS, ()
    elif len(sides) == 1:
        yield Finding.NO_ALUMNI if Generation.STUDENT in sides else Finding.NO_STUDENTS, ()
    if not made.facilitators:
        yield Finding.NO_FACILITATORS, ()
    for host in made.facilitators:
        if not host.max_load:
            yield Finding.FACILITATOR_WITHOUT_LOAD, (host.id,)
        elif not host.availability:  # blocks are of a window's length at least
            yield Finding.FACILITATOR_WITHOUT_WINDOW, (host.id,)
    for one in made.participants:
        if not one.availability | one.maybe:
            yield Finding.PARTICIPANT_WITHOUT_AVAILABILITY, (one.id,)


def pairs_that_cannot_be(made):
    params, people = made.params, {one.id: one for one in made.participants}
    exempt = {frozenset((pair.first, pair.second)) for pair in made.together}
    apart = {
        frozenset((pair.first, pair.second))
        for pair in made.forbidden
        if pair.reason == ForbiddenReason.BLOCKED or params.met_before == Strictness.HARD
    }
    for unit in units(made):
        for one, other in combinations(sorted(unit, key=lambda name: int(name[1:])), 2):
            if frozenset((one, other)) in apart or affiliation_is_hard(made, people[one], people[other], exempt):
                yield Finding.TOGETHER_BUT_FORBIDDEN, (one, other)
        if params.common_language and not set.intersection(*(set(people[name].languages) for name in unit)):
            yield Finding.TOGETHER_WITHOUT_COMMON_LANGUAGE, tuple(sorted(unit, key=lambda name: int(name[1:])))


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=problems(), seed=st.integers(0, 3))
def test_as_many_are_placed_as_trying_everything_allows(made, seed):
    solution = solve(made, seed=seed, options=Options(improve_batches=60))

    assert Rulebook(made).check_plan(solution.cohorts) == []
    assert solution.placed == most_placed(made)
    assert solution.upper_bound == solution.placed
    told = [one.participant for one in solution.unplaced]
    placed = [member for cohort in solution.cohorts for member in cohort.members]
    assert sorted(told + placed) == sorted(person.id for person in made.participants)


@settings(max_examples=examples(50), deadline=None)
@given(made=problems())
def test_input_at_odds_with_itself_is_told_and_places_whom_it_can(made):
    told = {(one.finding, one.ids) for one in solve(made, seed=1, options=Options(improve_batches=0)).findings}

    assert {one for one in told if one[0] != Finding.TOGETHER_WITHOUT_COMMON_WINDOW} == set(at_odds_with_itself(made))


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
