"""Each guard of a hard rule, really taken out: some promise of the engine breaks. A guard nobody misses is no guard."""

import pytest

from matching.engine.rules import BrokenRule
from tests.matching.engine import test_guards as promises
from tests.matching.engine.saboteurs import CHECKING, FORMING, REPAIRING, taken_out
from tests.matching.engine.terms import middling_terms, small_terms
from tests.matching.engine.test_near import (
    test_what_lies_near_is_every_valid_group_at_the_seat_that_differs_by_one_and_no_other as what_lies_near,
)
from tests.matching.engine.test_rules import test_each_broken_rule_is_named_and_nothing_else as broken_rule_is_named

REACHING = promises.test_whoever_is_in_a_valid_group_is_counted_as_reachable_and_nobody_else
SEARCHING = promises.test_the_search_keeps_every_rule_and_finds_as_many
SEATS = promises.test_a_seat_is_taken_taken_over_or_left_exactly_where_the_rules_allow_it
PACKING = promises.test_the_packing_keeps_every_rule_and_finds_as_many
NOTICED_BY = {
    "model": (SEARCHING, REACHING),
    "plan": (promises.test_a_draft_is_valid_only_with_enough_of_each_generation, SEATS, SEARCHING),
    "place": (SEARCHING,),
    "bounds": (REACHING, promises.test_facilitators_loads_bound_the_count_by_themselves),
    "groups": (PACKING,),
    "packing": (PACKING,),
    "near": (what_lies_near,),
    "anneal": (promises.test_annealing_keeps_every_rule,),
}


@pytest.mark.parametrize("guard", FORMING)
def test_a_guard_taken_out_of_forming_is_noticed(guard):
    small_terms()  # made, and counted by trying everything, before the guard goes
    middling_terms()
    with taken_out(FORMING[guard]):
        assert any(map(fails, NOTICED_BY[FORMING[guard][0].module]))


def fails(test, *case):
    try:
        test(*case)
    except Exception:
        return True
    return False


@pytest.mark.parametrize("guard", REPAIRING)
def test_a_guard_taken_out_of_repairing_is_noticed(guard):
    with taken_out(REPAIRING[guard]):
        assert fails(promises.test_every_mending_proposal_keeps_every_rule)


@pytest.mark.parametrize("guard", CHECKING)
def test_a_guard_taken_out_of_checking_is_noticed(guard):
    with taken_out(CHECKING[guard]):
        assert any(fails(broken_rule_is_named, rule) for rule in BrokenRule)


def test_a_guard_that_is_not_where_the_table_says_is_told():
    moved = [edits[0]._replace(written="no such words") for edits in FORMING.values()][:1]

    with pytest.raises(LookupError), taken_out(moved):
        pass
