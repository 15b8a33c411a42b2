"""The parts of a cohort's quality as points of a hundred that add up, whatever is rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matching.engine.company import Part
from matching.engine.score import AFFINITY_WEIGHT, BALANCE_WEIGHT, DIVERSITY_WEIGHT, ROBUST_WEIGHT

TENTHS: Final = 1000
"""Quality 1 in tenths of a point."""
MOST: Final[Mapping[Part, float]] = {
    Part.AFFINITY: AFFINITY_WEIGHT,
    Part.ROBUST: ROBUST_WEIGHT,
    Part.BALANCE: BALANCE_WEIGHT,
    Part.DIVERSITY: DIVERSITY_WEIGHT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPoints:
    """What a part brings in, and how much it could at most; points of a hundred."""

    part: Part
    points: float
    most: int


def points_of(parts: Mapping[Part, float], *, quality: float) -> tuple[PartPoints, ...]:
    """Return each part in points with one decimal; together they are the quality so rounded (largest remainders)."""
    exact = {part: TENTHS * value for part, value in parts.items()}
    whole = {part: int(value) for part, value in exact.items()}
    over = round(TENTHS * quality) - sum(whole.values())
    by_rest = sorted(exact, key=lambda part: (whole[part] - exact[part], list(Part).index(part)))
    for part in by_rest[:over] if over >= 0 else by_rest[over:]:
        whole[part] += 1 if over >= 0 else -1
    return tuple(
        PartPoints(part=part, points=tenths / 10, most=round(100 * MOST[part])) for part, tenths in whole.items()
    )
