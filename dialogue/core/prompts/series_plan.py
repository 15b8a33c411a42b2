"""A series planned for one cohort: each prompt with its reasons, and what else could stand in its place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.kept import broken_by
from dialogue.core.prompts.plan import Fixed, plan_deck
from dialogue.core.prompts.ramp import DepthRange, depth_ramp
from dialogue.core.prompts.reasons import Reason, ReasonCode, reasons_for
from dialogue.core.prompts.wishes import Never, Plannable, Wish

P = TypeVar("P", bound=Plannable)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A prompt in its place, and what speaks for it there."""

    slug: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """The prompts of each session in order, and the wishes that the deck could not pay for."""

    sessions: tuple[tuple[Chosen, ...], ...]
    given_up: tuple[Wish, ...]

    def slugs(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(one.slug for one in session) for session in self.sessions)


def plan_series(
    *,
    prompts: Collection[Plannable],
    how_many_sessions: int,
    cohort: CohortProfile,
    seed: int = 0,
    fixed: Fixed | None = None,
) -> SeriesPlan:
    """Return the series for a cohort: the same arguments give the same plan on every machine.

    What the cohort left out is never drawn. What it shares and named is drawn more often, and never at the cost of
    a rule. See `plan_deck` for what holds and what gives way first when the deck is short. Sessions that are `fixed`
    stay as they are, and the others are drawn as what comes before and after them.

    Raises:
        ValueError: fewer than one session.
    """
    taken = [prompt for prompt in prompts if cohort.takes(prompt)]
    plan = plan_deck(
        prompts=taken,
        how_many_sessions=how_many_sessions,
        seed=seed,
        deepest=cohort.deepest,
        already_met=cohort.met,
        liking=cohort.liking,
        fixed=fixed,
    )
    by_slug = {prompt.slug: prompt for those in [taken, *(fixed or {}).values()] for prompt in those}
    chosen = explained(prompts=by_slug, sessions=plan.sessions, cohort=cohort)
    return SeriesPlan(sessions=tuple(chosen), given_up=plan.given_up)


def explained(
    *, prompts: Mapping[str, Plannable], sessions: Sequence[Sequence[str]], cohort: CohortProfile
) -> list[tuple[Chosen, ...]]:
    """Return a series with the reasons of each prompt, whoever laid it out. `prompts` holds each slug of it."""
    laid = [[prompts[slug] for slug in session] for session in sessions]
    ramp = depth_ramp(how_many_sessions=len(laid), deepest=cohort.deepest)
    return [
        tuple(
            Chosen(slug, reasons_for(laid, session=session, round=round_, ramp=ramp, cohort=cohort))
            for round_, slug in enumerate(slugs)
        )
        for session, slugs in enumerate(sessions)
    ]


def alternatives(
    *,
    prompts: Collection[P],
    sessions: Sequence[Sequence[P]],
    session: int,
    round: int,
    cohort: CohortProfile,
    wished: int | None = None,
) -> tuple[Chosen, ...]:
    """Return what could stand in one place instead, best first, without breaking a rule that the series keeps.

    Better is what comes nearest to the depth `wished`, then what the cohort shares and named, then what looks at the
    same stage, then another part of life than the one that stands there; slugs decide between equals. Counted from 0.
    A lighter depth that is wished may lie below the ramp; a deeper one keeps below its ceiling.
    """
    ramp = list(depth_ramp(how_many_sessions=len(sessions), deepest=cohort.deepest))
    if wished is not None:
        ramp[session] = DepthRange(min(ramp[session].lightest, wished), ramp[session].deepest)
    laid = [list(those) for those in sessions]
    now = laid[session][round]
    in_use = {prompt.slug for those in laid for prompt in those}
    broken: frozenset[Wish | Never] = broken_by(laid, ramp=ramp, cohort=cohort)
    found: list[tuple[tuple[int, int, bool, bool, str], Chosen]] = []
    for prompt in prompts:
        if prompt.slug in in_use or not cohort.takes(prompt) or prompt.slug in cohort.met:
            continue
        laid[session][round] = prompt
        if broken_by(laid, ramp=ramp, cohort=cohort) <= broken:
            reasons = reasons_for(laid, session=session, round=round, ramp=ramp, cohort=cohort)
            away = 0 if wished is None else abs(prompt.depth - wished)
            if wished is not None and not away:
                reasons = (Reason(ReasonCode.WISHED_DEPTH, str(wished)), *reasons)
            rank = (away, -cohort.liking(prompt), prompt.stage != now.stage, prompt.domain == now.domain, prompt.slug)
            found.append((rank, Chosen(prompt.slug, reasons)))
    laid[session][round] = now
    return tuple(chosen for _, chosen in sorted(found, key=lambda one: one[0]))
