"""Whether some prompts alone suffice for a series that keeps every rule, and what they lack."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations_with_replacement

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.kept import broken_by
from dialogue.core.prompts.plan import Fixed
from dialogue.core.prompts.prompt import Depth, Stage
from dialogue.core.prompts.ramp import DepthRange, depth_ramp
from dialogue.core.prompts.series_plan import plan_series
from dialogue.core.prompts.wishes import Plannable, Wish, domains_wanted


class LackCode(StrEnum):
    """Of what there are too few. `detail` of the lack is said behind each."""

    PROMPTS = "prompts"
    SCENES = "scenes"  # depth 1 or 2, which every session opens with
    LIGHT = "light"  # depth 1
    DECISIONS = "decisions"  # the depths: "3", or "2–3" for either
    HARVEST = "harvest"  # what looks back, at depth 1 or 2, for the last round
    STAGE = "stage"  # the stage
    DOMAINS = "domains"


@dataclass(frozen=True, slots=True)
class Lack:
    code: LackCode
    wanted: int
    has: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What counting finds too few of; where it finds nothing, the rules that no order of the prompts was found for."""

    lacks: tuple[Lack, ...] = ()
    broken: frozenset[Wish] = frozenset()

    @property
    def suffices(self) -> bool:
        return not self.lacks and not self.broken


def verdict_on(
    *,
    prompts: Collection[Plannable],
    how_many_sessions: int,
    cohort: CohortProfile | None = None,
    seed: int = 0,
    fixed: Fixed | None = None,
) -> Verdict:
    """Return whether a series of these prompts alone keeps every rule, two prompts a session.

    What the cohort leaves out or has met does not count. Sessions that are `fixed` stay as they are and need nothing.

    Raises:
        ValueError: fewer than one session.
    """
    cohort, fixed = cohort or CohortProfile(), fixed or {}
    laid = [prompt for those in fixed.values() for prompt in those]
    gone = cohort.met | {prompt.slug for prompt in laid}
    fresh = [prompt for prompt in prompts if cohort.takes(prompt) and prompt.slug not in gone]
    ramp = depth_ramp(how_many_sessions=how_many_sessions, deepest=cohort.deepest)
    lacks = tuple(_lacks(fresh, laid, ramp, fixed))
    if lacks:
        return Verdict(lacks=lacks)
    plan = plan_series(prompts=fresh, how_many_sessions=how_many_sessions, cohort=cohort, seed=seed, fixed=fixed)
    by_slug = {prompt.slug: prompt for prompt in [*fresh, *laid]}
    series = [[by_slug[slug] for slug in slugs] for slugs in plan.slugs()]
    return Verdict(broken=frozenset(plan.given_up) & broken_by(series, ramp=ramp, cohort=cohort))


def _lacks(
    fresh: Sequence[Plannable], laid: Sequence[Plannable], ramp: Sequence[DepthRange], fixed: Fixed
) -> Iterator[Lack]:
    for code, wanted, has, detail in (
        *_of_all(fresh, ramp, fixed),
        *_of_decisions(fresh, ramp, fixed),
        *_of_the_series(fresh, laid, ramp, fixed),
    ):
        if has < wanted:
            yield Lack(code, wanted, has, detail)


_Count = tuple[LackCode, int, int, str]


def _of_all(fresh: Sequence[Plannable], ramp: Sequence[DepthRange], fixed: Fixed) -> Iterator[_Count]:
    ranges = _ranges(ramp, fixed)
    yield LackCode.PROMPTS, 2 * len(ranges), len(fresh), ""
    calm = sum(one.deepest <= Depth.SCENE for one in ranges)
    yield LackCode.SCENES, len(ranges) + calm, sum(prompt.depth <= Depth.SCENE for prompt in fresh), ""
    if not fixed:
        lightest = sum(one.deepest == Depth.PREFERENCE for one in ranges)
        light = max(len(ramp) // 4, lightest) + lightest
        yield LackCode.LIGHT, light, sum(prompt.depth == Depth.PREFERENCE for prompt in fresh), ""


def _of_decisions(fresh: Sequence[Plannable], ramp: Sequence[DepthRange], fixed: Fixed) -> Iterator[_Count]:
    """Count the second rounds by depth. A stretch of depths is passed over where a shorter one says as much."""
    ranges = _ranges(ramp, fixed)
    depths = [prompt.depth for prompt in fresh if prompt.stage != Stage.BACKGROUND]
    said: list[tuple[int, int, int]] = []
    stretches = combinations_with_replacement(Depth, 2)
    for lightest, deepest in sorted(stretches, key=lambda one: one[1] - one[0]):
        wanted = sum(lightest <= one.lightest and one.deepest <= deepest for one in ranges)
        has = sum(lightest <= depth <= deepest for depth in depths)
        within = sum(short for low, high, short in said if lightest <= low and high <= deepest)
        if wanted - has > within:
            said.append((lightest, deepest, wanted - has))
            name = f"{lightest:d}" if lightest == deepest else f"{lightest:d}–{deepest:d}"
            yield LackCode.DECISIONS, wanted, has, name


def _of_the_series(
    fresh: Sequence[Plannable], laid: Sequence[Plannable], ramp: Sequence[DepthRange], fixed: Fixed
) -> Iterator[_Count]:
    places = 2 * len(_ranges(ramp, fixed))
    if not places:
        return
    stages, share = Counter(prompt.stage for prompt in laid), (len(laid) + places) // len(Stage)
    for stage in Stage:
        wanted = min(share - stages[stage], places)
        yield LackCode.STAGE, wanted, sum(prompt.stage == stage for prompt in fresh), stage.value
    if len(ramp) - 1 not in fixed:
        looks_back = sum(prompt.stage == Stage.AFTERMATH and prompt.depth <= Depth.SCENE for prompt in fresh)
        yield LackCode.HARVEST, 1, looks_back, ""
    wanted = min(domains_wanted(how_many_sessions=len(ramp)), len(laid) + places)
    yield LackCode.DOMAINS, wanted, len({prompt.domain for prompt in [*fresh, *laid]}), ""


def _ranges(ramp: Sequence[DepthRange], fixed: Fixed) -> list[DepthRange]:
    """Return how deep the second rounds of the sessions still open may go; the last session keeps to depth 2."""
    last = len(ramp) - 1
    return [
        DepthRange(min(one.lightest, Depth.SCENE), min(one.deepest, Depth.SCENE)) if at == last else one
        for at, one in enumerate(ramp)
        if at not in fixed
    ]
