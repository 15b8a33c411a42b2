"""Whatever the cohort, its series keeps every rule, says why each prompt stands there, and offers others."""

from dataclasses import replace
from itertools import chain
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.interests import TOPICS
from dialogue.core.prompts.cohort_profile import CohortProfile, topics_by_domain
from dialogue.core.prompts.kept import broken_by
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sensitivity, Stage, Value
from dialogue.core.prompts.ramp import RAMPS, depth_ramp
from dialogue.core.prompts.reasons import Reason, ReasonCode
from dialogue.core.prompts.series_plan import SeriesPlan, alternatives, plan_series
from dialogue.core.prompts.wishes import Never, Wish
from tests.dialogue.core.prompts.sample import library

PROMPTS = library().prompts
BY_SLUG = {prompt.slug: prompt for prompt in PROMPTS}
KEYS = sorted(TOPICS)
LENGTHS = st.sampled_from(sorted(RAMPS))


@st.composite
def cohorts(draw: st.DrawFn) -> CohortProfile:
    """Any cohort: returners have met up to three series of twelve, and two kinds of theme may be left out."""
    return CohortProfile(
        values=frozenset(draw(st.lists(st.sampled_from(list(Value)), max_size=5))),
        topics=topics_by_domain(draw(st.lists(st.sampled_from(KEYS), max_size=6, unique=True))),
        met=frozenset(Random(draw(st.integers(0, 10_000))).sample(sorted(BY_SLUG), draw(st.integers(0, 72)))),
        left_out=frozenset(draw(st.lists(st.sampled_from([*Sensitivity][1:]), max_size=2))),
        deepest=draw(st.sampled_from([Depth.DILEMMA, Depth.REGRET])),
    )


def laid_out(plan: SeriesPlan) -> list[list[Prompt]]:
    return [[BY_SLUG[slug] for slug in session] for session in plan.slugs()]


def assert_sound(how_many: int, cohort: CohortProfile, seed: int) -> None:
    plan = plan_series(prompts=PROMPTS, how_many_sessions=how_many, cohort=cohort, seed=seed)
    ramp = depth_ramp(how_many_sessions=how_many, deepest=cohort.deepest)

    assert plan.given_up == ()
    assert [len(session) for session in plan.sessions] == [2] * how_many
    assert broken_by(laid_out(plan), ramp=ramp, cohort=cohort) == frozenset()
    assert all(chosen.reasons for session in plan.sessions for chosen in session)


@settings(max_examples=80)
@given(how_many=LENGTHS, cohort=cohorts(), seed=st.integers(0, 10_000))
def test_80_cohorts_of_any_kind_keep_every_rule(how_many: int, cohort: CohortProfile, seed: int) -> None:
    assert_sound(how_many, cohort, seed)


@pytest.mark.slow
@pytest.mark.timeout(1_800)  # nearly two minutes of CPU, more on a busy machine
@settings(max_examples=5_000)
@given(how_many=LENGTHS, cohort=cohorts(), seed=st.integers(0, 1_000_000))
def test_5000_cohorts_of_any_kind_keep_every_rule(how_many: int, cohort: CohortProfile, seed: int) -> None:
    assert_sound(how_many, cohort, seed)


@settings(max_examples=15)
@given(how_many=LENGTHS, cohort=cohorts(), data=st.data())
def test_every_alternative_keeps_every_rule(how_many: int, cohort: CohortProfile, data: st.DataObject) -> None:
    plan = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=how_many, cohort=cohort))
    session, round_ = data.draw(st.integers(0, how_many - 1)), data.draw(st.integers(0, 1))
    others = alternatives(prompts=PROMPTS, sessions=plan, session=session, round=round_, cohort=cohort)
    ramp = depth_ramp(how_many_sessions=how_many, deepest=cohort.deepest)

    for other in others:
        changed = [list(those) for those in plan]
        changed[session][round_] = BY_SLUG[other.slug]
        assert broken_by(changed, ramp=ramp, cohort=cohort) == frozenset()
        assert other.reasons


def test_a_usual_cohort_has_several_alternatives_in_a_place() -> None:
    plan = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=CohortProfile(), seed=3))

    offered = [
        len(alternatives(prompts=PROMPTS, sessions=plan, session=session, round=round_, cohort=CohortProfile()))
        for session in range(8)
        for round_ in (0, 1)
    ]

    assert min(offered) >= 1
    assert median(offered) >= 5


def test_nobody_meets_a_prompt_twice_over_three_terms_of_twelve() -> None:
    met: frozenset[str] = frozenset()
    for _term in range(3):
        plan = plan_series(prompts=PROMPTS, how_many_sessions=12, cohort=CohortProfile(met=met), seed=7)
        fresh = frozenset(chain.from_iterable(plan.slugs()))
        assert plan.given_up == ()
        assert not fresh & met
        met |= fresh
    assert len(met) == 72


