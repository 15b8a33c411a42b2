"""Making steps fit the time that there is, because a session ends when it was said to end.

What gives way, in this order: open questions, down to five minutes; silence, down to one; the third round; the length
of everybody's turns alike; then whole steps. Checking out and the close stay to the last.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sessions.core.guide.arcs import Kind
from sessions.core.guide.steps import Caution, Guide, Step

LEAST: Final = {Kind.OPEN_QUESTIONS: 5 * 60, Kind.SILENCE: 60}
"""Seconds that a step keeps as long as it takes place."""

LEAST_TURN: Final = 20
"""Seconds below which a turn is none. Nor is any made shorter than half: then a step goes instead."""

GRAIN: Final = 5
"""Shortened turns are whole multiples of so many seconds."""

TIGHT: Final = 90
"""With less than so many seconds to spare, the end hangs on everybody's turns: six people in 90 minutes have 60."""

DROPPED: Final = (
    Kind.SHIFT,
    Kind.APPRECIATION,
    Kind.SILENCE,
    Kind.OPEN_QUESTIONS,
    Kind.SURVEY,
    Kind.DECISION,
    Kind.AGREEMENTS,
    Kind.SCENE,
    Kind.CHECK_IN,
    Kind.ARRIVE,
)
"""What is left out where nothing else helps, the first to go first."""


def fitted(steps: Sequence[Step], *, seconds: int) -> Guide:
    """Return the steps made to fit so many seconds, and what whoever leads should know about it.

    Raises:
        ValueError: there are no seconds.
    """
    if seconds <= 0:
        raise ValueError("a session that is over has no guide")
    for dropped, shorten in [(0, False), (1, False), *((count, True) for count in range(1, len(DROPPED) + 1))]:
        gone = DROPPED[:dropped]
        kept = _shortened([step for step in steps if step.kind not in gone], seconds, turns_too=shorten)
        if _whole(kept) <= seconds:
            return Guide(tuple(kept), seconds - _whole(kept), _cautions(steps, kept, seconds))
    few = [step for step in steps if step.kind not in DROPPED]
    parts = sum(len(step.speakers) if step.is_round else 1 for step in few)
    last = [replace(step, seconds=min(step.seconds, seconds // parts)) for step in few]
    return Guide(tuple(last), seconds - _whole(last), _cautions(steps, last, seconds))


def next_to_go(steps: Sequence[Step]) -> Kind | None:
    """Return which of these steps is left out first where turns run over; None where each stays to the last."""
    kinds = {step.kind for step in steps}
    return next((kind for kind in DROPPED if kind in kinds), None)


def _whole(steps: Sequence[Step]) -> int:
    return sum(step.whole for step in steps)


def _shortened(steps: Sequence[Step], seconds: int, *, turns_too: bool) -> list[Step]:
    """Return the steps with less of what can be had less of, as far as it is needed."""
    found = list(steps)
    for kind, least in LEAST.items():
        over = max(_whole(found) - seconds, 0)
        found = [
            replace(step, seconds=max(step.seconds - over, min(step.seconds, least))) if step.kind is kind else step
            for step in found
        ]
    over = _whole(found) - seconds
    turns = sum(step.whole for step in found if step.is_round)
    if not turns_too or over <= 0 or over >= turns:
        return found
    return [
        replace(step, seconds=_less(step.seconds, turns - over, turns)) if step.is_round else step for step in found
    ]


def _less(turn: int, part: int, whole: int) -> int:
    return max(turn * part // whole // GRAIN * GRAIN, turn // 2, LEAST_TURN)


def _cautions(before: Sequence[Step], after: Sequence[Step], seconds: int) -> tuple[Caution, ...]:
    was = {step.kind: step.seconds for step in before}
    now = {step.kind: step.seconds for step in after}
    gone = was.keys() - now.keys()
    rounds = [step.kind for step in after if step.is_round]
    found = {
        Caution.TIGHT: seconds - _whole(after) < TIGHT,
        Caution.OPEN_SHORTENED: Kind.OPEN_QUESTIONS in now and now[Kind.OPEN_QUESTIONS] < was[Kind.OPEN_QUESTIONS],
        Caution.SHIFT_DROPPED: Kind.SHIFT in gone,
        Caution.TURNS_SHORTENED: any(now[kind] < was[kind] for kind in rounds),
        Caution.STEPS_DROPPED: bool(gone - {Kind.SHIFT}),
    }
    return tuple(caution for caution, holds in found.items() if holds)
