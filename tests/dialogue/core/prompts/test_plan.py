"""A series' prompts rise in depth, never repeat, and always fit, whatever the length and the cohort."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.prompts.plan import plan_deck
from dialogue.core.prompts.prompt import Depth, Prompt, Stage, Value
from dialogue.core.prompts.ramp import RAMPS, depth_ramp
from dialogue.core.prompts.wishes import Wish, domains_wanted
from tests.dialogue.core.prompts.sample import small_deck
from tests.thoroughness import examples

PROMPTS = small_deck()
BY_SLUG = {prompt.slug: prompt for prompt in PROMPTS}
LENGTHS = st.integers(1, 24)
USUAL_LENGTHS = st.integers(1, 12)
SEEDS = st.integers(0, 10_000)
READINESS = st.sampled_from([Depth.DILEMMA, Depth.REGRET])


def planned(how_many_sessions: int, seed: int, deepest: Depth = Depth.DILEMMA) -> list[list[Prompt]]:
    plan = plan_deck(prompts=PROMPTS, how_many_sessions=how_many_sessions, seed=seed, deepest=deepest).sessions
    return [[BY_SLUG[slug] for slug in slugs] for slugs in plan]


@settings(deadline=None, max_examples=examples(30))
@given(how_many=LENGTHS, seed=SEEDS, deepest=READINESS)
def test_no_prompt_repeats_and_every_session_is_listed(how_many: int, seed: int, deepest: Depth) -> None:
    sessions = planned(how_many, seed, deepest)
    slugs = [prompt.slug for session in sessions for prompt in session]

    assert len(sessions) == how_many
    assert len(slugs) == len(set(slugs)) == min(2 * how_many, sum(one.depth <= deepest for one in PROMPTS))


@settings(deadline=None, max_examples=examples(30))
@given(how_many=LENGTHS, seed=SEEDS, deepest=READINESS)
def test_depth_four_waits_for_session_three_and_the_last_session_is_light(
    how_many: int, seed: int, deepest: Depth
) -> None:
    sessions = planned(how_many, seed, deepest)

    assert all(prompt.depth <= deepest for session in sessions for prompt in session)
    assert all(prompt.depth < Depth.REGRET for session in sessions[:2] for prompt in session)
    assert all(prompt.depth <= Depth.SCENE for prompt in sessions[-1])


@settings(deadline=None, max_examples=examples(30))
@given(how_many=USUAL_LENGTHS, seed=SEEDS, deepest=READINESS)
def test_up_to_twelve_sessions_nothing_is_given_up(how_many: int, seed: int, deepest: Depth) -> None:
    plan = plan_deck(prompts=PROMPTS, how_many_sessions=how_many, seed=seed, deepest=deepest)

    assert plan.given_up == ()


@settings(deadline=None, max_examples=examples(30))
@given(how_many=USUAL_LENGTHS, seed=SEEDS, deepest=READINESS)
def test_the_second_round_is_a_decision_as_deep_as_the_ramp(how_many: int, seed: int, deepest: Depth) -> None:
    ramp = depth_ramp(how_many_sessions=how_many, deepest=deepest)
    for session, allowed in zip(planned(how_many, seed, deepest), ramp, strict=True):
        *first, second = session
        assert allowed.lightest <= second.depth <= allowed.deepest
        for scene in first:
            assert second.stage is not Stage.BACKGROUND
            assert scene.depth <= min(second.depth, Depth.SCENE)


@settings(deadline=None, max_examples=examples(30))
@given(how_many=USUAL_LENGTHS, seed=SEEDS, deepest=READINESS)
def test_domains_change_values_rest_and_stages_share_the_rounds(how_many: int, seed: int, deepest: Depth) -> None:
    sessions = planned(how_many, seed, deepest)
    rounds = [prompt for session in sessions for prompt in session]
    for earlier, later in pairwise([{prompt.domain for prompt in session} for session in sessions]):
        assert not earlier & later
    for values in zip(*(({one.value for one in session} for session in sessions[n:]) for n in range(3)), strict=False):
        assert not set.intersection(*values)
    stages = Counter(prompt.stage for prompt in rounds)
    assert all(stages[stage] >= len(rounds) // 4 for stage in Stage)
    assert len({prompt.domain for prompt in rounds}) >= domains_wanted(how_many_sessions=how_many)
    for four in zip(*(sessions[n:] for n in range(4)), strict=False):
        assert any(session[0].depth == Depth.PREFERENCE for session in four)


def test_twelve_sessions_of_a_ready_cohort_use_the_whole_deck_once() -> None:
    slugs = [prompt.slug for session in planned(12, 1, Depth.REGRET) for prompt in session]

    assert sorted(slugs) == sorted(BY_SLUG)


@pytest.mark.parametrize("how_many", [4, 6, 8, 12])
def test_the_same_seed_gives_the_same_plan_and_cohorts_differ(how_many: int) -> None:
    assert planned(how_many, 7) == planned(how_many, 7)
    assert len({str(planned(how_many, seed)) for seed in range(20)}) >= 15


def test_the_order_in_which_prompts_arrive_changes_nothing() -> None:
    backwards = plan_deck(prompts=PROMPTS[::-1], how_many_sessions=8, seed=3).sessions

    assert backwards == plan_deck(prompts=PROMPTS, how_many_sessions=8, seed=3).sessions


def test_met_prompts_are_left_out_while_enough_new_ones_remain() -> None:
    met = {prompt.slug for session in planned(4, 1) for prompt in session}

    again = plan_deck(prompts=PROMPTS, how_many_sessions=4, seed=2, already_met=met)

    assert not met & {slug for slugs in again.sessions for slug in slugs}
    assert Wish.NEW_PROMPTS not in again.given_up


def test_when_nearly_all_have_been_met_that_wish_goes_and_is_named() -> None:
    met = [prompt.slug for prompt in PROMPTS[:22]]

    again = plan_deck(prompts=PROMPTS, how_many_sessions=4, already_met=met)

    assert again.given_up == (Wish.NEW_PROMPTS,)
    assert all(len(slugs) == 2 for slugs in again.sessions)


def test_a_long_series_gives_up_depth_before_anything_else() -> None:
    plan = plan_deck(prompts=PROMPTS, how_many_sessions=16, seed=1)

    assert plan.given_up == (Wish.DEPTH_FLOOR,)


@settings(deadline=None, max_examples=examples(40))
@given(
    how_many=st.integers(1, 9),
    depths=st.lists(st.sampled_from(list(Depth)), max_size=8),
    seed=SEEDS,
    deepest=READINESS,
)
def test_any_deck_gives_a_plan_that_keeps_what_is_never_given_up(
    how_many: int, depths: list[Depth], seed: int, deepest: Depth
) -> None:
    deck = {one.slug: replace(one, depth=depth) for one, depth in zip(PROMPTS, depths, strict=False)}
    plan = plan_deck(prompts=list(deck.values()), how_many_sessions=how_many, seed=seed, deepest=deepest).sessions
    sessions = [[deck[slug].depth for slug in slugs] for slugs in plan]

    assert len(sessions) == how_many
    assert len({slug for slugs in plan for slug in slugs}) == sum(len(slugs) for slugs in plan)
    assert all(depth <= Depth.SCENE for depth in sessions[-1])
    assert all(depth < Depth.REGRET for session in sessions[:2] for depth in session)
    assert all(Depth.REGRET not in later for earlier, later in pairwise(sessions) if Depth.REGRET in earlier)


@given(how_many=LENGTHS, deepest=READINESS)
def test_every_ramp_begins_and_ends_lightly_and_rises_by_one_at_most(how_many: int, deepest: Depth) -> None:
    ramp = depth_ramp(how_many_sessions=how_many, deepest=deepest)

    assert ramp[0].lightest == Depth.PREFERENCE
    assert ramp[-1].deepest <= Depth.SCENE
    assert all(one.deepest < Depth.REGRET for one in ramp[:2])
    assert all(later.lightest <= earlier.deepest + 1 for earlier, later in pairwise(ramp))


def test_the_written_ramps_are_used_as_they_are() -> None:
    for length, ramp in RAMPS.items():
        assert depth_ramp(how_many_sessions=length, deepest=Depth.REGRET) == ramp


@pytest.mark.parametrize("seed", range(5))
def test_a_value_rests_after_two_sessions_even_in_a_deck_of_few_values(seed: int) -> None:
    few = [Value.FACE, Value.HUMILITY, Value.STIMULATION, Value.TRADITION, Value.ACHIEVEMENT]
    deck = {one.slug: replace(one, value=few[n % len(few)]) for n, one in enumerate(PROMPTS)}

    plan = plan_deck(prompts=list(deck.values()), how_many_sessions=6, seed=seed)
    values = [{deck[slug].value for slug in slugs} for slugs in plan.sessions]

    assert plan.given_up == ()
    assert not any(set.intersection(*three) for three in zip(values, values[1:], values[2:], strict=False))


def test_no_series_is_refused_plainly() -> None:
    with pytest.raises(ValueError, match="0 sessions are no series"):
        plan_deck(prompts=PROMPTS, how_many_sessions=0)


def test_planning_twelve_sessions_takes_less_than_a_second() -> None:
    started = process_time()
    planned(12, 5, Depth.REGRET)

    assert process_time() - started < 1