@pytest.mark.parametrize("left_out", [*Sensitivity][1:])
def test_what_a_cohort_leaves_out_is_never_drawn(left_out: Sensitivity) -> None:
    cohort = CohortProfile(left_out=frozenset({left_out}), deepest=Depth.REGRET)
    plan = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=12, cohort=cohort))

    assert all(prompt.sensitivity != left_out for session in plan for prompt in session)


def test_what_a_cohort_shares_is_drawn_more_often() -> None:
    topic = next(key for key in KEYS if TOPICS[key].group == "liking")
    sharing = CohortProfile(topics=topics_by_domain([topic]), values=frozenset({Value.TRADITION}))

    def drawn(cohort: CohortProfile) -> int:
        plans = [laid_out(plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=cohort, seed=n)) for n in range(20)]
        return sum(sharing.liking(prompt) > 0 for plan in plans for session in plan for prompt in session)

    assert drawn(sharing) > 1.4 * drawn(CohortProfile())


def test_the_reasons_name_what_the_cohort_gave_and_what_the_place_asks() -> None:
    topic = next(key for key in KEYS if TOPICS[key].group == "liking")
    cohort = CohortProfile(topics=topics_by_domain([topic]), met=frozenset({"someone-at-work"}))
    plan = plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=cohort, seed=1)
    every = [(BY_SLUG[one.slug], one.reasons) for session in plan.sessions for one in session]

    assert all(
        (Reason(ReasonCode.SHARED_TOPIC, topic) in reasons) == (prompt.domain == Domain.CREATION)
        for prompt, reasons in every
    )
    assert all(Reason(ReasonCode.NOBODY_MET) in reasons for _, reasons in every)
    assert Reason(ReasonCode.LOOKS_BACK) in every[-1][1]


def test_after_a_session_of_depth_four_the_next_is_said_to_calm_down() -> None:
    for seed in range(30):
        plan = plan_series(prompts=PROMPTS, how_many_sessions=12, cohort=CohortProfile(deepest=Depth.REGRET), seed=seed)
        sessions = laid_out(plan)
        deep = [n for n, those in enumerate(sessions) if those[-1].depth == Depth.REGRET]
        if deep:
            assert Reason(ReasonCode.CALMS_DOWN) in plan.sessions[deep[0] + 1][-1].reasons
            return
    pytest.fail("no plan of thirty reached depth 4")


def one(place: int, **tags: object) -> Prompt:
    """A prompt that differs from its neighbours in domain and value."""
    usual = {
        "slug": f"made-{place}",
        "domain": list(Domain)[place % 10],
        "value": list(Value)[place % 19],
        "depth": Depth.PREFERENCE if place % 2 == 0 else Depth.SCENE,
        "stage": list(Stage)[place % 4],
        "anchor": Anchor.SCENE,
        "sensitivity": Sensitivity.NONE,
    }
    return replace(PROMPTS[0], **{**usual, **tags})


def series(*changes: tuple[int, int, Prompt]) -> list[list[Prompt]]:
    """A sound series of six sessions, with some prompts put in place of others."""
    depths = [Depth.SCENE, Depth.SCENE, Depth.SCENE, Depth.DILEMMA, Depth.DILEMMA, Depth.SCENE]
    laid = [
        [one(2 * n), one(2 * n + 1, depth=depths[n], stage=Stage.AFTERMATH if n % 2 else Stage.HESITATION)]
        for n in range(6)
    ]
    for session, round_, prompt in changes:
        laid[session][round_] = prompt
    return laid


FOUR_DOMAINS = [
    (n, round_, replace(prompt, domain=list(Domain)[2 * (n % 2) + round_]))
    for n, session in enumerate(series())
    for round_, prompt in enumerate(session)
]
SCENES = [one(2 * n, depth=Depth.SCENE) for n in range(4)]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (Never.REPEATS, [(5, 0, replace(one(10), slug="made-0"))]),
        (Never.REGRET_EARLY, [(1, 1, one(3, depth=Depth.REGRET, stage=Stage.AFTERMATH))]),
        (Never.REGRET_TWICE, [(n, 1, one(2 * n + 1, depth=Depth.REGRET, stage=Stage.CHOICE)) for n in (3, 4)]),
        (Never.HEAVY_END, [(5, 1, one(11, depth=Depth.DILEMMA, stage=Stage.AFTERMATH))]),
        (Never.LEFT_OUT, [(2, 0, one(4, sensitivity=Sensitivity.LOSS))]),
        (Wish.VALUE_VARIETY, [(n, 0, one(2 * n, value=Value.FACE)) for n in (1, 2, 3)]),
        (Wish.LIGHT_SESSION, [(n, 0, prompt) for n, prompt in enumerate(SCENES)]),
        (Wish.HARVEST, [(5, 1, one(11, stage=Stage.CHOICE))]),
        (Wish.STAGE_SHARE, [(n, 0, one(2 * n, stage=Stage.AFTERMATH)) for n in range(6)]),
        (Wish.DOMAIN_BREADTH, FOUR_DOMAINS),
        (Wish.NEW_PROMPTS, [(3, 0, replace(one(6), slug="met-before"))]),
        (Wish.DEPTH_FLOOR, [(3, 1, one(7, depth=Depth.SCENE, stage=Stage.AFTERMATH))]),
        (Wish.DOMAIN_CHANGE, [(2, 0, one(4, domain=list(Domain)[3]))]),
        (Wish.SCENE_THEN_DECISION, [(2, 1, one(5, stage=Stage.BACKGROUND))]),
        (Wish.DEPTH_CEILING, [(1, 1, one(3, depth=Depth.DILEMMA, stage=Stage.AFTERMATH))]),
        (Wish.EVERY_SESSION, []),
    ],
)
def test_the_judge_of_plans_names_each_broken_rule(rule: Wish | Never, changes: list[tuple[int, int, Prompt]]) -> None:
    cohort = CohortProfile(met=frozenset({"met-before"}), left_out=frozenset({Sensitivity.LOSS}), deepest=Depth.REGRET)
    laid = series(*changes)
    if rule is Wish.EVERY_SESSION:
        laid[2] = []

    assert rule in broken_by(laid, ramp=depth_ramp(how_many_sessions=6, deepest=Depth.REGRET), cohort=cohort)


