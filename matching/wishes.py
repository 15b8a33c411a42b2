"""What a coordinator wishes of one run beyond the rules of the term, and what that is to the engine."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from matching.engine import Options, Weights
from matching.engine.company import Part

HOURS_COUNT: Final = 1.0
"""A cohort more has to be worth as much as one person in perfect company: then a facilitator's hours are well spent."""
ALONE_COUNTS: Final = 0.25
"""Being the only one costs as much as a soft rule about a pair (`docs/engine.md`)."""


class Respect(StrEnum):
    """A respect in which nobody should be the only one of a cohort."""

    PARTNER = "partner"
    AFFILIATION = "affiliation"
    FIELD = "field"
    ZONE = "zone"
    DECADE = "decade"
    LANGUAGES = "languages"
    FIRST_TIME = "first_time"
    YOUNG = "young"


class Stress(StrEnum):
    """How much a part of the quality counts beside what it usually does."""

    NONE = "none"
    LESS = "less"
    USUAL = "usual"
    MORE = "more"


FACTORS: Final[Mapping[Stress, float]] = {Stress.NONE: 0.0, Stress.LESS: 0.5, Stress.USUAL: 1.0, Stress.MORE: 2.0}
AS_USUAL: Final[Mapping[Part, Stress]] = dict.fromkeys(Part, Stress.USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Wishes of one run. None of them costs anybody a place but `common_windows`, which is a rule.

    `form_size`: no more cohorts than this many people in each need; None: as many as serve the company.
    `common_windows`: how many times a cohort has in common, so that a session can move; half an hour later is another.
    `steady`: cohorts that can go on, with one other moved at most, when somebody leaves.
    `stress`: how much each part of the quality counts in looking for company; what is told of it stays the same.

    Raises:
        ValueError: no part of the quality counts at all.
    """

    form_size: int | None = 5
    fair: bool = True
    common_windows: int = 1
    spare_facilitators: bool = False
    steady: bool = False
    not_alone: tuple[Respect, ...] = ()
    stress: Mapping[Part, Stress] = field(default_factory=lambda: AS_USUAL, hash=False)

    def __post_init__(self) -> None:
        if not any(FACTORS[stress] for stress in self.stress.values()):
            raise ValueError("One part of the quality counts at least.")

    def options(self) -> Options:
        """Return what the engine is asked for."""
        return Options(
            form_size=self.form_size,
            fair=self.fair,
            steady=self.steady,
            cohort_cost=HOURS_COUNT if self.spare_facilitators else 0.0,
            alone_cost=ALONE_COUNTS if self.not_alone else 0.0,
            weights=self._weights(),
        )

    def _weights(self) -> Weights:
        """Return the weights of the parts. They add up to as much as usual: fairness and costs keep their meaning."""
        usual = Weights()
        if self.stress == AS_USUAL:
            return usual
        stressed = {part: getattr(usual, part.value) * FACTORS[self.stress[part]] for part in Part}
        total = sum(stressed.values())
        return Weights(**{part.value: weight / total for part, weight in stressed.items()})

    def as_row(self) -> dict[str, Any]:
        """Return the wishes in plain values that a row keeps."""
        return {
            **asdict(self),
            "not_alone": [respect.value for respect in self.not_alone],
            "stress": {part.value: stress.value for part, stress in self.stress.items()},
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Wishes":
        """Return the wishes that a row keeps; those it does not name are as usual.

        Rows from before several respects could be named hold one, or an empty text.
        """
        alone = row.get("not_alone") or []
        stress = {**AS_USUAL, **{Part(part): Stress(how) for part, how in row.get("stress", {}).items()}}
        respects = tuple(map(Respect, [alone] if isinstance(alone, str) else alone))
        return cls(**{**row, "not_alone": respects, "stress": stress})
