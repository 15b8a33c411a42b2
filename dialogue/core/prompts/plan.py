"""Which prompts a cohort meets in which session: wishes are given up one by one when they do not all fit."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from dialogue.core.prompts.plan_search import PlanSearch
from dialogue.core.prompts.prompt import Depth, Stage
from dialogue.core.prompts.ramp import DepthRange, depth_ramp
from dialogue.core.prompts.wishes import Plannable, Wish, domains_wanted

Fixed = Mapping[int, Sequence[Plannable]]
"""The prompts of the sessions, counted from 0, that stay as they are."""

FIRST_ATTEMPTS: Final = 40  # different orders tried before the first wish is given up: mostly the first one fits
ATTEMPTS: Final = 4  # and before each further one


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckPlan:
    """Prompt slugs for each session, first round first, and the wishes that had to be given up."""

    sessions: tuple[tuple[str, ...], ...]
    given_up: tuple[Wish, ...]


def plan_deck(
    *,
    prompts: Collection[Plannable],
    how_many_sessions: int,
    seed: int = 0,
    deepest: Depth = Depth.DILEMMA,
    already_met: Collection[str] = (),
    liking: Callable[[Plannable], int] = lambda _prompt: 0,
    fixed: Fixed | None = None,
) -> DeckPlan:
    """Return two prompts per session: a scene of depth 1 or 2, then a decision as deep as the ramp allows.

    The same arguments give the same plan on every machine; another `seed` (a cohort's number) draws another order.
    Depth 4 appears only where `deepest` allows it, which is for a cohort that has said it is ready.
    `liking`, 0 or more, makes a prompt likelier to be drawn and never costs a wish: where an order that favours
    what is liked leads nowhere, orders without favour are tried before anything is given up.
    Where the deck is short, later sessions get one prompt instead of two, beginning with the last, whose other
    round is the harvest; a session that nothing is left for lives on the questions the cohort brings along.
    Sessions in `fixed` come back as they are, whatever they break; the others are drawn to keep the rules with them.
    Never given up: no prompt twice, no depth 4 in sessions 1 and 2, after a depth 4 nothing above 3 in the
    next session, the last session at depth 2 or below.

    Raises:
        ValueError: fewer than one session.
    """
    fixed = fixed or {}
    taken = {prompt.slug for those in fixed.values() for prompt in those}
    usable = [prompt for prompt in prompts if prompt.depth <= deepest and prompt.slug not in taken]
    ramp = depth_ramp(how_many_sessions=how_many_sessions, deepest=deepest)
    met = frozenset(already_met)
    given_up = _out_of_reach(usable, ramp, met, fixed)
    searched = [wish for wish in Wish if wish not in given_up | {Wish.EVERY_SESSION}]
    for wish in [None, *searched]:
        given_up |= {wish} if wish else set()
        attempts = ATTEMPTS if wish else FIRST_ATTEMPTS
        for attempt in range(attempts):
            favour = liking if attempt < attempts // 2 else _alike
            order = _drawn(usable, f"{seed}:{attempt}", favour)
            found = PlanSearch(order, ramp, frozenset(Wish) - given_up, met, fixed).run()
            if found is not None:
                return DeckPlan(sessions=found, given_up=tuple(wish for wish in Wish if wish in given_up))
    whatever = _whatever_fits(_drawn(usable, f"{seed}", _alike), len(ramp), fixed)
    return DeckPlan(sessions=whatever, given_up=tuple(Wish))


def _alike(_prompt: Plannable) -> int:
    return 0


def _drawn(prompts: Sequence[Plannable], salt: str, liking: Callable[[Plannable], int]) -> list[Plannable]:
    """Draw every prompt in turn, one of liking n with n + 1 times the weight of one of liking 0.

    The weighted draw without putting back of Efraimidis and Spirakis (2006): each takes the root of its lot, of the
    order of its weight, and the highest comes first.
    """

    def place(prompt: Plannable) -> tuple[float, str]:
        # A hash keeps the order equal between Python releases, which random.shuffle does not promise.
        lot = int.from_bytes(sha256(f"{salt}:{prompt.slug}".encode()).digest()[:6], "big") / 2**48
        return -(lot ** (1 / (1 + liking(prompt)))), prompt.slug

    return sorted(prompts, key=place)


def _out_of_reach(
    prompts: Sequence[Plannable], ramp: Sequence[DepthRange], met: frozenset[str], fixed: Fixed
) -> frozenset[Wish]:
    """Count before searching: the wishes this deck cannot pay for in any order, so that no other goes before them."""
    fresh = [prompt for prompt in prompts if prompt.slug not in met]
    still_open = [one for session, one in enumerate(ramp) if session not in fixed]
    too_few_new = len(fresh) < min(2 * len(still_open), len(prompts))
    offered = prompts if too_few_new else fresh
    too_few_deep = any(
        sum(one.lightest >= depth for one in still_open) > sum(prompt.depth >= depth for prompt in offered)
        for depth in Depth
    )
    given_up = {Wish.NEW_PROMPTS} if too_few_new else set()
    if too_few_deep:
        given_up.add(Wish.DEPTH_FLOOR)
    if len(offered) < len(still_open):
        given_up.add(Wish.EVERY_SESSION)
    return frozenset(given_up) | _lost_already(min(2 * len(still_open), len(offered)), len(ramp), fixed)


def _lost_already(places: int, how_many_sessions: int, fixed: Fixed) -> frozenset[Wish]:
    """Return the wishes of the whole series that what is fixed has left too few places for."""
    laid = [prompt for those in fixed.values() for prompt in those]
    stages = Counter(prompt.stage for prompt in laid)
    share = (len(laid) + places) // len(Stage)
    lost = set()
    if sum(max(0, share - stages[stage]) for stage in Stage) > places:
        lost.add(Wish.STAGE_SHARE)
    wanted = min(domains_wanted(how_many_sessions=how_many_sessions), len(laid) + places)
    if len({prompt.domain for prompt in laid}) + places < wanted:
        lost.add(Wish.DOMAIN_BREADTH)
    return frozenset(lost)


def _whatever_fits(order: Sequence[Plannable], how_many_sessions: int, fixed: Fixed) -> tuple[tuple[str, ...], ...]:
    """For a deck too deep or too small for any search: one prompt a session, the lightest kept for the last."""
    left = sorted(order, key=lambda prompt: prompt.depth)
    sessions: dict[int, Sequence[Plannable]] = dict(fixed)
    last = how_many_sessions - 1
    for session in [last, *range(last)]:
        if session in sessions:
            continue
        beside = [prompt for near in (session - 1, session + 1) for prompt in sessions.get(near, ())]
        calm = session >= 2 and all(prompt.depth < Depth.REGRET for prompt in beside)
        deepest = Depth.SCENE if session == last else Depth.REGRET if calm else Depth.DILEMMA
        fitting = next((prompt for prompt in left if prompt.depth <= deepest), None)
        if fitting is not None:
            left.remove(fitting)
        sessions[session] = [fitting] if fitting is not None else []
    return tuple(tuple(prompt.slug for prompt in sessions[session]) for session in range(how_many_sessions))
