"""Each hard rule keeps somebody out who would be placed without it; each of these fails when its guard is taken out."""

from dataclasses import replace
from random import Random

import pytest

from matching.engine import (
    BoundMethod,
    Options,
    PlannedCohort,
    solve,
)
from matching.engine.anneal import Annealer
from matching.engine.arrays import arrays_of
from matching.engine.bounds import reachable_units, upper_bound
from matching.engine.model import compile_model
from matching.engine.place import Search
from matching.engine.plan import Plan
from matching.engine.proof import list_groups, settle_count
from matching.engine.repair import ChangedTime, DropOut, LateJoiner, LostFacilitator, Repairs
from matching.engine.rules import Rulebook
from matching.engine.v3 import planned_cohorts
from matching.engine.week import bits
from matching.engine.worth import Worth
from tests.bench.matching.repair import cohorts_after, without
from tests.matching.engine.cast import alumna, facilitator, four, grown, problem, student
from tests.matching.engine.terms import middling_terms, repaired_terms, small_terms

TWO_TIMES = ((20, 26), (100, 106))
AT_TWO = (facilitator("Fumi", *TWO_TIMES),)
LATER = (student("S1", (100, 106)), student("S2", (100, 106)), alumna("A1", (100, 106)), alumna("A2", (100, 106)))
QUICK = Options(improve_batches=40)
ALUMNI = tuple(alumna(f"A{number}") for number in range(4))
CHAIN = (("A0", "A1"), ("A1", "A2"), ("A2", "A3"))
MORE = (student("S1"), student("S2"), alumna("A1"), alumna("A2"))


CASES = [
    ("generation minimum", problem(student("Aoi"), alumna("A1"), alumna("A2"), alumna("A3")), 0),
    ("generation minimum", problem(alumna("Aoi"), student("S1"), student("S2"), student("S3")), 0),
    ("generation minimum", problem(student("Aoi"), *ALUMNI, together=CHAIN), 0),
    ("forbidden pair", problem(*four(), forbidden=(("Aoi", "Takeshi"),)), 0),
    ("forbidden pair", problem(*four(), forbidden=(("Aoi", "Ren"),), together=(("Aoi", "Ren"),)), 0),
    ("forbidden pair", problem(*four(), student("Mio"), forbidden=(("Mio", "Aoi"),)), 4),
    ("window", problem(*four()[:3], alumna("Yumi", (100, 106))), 0),
    ("window", problem(*four()[:3], alumna("Yumi", (25, 31))), 0),
    ("window", problem(*four(), facilitators=(facilitator("Fumi", (25, 31)),)), 0),
    # The facilitator is free at both times, so only the people's own windows keep them apart.
    ("window", problem(*four()[:3], alumna("Yumi", (100, 106)), facilitators=AT_TWO), 0),
    ("window", problem(*four(), *LATER, facilitators=(facilitator("Fumi", *TWO_TIMES, max_load=1),)), 4),
    ("generation minimum", problem(*four()[1:], *(alumna(f"A{n}") for n in range(4))), 0),
    ("generation minimum", problem(*four(), *(alumna(f"A{n}") for n in range(5))), 6),
    ("load", problem(*four(), *MORE, size_max=4, facilitators=(facilitator("Fumi", max_load=1),)), 4),
    # Two windows fit between 20 and 26, but not between 20 and 25.
    ("load", problem(*four(), *MORE, size_max=4, facilitators=(facilitator("Fumi", (20, 25)),)), 4),
    ("language", problem(*four()[:3], alumna("Yumi", languages=("en",))), 0),
    ("language", problem(*four(), facilitators=(facilitator(languages=("en",)),)), 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "made", "placed"), CASES)
def test_a_hard_rule_keeps_out_whom_it_must(rule, made, placed):
    solution = solve(made, seed=1, options=QUICK)

    assert solution.placed == solution.upper_bound == placed, rule
    assert Rulebook(made).check_plan(solution.cohorts) == []


def searched(made):
    model = compile_model(made)
    search = Search(model, Plan(model), Random(1), model.everyone, made.params.size_min)
    search.construct(lambda: False)
    search.place(bound=len(made.participants), rounds=60, stop=lambda: False, report=lambda done: None)
    return search


def keeps_the_rules(made, plan):
    return Rulebook(made).check_plan(planned_cohorts(made, plan)) == []


def test_whoever_is_in_a_valid_group_is_counted_as_reachable_and_nobody_else():
    for made, _, reached in small_terms():
        model = compile_model(made)
        assert sum(1 << one for unit in bits(reachable_units(model)) for one in model.members[unit]) == reached
    for _, made, placed in CASES:
        assert bool(reachable_units(compile_model(made))) == bool(placed)


