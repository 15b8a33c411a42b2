"""What lies near a cohort: every valid group at its seat with one more, one fewer or one exchanged, and no other."""

from random import Random

from matching.engine.bounds import reachable_units
from matching.engine.groups import valid_groups
from matching.engine.model import compile_model
from matching.engine.near import Nearby
from matching.engine.place import Search
from matching.engine.plan import Plan
from tests.matching.engine.terms import middling_terms


def grown_plan(made):
    model = compile_model(made)
    search = Search(model, Plan(model), Random(1), reachable_units(model), 4)
    search.construct(lambda: False)
    return search.plan


def test_what_lies_near_is_every_valid_group_at_the_seat_that_differs_by_one_and_no_other():
    cohorts = 0
    for made in middling_terms():
        plan = grown_plan(made)
        model, drafts = plan.model, [plan.draft(number) for number in plan.numbers()]
        everything = valid_groups(model, possible=model.everyone, stop=lambda: False)
        listed = [
            (frozenset(units) - {len(model.members)}, set(everything.seats[kind]))
            for units, kind in zip(everything.units.tolist(), everything.kind.tolist(), strict=True)
        ]

        near = Nearby(model).groups([(sorted(draft.units), draft) for draft in drafts])

        for number, draft in enumerate(drafts):
            cohorts += 1
            sits = set(draft.units)
            assert near.seats[number] == ((draft.host, draft.start),)
            found = near.units[near.kind == number].tolist()
            assert all(units == sorted(units) for units in found)
            assert sorted(sorted({*units} - {len(model.members)}) for units in found) == sorted(
                sorted(units)
                for units, seats in listed
                if near.seats[number][0] in seats and len(units - sits) <= 1 and len(sits - units) <= 1
            )
        assert near.people.tolist() == [
            sum(model.size[unit] for unit in units if unit < len(model.members)) for units in near.units.tolist()
        ]
    assert cohorts
