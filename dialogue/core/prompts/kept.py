"""What a laid-out series breaks, counted from the outside: it knows nothing of how the series was found."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.prompt import Depth, Stage
from dialogue.core.prompts.ramp import DepthRange
from dialogue.core.prompts.wishes import Never, Plannable, Wish, domains_wanted

Sessions = Sequence[Sequence[Plannable]]


def broken_by(sessions: Sessions, *, ramp: Sequence[DepthRange], cohort: CohortProfile) -> frozenset[Wish | Never]:
    """Return the rules that a series breaks; empty is as it should be. One ramp entry a session."""
    return frozenset((*_nevers(sessions, cohort), *_wishes(sessions, ramp, cohort)))


def _nevers(sessions: Sessions, cohort: CohortProfile) -> Iterator[Never]:
    rounds = [prompt for session in sessions for prompt in session]
    deep = [any(prompt.depth == Depth.REGRET for prompt in session) for session in sessions]
    if len({prompt.slug for prompt in rounds}) < len(rounds):
        yield Never.REPEATS
    if any(deep[:2]):
        yield Never.REGRET_EARLY
    if any(earlier and later for earlier, later in pairwise(deep)):
        yield Never.REGRET_TWICE
    if any(prompt.depth > Depth.SCENE for prompt in sessions[-1]):
        yield Never.HEAVY_END
    if not all(cohort.takes(prompt) for prompt in rounds):
        yield Never.LEFT_OUT


def _wishes(sessions: Sessions, ramp: Sequence[DepthRange], cohort: CohortProfile) -> Iterator[Wish]:
    yield from _of_the_whole(sessions, cohort)
    yield from _of_neighbours(sessions)
    yield from _of_one_session(sessions, ramp)


def _of_the_whole(sessions: Sessions, cohort: CohortProfile) -> Iterator[Wish]:
    rounds = [prompt for session in sessions for prompt in session]
    stages = Counter(prompt.stage for prompt in rounds)
    if any(stages[stage] < len(rounds) // len(Stage) for stage in Stage):
        yield Wish.STAGE_SHARE
    wanted = min(domains_wanted(how_many_sessions=len(sessions)), len(rounds))
    if len({prompt.domain for prompt in rounds}) < wanted:
        yield Wish.DOMAIN_BREADTH
    if any(prompt.slug in cohort.met for prompt in rounds):
        yield Wish.NEW_PROMPTS
    if sessions[-1] and sessions[-1][-1].stage != Stage.AFTERMATH:
        yield Wish.HARVEST


def _of_neighbours(sessions: Sessions) -> Iterator[Wish]:
    values = [{prompt.value for prompt in session} for session in sessions]
    if any(set.intersection(*three) for three in zip(values, values[1:], values[2:], strict=False)):
        yield Wish.VALUE_VARIETY
    heavy = [bool(session) and session[0].depth > Depth.PREFERENCE for session in sessions]
    if any(all(four) for four in zip(heavy, heavy[1:], heavy[2:], heavy[3:], strict=False)):
        yield Wish.LIGHT_SESSION
    domains = [[prompt.domain for prompt in session] for session in sessions]
    if any(len(set(one)) < len(one) for one in domains) or any(
        set(earlier) & set(later) for earlier, later in pairwise(domains)
    ):
        yield Wish.DOMAIN_CHANGE


def _of_one_session(sessions: Sessions, ramp: Sequence[DepthRange]) -> Iterator[Wish]:
    for session, allowed in zip(sessions, ramp, strict=True):
        if not session:
            yield Wish.EVERY_SESSION
            continue
        if session[-1].depth < allowed.lightest:
            yield Wish.DEPTH_FLOOR
        if any(prompt.depth > allowed.deepest for prompt in session):
            yield Wish.DEPTH_CEILING
        for scene, decision in pairwise(session):
            if scene.depth > min(decision.depth, Depth.SCENE) or decision.stage == Stage.BACKGROUND:
                yield Wish.SCENE_THEN_DECISION
