"""Whoever waits is told the cheapest single change that would place them; made, it does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import Params, PlannedCohort, Problem, Strictness
from matching.engine.changes import Change, ChangeKind, Changes, changed, hours_for
from matching.engine.files import problem_from_document
from matching.engine.hints import OptionalRule, facilitator_hints, optional_rules, person_hints, rule_costs
from matching.engine.rules import Rulebook
from matching.engine.seats import Locks
from tests.bench.matching.gen import generate
from tests.matching.engine.cast import alumna, cohort, facilitator, four, free, grown, problem, student

TOGETHER = [cohort("Aoi", "Ren", "Takeshi", "Yumi")]


def cheapest(made, person="Mio", cohorts=TOGETHER):
    change = Changes(made, cohorts).cheapest(person)
    if change is not None:
        assert places(made, cohorts, change, person)
    return change


def places(made: Problem, cohorts: list[PlannedCohort], change: Change, person: str) -> bool:
    """Whether the change, made, places the person, keeps every rule and takes nobody's place."""
    standing = dict(enumerate(cohorts))
    for position, one in change.cohorts:
        standing.pop(position, None)
        if one is not None:
            standing[position] = one
    before = {member for one in cohorts for member in one.members}
    after = {member for one in standing.values() for member in one.members}
    broken = Rulebook(changed(made, change)).check_plan(list(standing.values()))
    return not broken and before | {person} <= after


def test_the_fewest_half_hours_more_are_asked_for():
    change = cheapest(problem(*four(), student("Mio", (25, 27), (10, 11))))

    assert (change.kind, change.who, change.cohort) == (ChangeKind.MORE_TIME, "Mio", 0)
    assert change.slots == (20, 21, 22)


def test_as_many_common_times_as_are_asked_for_are_asked_for_at_once():
    late = problem(*four(), student("Mio", (20, 22)), min_windows=2)
    change = cheapest(late)

    assert (change.kind, change.cohort, change.start) == (ChangeKind.MORE_TIME, 0, 20)
    assert (change.slots, change.windows) == ((22, 23), (20, 21))
    assert cheapest(replace(late, params=replace(late.params, min_windows=1))).windows == (20,)


def test_of_common_times_those_are_asked_for_that_take_least():
    often = ((20, 23), (60, 63), (100, 103))
    people = (student("Aoi", *often), student("Ren", *often), alumna("Takeshi", *often), alumna("Yumi", *often))
    made = problem(*people, student("Mio", (20, 23), (101, 103)), facilitators=(facilitator("Fumi", *often),))

    change = cheapest(replace(made, params=replace(made.params, min_windows=2)))
    assert (change.start, change.slots, change.windows) == (20, (100,), (100,))
    change = cheapest(replace(made, params=replace(made.params, min_windows=3)))
    assert (change.slots, change.windows) == ((60, 61, 62, 100), (60, 100))


def test_hours_asked_for_of_three_common_times_are_the_fewest():
    """The nearest alone, a slot for 40, would lead to three; two slots make both 60 and 61 possible."""
    params = Params(min_windows=3)
    common = sum(1 << start for start in (20, 40, 60, 61, 100))

    best, *_ = hours_for(free((20, 23), (41, 43), (60, 61), (63, 64)), 20, common, params=params)
    assert (best.slots, best.windows) == ((61, 62), (60, 61))
    assert hours_for(free((20, 23)), 20, 1 << 20, params=params) == []


def test_a_new_cohort_with_two_common_times_is_founded_by_one_person_with_more_time():
    late = ((40, 43), (80, 83))
    people = (student("Mio"), student("Sora", *late), alumna("Ken", *late), alumna("Rie", *late))
    made = problem(*four(), *people, facilitators=(facilitator("Fumi", (20, 26), (40, 46)),), size_max=4, min_windows=2)

    change = cheapest(made)

    assert (change.kind, change.who, change.cohort) == (ChangeKind.MORE_TIME, "Mio", None)
    assert (change.slots, change.windows) == ((40, 41, 42, 80, 81, 82), (40, 80))


def test_a_language_more_is_asked_for_where_only_that_is_missing():
    change = cheapest(problem(*four(), student("Mio", languages=("en",)), facilitators=(facilitator(),)))

    assert (change.kind, change.language) == (ChangeKind.MORE_LANGUAGE, "ja")


def test_a_pair_that_keeps_somebody_out_may_be_given_up():
    change = cheapest(problem(*four(), student("Mio"), alumna("Ken", (100, 110)), together=(("Mio", "Ken"),)))

    assert (change.kind, change.partner) == (ChangeKind.LEAVE_PAIR, "Ken")