@settings(max_examples=60)
@given(how_many=LENGTHS, cohort=cohorts(), later=cohorts(), data=st.data())
def test_what_is_drawn_around_fixed_sessions_keeps_every_rule_over_the_whole(
    how_many: int, cohort: CohortProfile, later: CohortProfile, data: st.DataObject
) -> None:
    before = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=how_many, cohort=cohort))
    begun = data.draw(st.integers(1, how_many))
    # One session that was put off without a date may lie open among those that are fixed.
    put_off = data.draw(st.integers(0, how_many))
    fixed = {session: before[session] for session in range(begun) if session != put_off}
    met = later.met - {prompt.slug for those in fixed.values() for prompt in those}
    now = replace(later, met=met)

    plan = plan_series(prompts=PROMPTS, how_many_sessions=how_many, cohort=now, seed=5, fixed=fixed)

    after = laid_out(plan)
    assert {session: after[session] for session in fixed} == fixed
    new = [prompt for session, those in enumerate(after) if session not in fixed for prompt in those]
    assert all(now.takes(prompt) for prompt in new)
    of_what_was = {Never.LEFT_OUT, Wish.DEPTH_CEILING} if not all(map(now.takes, chain(*fixed.values()))) else set()
    ramp = depth_ramp(how_many_sessions=how_many, deepest=now.deepest)
    assert broken_by(after, ramp=ramp, cohort=now) <= of_what_was | set(plan.given_up)
    if put_off >= begun:  # what was begun in order can be gone on with in order
        assert plan.given_up == ()


@pytest.mark.parametrize(("wished", "depths"), [(2, [2, 3]), (3, [3, 2]), (None, [])])
def test_the_depth_that_is_wished_comes_first_and_is_a_reason(wished: int | None, depths: list[int]) -> None:
    """Session 4 of 8 goes to depth 2 or 3."""
    cohort = CohortProfile(values=frozenset({Value.TRADITION}))
    plan = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=cohort))

    others = alternatives(prompts=PROMPTS, sessions=plan, session=3, round=1, cohort=cohort, wished=wished)

    found = [BY_SLUG[one.slug].depth for one in others]
    assert found == (sorted(found, reverse=wished == 3) if wished else found)
    assert list(dict.fromkeys(found)) == depths or wished is None
    fitting = [one.reasons[0] == Reason(ReasonCode.WISHED_DEPTH, str(wished)) for one in others]
    assert fitting == [depth == wished for depth in found]


def test_a_lighter_depth_that_is_wished_may_lie_below_the_ramp_and_a_deeper_one_not_above_it() -> None:
    """Session 5 of 8 asks for depth 3."""
    plan = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=CohortProfile()))

    def depths(wished: int) -> set[int]:
        others = alternatives(prompts=PROMPTS, sessions=plan, session=4, round=1, cohort=CohortProfile(), wished=wished)
        return {BY_SLUG[one.slug].depth for one in others}

    assert depths(2) == {2, 3}
    assert depths(4) == {3}


@pytest.mark.parametrize("put_off", range(8))
def test_one_session_among_seven_that_are_fixed_is_drawn_to_suit_its_neighbours(put_off: int) -> None:
    before = laid_out(plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=CohortProfile()))
    fixed = {session: those for session, those in enumerate(before) if session != put_off}
    ramp = depth_ramp(how_many_sessions=8, deepest=Depth.DILEMMA)

    for seed in range(10):
        plan = plan_series(prompts=PROMPTS, how_many_sessions=8, cohort=CohortProfile(), seed=seed, fixed=fixed)
        assert plan.given_up == ()
        assert broken_by(laid_out(plan), ramp=ramp, cohort=CohortProfile()) == frozenset()
