"""What can be done when a session is in danger, best first, each with the facts that speak for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from dialogue.core.generation import Generation
from sessions.core.quorum import MINI, Trouble, Verdict
from sessions.core.windows import Window

MOST_IN_A_JOINT_SESSION: Final = 8
MOST_STANDBYS: Final = 2
"""With more people of other cohorts it would no longer be this cohort's dialogue."""


class RescueKind(StrEnum):
    """A way to save a session."""

    WINDOW = "window"
    STANDBY = "standby"
    MINI = "mini"
    JOINT = "joint"
    FACILITATOR = "facilitator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A session of another cohort at the same time that could take these people in, and how many come to it."""

    session_id: int
    coming: int
    generations: frozenset[Generation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What the rows allow today: times free for all, sessions that could be joined, people who could be asked."""

    windows: Sequence[Window] = ()
    hosts: Sequence[Host] = ()
    facilitators: int = 0
    standbys: Mapping[Generation, int] = field(default_factory=dict)
    """How many people of other cohorts could be asked to step in, by generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """One way, with its facts.

    `key` names it in a click. `safe`: it needs nobody's judgement, so Madoi may choose it.
    """

    kind: RescueKind
    key: str
    safe: bool
    starts_at: datetime | None = None
    reluctant: int = 0
    host: int | None = None
    people: int = 0
    """How many would be there, or could be asked."""


def rescues(verdict: Verdict, chances: Chances, *, least: int) -> list[Rescue]:
    """Return what would help against this session's troubles, best first.

    The order: another facilitator, when only that is missing, since everybody else keeps their evening; a time at which
    all can surely come; one or two people of other cohorts who said that they can step in; a mini-session of three; a
    joint session; a time that suits some only if need be. What does not cure the trouble is not offered: nobody moves
    for a facilitator who comes anyway, and a mini-session of one generation is none.
    """
    surely = [_window(one) for one in chances.windows if not one.reluctant]
    need_be = [_window(one) for one in chances.windows if one.reluctant]
    standby = _standby(verdict, chances.standbys)
    mini = _mini(verdict, least)
    joint = [one for host in chances.hosts if (one := _joint(verdict, host, least))]
    other = _facilitator(verdict, chances)
    return [*other, *surely, *standby, *mini, *joint, *need_be]


def _window(window: Window) -> Rescue:
    return Rescue(
        kind=RescueKind.WINDOW,
        key=f"window:{window.starts_at:%Y%m%dT%H%M}",
        safe=not window.reluctant,
        starts_at=window.starts_at,
        reluctant=window.reluctant,
    )


def _standby(verdict: Verdict, standbys: Mapping[Generation, int]) -> list[Rescue]:
    if Trouble.FACILITATOR in verdict.troubles or not verdict.coming or not 1 <= verdict.needed <= MOST_STANDBYS:
        return []
    helping = sum(number for generation, number in standbys.items() if verdict.helped_by(generation))
    others = sum(standbys.values()) if verdict.missing > len(verdict.wanted) else helping
    if any(not standbys.get(generation) for generation in verdict.wanted) or others < verdict.needed:
        return []
    return [Rescue(kind=RescueKind.STANDBY, key="standby", safe=True, people=others)]


def _mini(verdict: Verdict, least: int) -> list[Rescue]:
    both = verdict.generations == frozenset(Generation)
    if Trouble.FACILITATOR in verdict.troubles or not both or not MINI <= verdict.coming < least:
        return []
    return [Rescue(kind=RescueKind.MINI, key="mini", safe=False, people=verdict.coming)]


def _joint(verdict: Verdict, host: Host, least: int) -> Rescue | None:
    together = verdict.coming + host.coming
    both = verdict.generations | host.generations == frozenset(Generation)
    if not verdict.coming or not both or not least <= together <= MOST_IN_A_JOINT_SESSION:
        return None
    return Rescue(
        kind=RescueKind.JOINT, key=f"joint:{host.session_id}", safe=False, host=host.session_id, people=together
    )


def _facilitator(verdict: Verdict, chances: Chances) -> list[Rescue]:
    if verdict.troubles != {Trouble.FACILITATOR} or not chances.facilitators:
        return []
    return [
        Rescue(kind=RescueKind.FACILITATOR, key="facilitator", safe=True, people=chances.facilitators),
    ]
