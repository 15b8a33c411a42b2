"""The groups that the proofs choose from are all valid groups and no other, at all their seats and no other."""

from hypothesis import HealthCheck, given, settings

from matching.engine.bounds import reachable_units
from matching.engine.grants import with_every_maybe
from matching.engine.groups import groups_with_first, valid_groups
from matching.engine.model import compile_model
from tests.matching.engine import brute
from tests.matching.engine.cast import alumna, problem, student
from tests.matching.engine.test_optimum import problems
from tests.thoroughness import examples


def listed(made):
    """Every listed group (a mask of people) with its seats."""
    model = compile_model(with_every_maybe(made))
    groups = valid_groups(model, possible=model.everyone, stop=lambda: False)
    found = {}
    for units, kind in zip(groups.units.tolist(), groups.kind.tolist(), strict=True):
        people = [person for unit in units if unit < len(model.members) for person in model.members[unit]]
        mask = sum(1 << person for person in people)
        assert mask not in found
        found[mask] = sorted(groups.seats[kind])
    return found


def seats_that_can_be_led(made, seats):
    return sorted((host, start) for host, start in seats if made.facilitators[host].max_load > 0)


def test_a_group_has_enough_of_each_generation():
    made = problem(student("S1"), student("S2"), *(alumna(f"A{n}") for n in range(4)))

    found = listed(made)

    # Both students in each, with two, three or four of four alumni.
    assert len(found) == 6 + 4 + 1
    assert all(mask & 3 == 3 for mask in found)


def test_the_groups_of_the_first_are_those_of_all_groups_that_hold_it():
    made = problem(*(student(f"S{n}") for n in range(3)), *(alumna(f"A{n}") for n in range(3)))
    model = compile_model(made)

    everything = valid_groups(model, possible=model.everyone, stop=lambda: False).units.tolist()
    of_first = groups_with_first(model, most=1000).units.tolist()

    assert sorted(of_first) == sorted(units for units in everything if 0 in units)
    assert 0 < len(of_first) < len(everything)
    assert 0 < len(groups_with_first(model, most=1).units) <= len(of_first)


def test_whoever_is_in_a_group_is_reachable():
    made = problem(student("S1"), student("S2"), alumna("A1"), alumna("A2"), alumna("A3", (100, 106)))
    model = compile_model(made)

    assert model.people_in(reachable_units(model)) == 4


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(made=problems(largest=9))
def test_the_listing_is_what_trying_everything_finds(made):
    led = {mask: seats_that_can_be_led(made, seats) for mask, seats in brute.valid_groups(made)}

    assert listed(made) == {mask: seats for mask, seats in led.items() if seats}