def test_facilitators_loads_bound_the_count_by_themselves():
    for rule, made, placed in CASES:
        model = compile_model(made)
        if rule == "load":
            assert upper_bound(model, possible=reachable_units(model))[0] == placed


def test_the_search_keeps_every_rule_and_finds_as_many():
    for made, most, _ in small_terms():
        plan = searched(made).plan
        assert keeps_the_rules(made, plan)
        assert plan.placed <= most
    for _, made, placed in CASES:
        plan = searched(made).plan
        assert keeps_the_rules(made, plan)
        assert plan.placed == placed
    for made in middling_terms():
        search = searched(made)
        assert keeps_the_rules(made, search.plan)
        search.spread(most=99, stop=lambda: False)
        assert keeps_the_rules(made, search.plan)


def test_a_seat_is_taken_taken_over_or_left_exactly_where_the_rules_allow_it():
    for made in middling_terms():
        plan = searched(made).plan
        model, rulebook = plan.model, Rulebook(made)

        def allowed(draft, units, made=made, rulebook=rulebook, model=model):
            ids = [made.participants[person].id for unit in units for person in model.members[unit]]
            host = made.facilitators[draft.host].id
            return not rulebook.check_cohort(PlannedCohort(members=tuple(ids), facilitator=host, start=draft.start))

        for draft in map(plan.draft, plan.numbers()):
            for unit in draft.units:
                assert plan.can_leave(unit) == allowed(draft, [one for one in draft.units if one != unit])
            for unit in set(range(len(model.members))) - set(draft.units):
                assert plan.can_join(unit, draft) == allowed(draft, [*draft.units, unit])
                for out in draft.units:
                    left = [one for one in draft.units if one != out]
                    assert plan.can_replace(unit, out, draft) == allowed(draft, [*left, unit])


def test_a_draft_is_valid_only_with_enough_of_each_generation():
    for made, valid in ((problem(*four()), True), *((made, False) for _, made, _ in CASES[:2])):
        plan = Plan(compile_model(made))
        number = plan.open(0, 20)
        for unit in range(4):
            plan.add(unit, number)
        assert plan.is_valid(plan.draft(number)) == valid


def test_annealing_keeps_every_rule():
    for made in middling_terms():
        plan = searched(made).plan
        if plan.placed:
            worth = Worth(arrays_of(made, plan.model), Options())
            annealer = Annealer(worth, [plan] * 6, possible=plan.model.everyone, seed=1)
            annealer.run(batches=100, stop=lambda: False, report=lambda done: None)
            assert keeps_the_rules(made, annealer.best_plan())


def test_the_packing_keeps_every_rule_and_finds_as_many():
    crowded = [(made, placed) for rule, made, placed in CASES if rule in {"load", "window"}]
    for made, most in [*crowded, *((made, most) for made, most, _ in small_terms())]:
        model = compile_model(made)
        groups = list_groups(model, possible=model.everyone, most_people=99, stop=lambda: False)
        if not len(groups.people):
            assert most == 0
            continue
        worth, by = Worth(arrays_of(made, model), Options()), BoundMethod.CAPACITY
        proof = settle_count(Plan(model), groups, worth, bound=99, method=by, exact=True, stop=lambda: False)
        assert keeps_the_rules(made, proof.plan)
        assert proof.plan.placed == proof.bound == most


def test_every_mending_proposal_keeps_every_rule():
    for made in repaired_terms():
        cohorts = grown(made)
        waiting = {one.id for one in made.participants} - {member for one in cohorts for member in one.members}
        repairs = Repairs(made, cohorts)
        for event in (
            *(LateJoiner(person) for person in sorted(waiting)),
            *(DropOut(member) for one in cohorts for member in one.members),
            *(ChangedTime(one.members[0], made.participants[5].availability) for one in cohorts),
            *(LostFacilitator(one.facilitator) for one in cohorts),
        ):
            after = problem_after_event(made, event)
            for told in repairs.proposals(event):
                plan = cohorts_after(cohorts, told)
                assert not told.mends or Rulebook(after).check_plan(plan) == []


def problem_after_event(made, event):
    match event:
        case DropOut(person):
            return without(made, [person])
        case ChangedTime(person, availability):
            people = (replace(one, availability=availability) if one.id == person else one for one in made.participants)
            return replace(made, participants=tuple(people))
        case LostFacilitator(facilitator):
            return replace(made, facilitators=tuple(one for one in made.facilitators if one.id != facilitator))
    return made