def test_another_hour_of_a_facilitator_is_asked_for_where_four_could_meet():
    late = ((40, 46),)
    people = (student("Mio", *late), student("Sora", *late), alumna("Ken", *late), alumna("Rie", *late))
    change = cheapest(problem(*four(), *people, facilitators=(facilitator("Fumi", (20, 26), (40, 42)),), size_max=4))

    assert (change.kind, change.who, change.slots, change.cohort) == (ChangeKind.FACILITATOR_TIME, "Fumi", (42,), None)


def test_of_a_plan_at_work_no_new_cohort_is_offered():
    late = ((40, 46),)
    people = (student("Mio", *late), student("Sora", *late), alumna("Ken", *late), alumna("Rie", *late))
    made = problem(*four(), *people, facilitators=(facilitator("Fumi", (20, 26), (40, 42)),), size_max=4)

    assert cheapest(made).cohort is None
    assert Changes(made, TOGETHER).cheapest("Mio", at_work=True) is None


def test_of_a_plan_at_work_a_seat_in_one_of_its_cohorts_is_offered():
    made = problem(*four(), student("Mio", (25, 27), (10, 11)))

    assert Changes(made, TOGETHER).cheapest("Mio", at_work=True) == cheapest(made)


def test_where_the_cheapest_change_leads_into_a_locked_cohort_another_is_offered():
    later = ((60, 63),)
    people = (student("Sora", *later), student("Nagi", *later), alumna("Ken", *later), alumna("Rie", *later))
    hosts = (facilitator(), facilitator("Nao", *later))
    made = problem(*four(), *people, student("Mio", (20, 22)), facilitators=hosts)
    cohorts = [*TOGETHER, cohort("Sora", "Nagi", "Ken", "Rie", facilitator="Nao", start=60)]

    def offered(*locked: int) -> Change | None:
        locks = Locks(cohorts=frozenset(locked))
        return Changes(made, cohorts, locks=locks).cheapest("Mio", at_work=True)

    assert (offered().cohort, offered().slots) == (0, (22,))
    assert (offered(0).cohort, offered(0).slots) == (1, (60, 61, 62))
    assert offered(0, 1) is None


def test_of_a_full_plan_at_work_only_a_larger_cohort_is_offered():
    made = problem(*four(), student("Mio"), facilitators=(facilitator(max_load=1),), size_max=4)

    change = Changes(made, TOGETHER).cheapest("Mio", at_work=True)

    assert (change.kind, change.cohort) == (ChangeKind.LARGER_COHORTS, 0)


def test_one_cohort_more_of_a_facilitator_is_asked_for_where_they_have_the_time():
    late = ((40, 46),)
    people = (student("Mio", *late), student("Sora", *late), alumna("Ken", *late), alumna("Rie", *late))
    change = cheapest(
        problem(*four(), *people, facilitators=(facilitator("Fumi", (20, 26), *late, max_load=1),), size_max=4)
    )

    assert (change.kind, change.who) == (ChangeKind.FACILITATOR_LOAD, "Fumi")


def test_somebody_for_whom_there_is_a_seat_needs_no_change():
    assert cheapest(problem(*four(), student("Mio"))).kind == ChangeKind.NONE


def test_a_block_is_never_what_is_asked_to_go():
    made = problem(*four(), student("Mio"), forbidden=(("Mio", "Takeshi"),))

    assert cheapest(made) is None


def test_whoever_sits_already_needs_nothing():
    assert Changes(problem(*four()), TOGETHER).cheapest("Aoi") is None


def waiting_in(sizes, seeds, windows: int = 1) -> Iterator[tuple[Problem, list[PlannedCohort]]]:
    for people in sizes:
        for seed in seeds:
            for family in ("open", "scarce"):
                made = problem_from_document(generate(people, seed, family))
                made = replace(made, params=replace(made.params, min_windows=windows))
                yield made, grown(made)


def tried(sizes, seeds, *, most: int, windows: int = 1) -> tuple[int, int, int]:
    """Return how many people wait, for how many a change is offered, and how many of those are placed by it."""
    asked = offered = placed = 0
    for made, cohorts in waiting_in(sizes, seeds, windows):
        changes = Changes(made, cohorts)
        seated = {member for one in cohorts for member in one.members}
        for person in (one.id for one in made.participants if one.id not in seated):
            if offered == most:
                return asked, offered, placed
            asked += 1
            change = changes.cheapest(person)
            if change is not None:
                offered += 1
                placed += places(made, cohorts, change, person)
    return asked, offered, placed


