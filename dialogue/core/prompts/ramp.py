"""How deep each session of a series may go: it rises slowly, and the last session is light enough to part on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dialogue.core.prompts.prompt import Depth


@dataclass(frozen=True, slots=True)
class DepthRange:
    """The depths, both included, that a session's second round may have."""

    lightest: int
    deepest: int


def _ramp(*ranges: str) -> tuple[DepthRange, ...]:
    return tuple(DepthRange(int(text[0]), int(text[-1])) for text in ranges)


# The ramps the programme is run with; depth 4 within them waits for the cohort's word.
RAMPS: Final[Mapping[int, tuple[DepthRange, ...]]] = {
    4: _ramp("1-2", "2", "2-3", "2"),
    6: _ramp("1-2", "2", "2-3", "3", "3-4", "2"),
    8: _ramp("1", "2", "2", "2-3", "3", "3-4", "3", "2"),
    12: _ramp("1", "1-2", "2", "2", "2-3", "3", "3", "3-4", "3", "3", "2", "2"),
}


def depth_ramp(*, how_many_sessions: int, deepest: Depth) -> tuple[DepthRange, ...]:
    """Return one depth range per session, none above `deepest`.

    A length without its own ramp samples the next longer one at equal steps (the longest, beyond 12), so it keeps
    that ramp's first and last session and its shape between. At no length may sessions 1 and 2 reach depth 4.

    Raises:
        ValueError: fewer than one session.
    """
    if how_many_sessions < 1:
        raise ValueError(f"{how_many_sessions} sessions are no series")
    pattern = RAMPS[next((length for length in sorted(RAMPS) if length >= how_many_sessions), max(RAMPS))]
    steps = max(how_many_sessions - 1, 1)
    sampled = [pattern[(n * (len(pattern) - 1) * 2 + steps) // (2 * steps)] for n in range(how_many_sessions)]
    return tuple(DepthRange(min(one.lightest, deepest), min(one.deepest, deepest)) for one in sampled)
