"""What a deck lacks is counted truly: what counts as lacking cannot be drawn, what suffices can."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.kept import broken_by
from dialogue.core.prompts.prompt import Depth, Prompt, Sensitivity, Stage, Value
from dialogue.core.prompts.ramp import RAMPS, depth_ramp
from dialogue.core.prompts.series_plan import plan_series
from dialogue.core.prompts.sufficing import Lack, LackCode, verdict_on
from dialogue.core.prompts.wishes import Wish
from tests.dialogue.core.prompts.sample import library

PROMPTS = library().prompts
BY_SLUG = {prompt.slug: prompt for prompt in PROMPTS}
LENGTHS = st.sampled_from(sorted(RAMPS))


@st.composite
def decks(draw: st.DrawFn) -> list[Prompt]:
    return Random(draw(st.integers(0, 100_000))).sample(PROMPTS, draw(st.integers(0, 60)))


@st.composite
def cohorts(draw: st.DrawFn) -> CohortProfile:
    return CohortProfile(
        met=frozenset(Random(draw(st.integers(0, 1_000))).sample(sorted(BY_SLUG), draw(st.integers(0, 30)))),
        left_out=frozenset(draw(st.lists(st.sampled_from([*Sensitivity][1:]), max_size=1))),
        deepest=draw(st.sampled_from([Depth.DILEMMA, Depth.REGRET])),
    )


@settings(max_examples=150)
@given(deck=decks(), how_many=LENGTHS, cohort=cohorts(), seed=st.integers(0, 10_000))
def test_a_deck_suffices_just_when_its_series_keeps_every_rule(deck, how_many, cohort, seed):
    verdict = verdict_on(prompts=deck, how_many_sessions=how_many, cohort=cohort, seed=seed)

    plan = plan_series(prompts=deck, how_many_sessions=how_many, cohort=cohort, seed=seed)
    series = [[BY_SLUG[slug] for slug in slugs] for slugs in plan.slugs()]
    broken = broken_by(series, ramp=depth_ramp(how_many_sessions=how_many, deepest=cohort.deepest), cohort=cohort)
    two_each = all(len(slugs) == 2 for slugs in plan.slugs())
    assert verdict.suffices is (two_each and not broken)


@settings(max_examples=60)
@given(how_many=LENGTHS, fixed=st.integers(0, 12), seed=st.integers(0, 100))
def test_what_stays_needs_nothing(how_many, fixed, seed):
    plan = plan_series(prompts=PROMPTS, how_many_sessions=how_many, cohort=CohortProfile(), seed=seed)
    laid = {at: [BY_SLUG[slug] for slug in slugs] for at, slugs in enumerate(plan.slugs())}
    stays = {at: prompts for at, prompts in laid.items() if at < fixed}
    rest = [prompt for at, prompts in laid.items() if at not in stays for prompt in prompts]

    verdict = verdict_on(prompts=rest, how_many_sessions=how_many, fixed=stays)

    assert verdict.lacks == ()


def suits_a_four(stage: Stage | None = None) -> list[Prompt]:
    plan = plan_series(prompts=PROMPTS, how_many_sessions=4, cohort=CohortProfile())
    return [BY_SLUG[slug] for slugs in plan.slugs() for slug in slugs if BY_SLUG[slug].stage != stage]


def test_the_prompts_of_one_series_suffice_for_it_and_one_fewer_does_not():
    whole = suits_a_four()

    assert verdict_on(prompts=whole, how_many_sessions=4).suffices
    assert Lack(LackCode.PROMPTS, 8, 7) in verdict_on(prompts=whole[1:], how_many_sessions=4).lacks


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_that_is_missing_is_named(stage):
    lacks = verdict_on(prompts=suits_a_four(stage), how_many_sessions=4).lacks

    assert Lack(LackCode.STAGE, 2, 0, stage.value) in lacks


@pytest.mark.parametrize(
    ("kept", "lack"),
    [
        (lambda one: one.depth != Depth.DILEMMA, Lack(LackCode.DECISIONS, 2, 0, "3")),
        (lambda one: one.depth > Depth.SCENE, Lack(LackCode.SCENES, 9, 0)),
        (lambda one: one.depth != Depth.PREFERENCE, Lack(LackCode.LIGHT, 1, 0)),
        (lambda one: one.depth > Depth.SCENE or one.stage != Stage.AFTERMATH, Lack(LackCode.HARVEST, 1, 0)),
        (lambda one: one.domain in {"work", "family", "health"}, Lack(LackCode.DOMAINS, 5, 3)),
    ],
    ids=["depth 3", "depths 1 and 2", "depth 1", "harvest", "parts of life"],
)
def test_what_six_sessions_lack_is_named_with_its_number(kept, lack):
    assert lack in verdict_on(prompts=[one for one in PROMPTS if kept(one)], how_many_sessions=6).lacks


def test_where_the_numbers_suffice_the_rule_is_named_that_no_order_keeps():
    deck = [replace(one, value=Value.FACE) for one in PROMPTS]

    verdict = verdict_on(prompts=deck, how_many_sessions=4)

    assert (verdict.lacks, verdict.broken) == ((), {Wish.VALUE_VARIETY})