@pytest.mark.slow
@pytest.mark.parametrize("windows", [1, 2, 3])
def test_of_five_hundred_changes_offered_five_hundred_place_the_person(windows):
    _, offered, placed = tried((24, 60, 120), range(1, 9), most=500, windows=windows)

    assert offered == placed == 500


@given(st.data())
def test_odd_terms_are_answered_and_never_a_crash(data):
    ranges = st.lists(st.sampled_from([(20, 23), (20, 22), (40, 44), (334, 336), (0, 2)]), max_size=2)
    people = []
    for number in range(data.draw(st.integers(1, 10))):
        make = student if data.draw(st.booleans()) else alumna
        person = make(f"P{number}", languages=data.draw(st.sampled_from([("ja",), ("en",), ()])))
        mask = sum(1 << slot for slot in {slot for first, end in data.draw(ranges) for slot in range(first, end)})
        people.append(replace(person, availability=mask))
    pair = st.lists(st.sampled_from([one.id for one in people]), min_size=2, max_size=2, unique=True).map(tuple)
    pairs = st.lists(pair, max_size=2) if len(people) > 1 else st.just([])
    made = problem(
        *people,
        facilitators=tuple(
            facilitator(name, (20, 24), max_load=data.draw(st.integers(0, 2)))
            for name in data.draw(st.sampled_from([(), ("Fumi",), ("Fumi", "Nao")]))
        ),
        min_windows=data.draw(st.integers(1, 3)),
        forbidden=tuple(data.draw(pairs)),
        together=tuple(data.draw(pairs)),
    )
    cohorts = grown(made)
    changes = Changes(made, cohorts)
    waiting = {one.id for one in people} - {member for one in cohorts for member in one.members}

    assert Rulebook(made).check_plan(cohorts) == []
    for person in sorted(waiting):
        change = changes.cheapest(person)
        assert change is None or places(made, cohorts, change, person)
    for hint in facilitator_hints(made, cohorts):
        assert set(hint.places) <= waiting


# The whole term


def test_one_more_facilitator_is_wished_for_where_most_people_wait():
    late, later = ((40, 43),), ((60, 63),)
    people = (
        *(student(f"S{n}", *late) for n in range(2)),
        *(alumna(f"A{n}", *late) for n in range(2)),
        *(student(f"T{n}", *later) for n in range(3)),
        *(alumna(f"B{n}", *later) for n in range(3)),
    )

    best, second = facilitator_hints(problem(*four(), *people), TOGETHER)

    assert (best.start, len(best.places)) == (60, 6)
    assert (second.start, len(second.places)) == (40, 4)


def test_the_times_of_one_person_that_place_several_come_first():
    late = ((40, 43),)
    people = (student("Mio"), student("Sora", *late), alumna("Ken", *late), alumna("Rie", *late))
    made = problem(*four(), *people, facilitators=(facilitator("Fumi", (20, 26), (40, 46)),), size_max=4)
    changes = [change for name in ("Mio", "Sora") if (change := Changes(made, TOGETHER).cheapest(name))]

    [hint, *_] = person_hints(TOGETHER, changes)

    assert (hint.change.who, len(hint.places)) == ("Mio", 4)


def test_what_an_optional_rule_costs_is_counted_in_places():
    people = [
        student("Aoi", affiliation="u1"),
        student("Ren", affiliation="u1"),
        alumna("Takeshi"),
        alumna("Yumi"),
    ]
    made = problem(*people, student_affiliation=Strictness.HARD)

    [cost] = rule_costs(made, placed=0, seed=1)

    assert (cost.rule, cost.places) == (OptionalRule.STUDENT_AFFILIATION, 4)
    assert rule_costs(problem(*people), placed=4, seed=1) == ()


def test_a_minimum_above_two_and_narrow_sizes_are_rules_that_may_cost_places():
    made = problem(*four(), min_per_generation=3, size_min=6)

    assert optional_rules(made) == (OptionalRule.GENERATION_MINIMUM, OptionalRule.SIZE)
    assert rule_costs(made, placed=0, seed=1) == ()
    [cost] = rule_costs(problem(*four(), size_min=5), placed=0, seed=1)
    assert (cost.rule, cost.places) == (OptionalRule.SIZE, 4)
    [cost] = rule_costs(problem(*four(), student("Mio"), min_per_generation=3), placed=0, seed=1)
    assert (cost.rule, cost.places) == (OptionalRule.GENERATION_MINIMUM, 5)
