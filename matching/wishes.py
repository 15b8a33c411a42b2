"""What a coordinator wishes of one run beyond the rules of the term, and what that is to the engine."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from matching.engine import Options

HOURS_COUNT: Final = 1.0
"""A cohort more has to be worth as much as one person in perfect company: then a facilitator's hours are well spent."""
ALONE_COUNTS: Final = 0.25
"""Being the only one costs as much as a soft rule about a pair (`docs/engine.md`)."""


class Respect(StrEnum):
    """A respect in which nobody should be the only one of a cohort."""

    NONE = ""
    PARTNER = "partner"
    FIELD = "field"
    ZONE = "zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Wishes of one run. None of them costs anybody a place but `common_windows`, which is a rule.

    `form_size`: no more cohorts than this many people in each need; None: as many as serve the company.
    `common_windows`: how many times that do not overlap a cohort has in common, so that a session can move.
    """

    form_size: int | None = 5
    fair: bool = True
    common_windows: int = 1
    spare_facilitators: bool = False
    not_alone: Respect = Respect.NONE

    def options(self) -> Options:
        """Return what the engine is asked for."""
        return Options(
            form_size=self.form_size,
            fair=self.fair,
            cohort_cost=HOURS_COUNT if self.spare_facilitators else 0.0,
            alone_cost=ALONE_COUNTS if self.not_alone else 0.0,
        )

    def as_row(self) -> dict[str, Any]:
        """Return the wishes in plain values that a row keeps."""
        return asdict(self)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Wishes":
        """Return the wishes that a row keeps; those it does not name are as usual."""
        return cls(**{**row, "not_alone": Respect(row.get("not_alone", ""))})
