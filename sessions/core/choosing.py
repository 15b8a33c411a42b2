"""Which of several proposed dates a cohort takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dialogue.core.generation import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A date with whom it suits: the generation of each such member, and whether the facilitator is among them."""

    starts_at: datetime
    members: tuple[Generation, ...]
    facilitator: bool


def fits(proposal: Proposal, *, least: int) -> bool:
    """Return whether a session could be held then: the facilitator, `least` members, one of each generation."""
    return proposal.facilitator and len(proposal.members) >= least and set(proposal.members) == set(Generation)


def ranked(proposals: Iterable[Proposal], *, least: int) -> list[Proposal]:
    """Return the dates that fit, the best first: the one that suits most members, then the sooner."""
    fitting = [one for one in proposals if fits(one, least=least)]
    return sorted(fitting, key=lambda one: (-len(one.members), one.starts_at))
