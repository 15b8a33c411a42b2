"""How even a run's cohorts are, in one sentence: the mean of its people hides the weakest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from matching.models import MatchRun

ENOUGH_FOR_TENTHS: Final = 20
"""With fewer cohorts the weakest tenth is the weakest one, or two."""


@dataclass(frozen=True, slots=True)
class Described:
    """A proposed cohort of which it is known why it is as it is."""

    number: int
    quality: float
    explanation: dict[str, Any]

    @property
    def people(self) -> int:
        return len(self.explanation["new_faces"])


def described(run: MatchRun) -> tuple[Described, ...]:
    """Return the proposals of a run that have reasons. Costs a query."""
    rows = run.proposals.order_by("number").values_list("number", "quality", "explanation")
    return tuple(Described(*row) for row in rows if row[2])


def evenness_of(cohorts: Sequence[Described]) -> str:
    """Return the mean of the people, the weakest cohort and, of many, where the weakest tenth ends.

    In points of a hundred. Nothing for fewer than two cohorts.
    """
    if len(cohorts) <= 1:
        return ""
    mean = sum(one.people * one.quality for one in cohorts) / sum(one.people for one in cohorts)
    by_quality = sorted(cohorts, key=lambda one: (one.quality, one.number))
    words = {
        "mean": _points(mean),
        "number": by_quality[0].number,
        "least": _points(by_quality[0].quality),
        "tenth": _points(by_quality[(len(cohorts) - 1) // 10].quality),
    }
    if len(cohorts) < ENOUGH_FOR_TENTHS:
        return (
            _("Of 100 points the cohorts have %(mean)s on average; the weakest, cohort %(number)s, has %(least)s.")
            % words
        )
    return (
        _(
            "Of 100 points the cohorts have %(mean)s on average; one in ten has %(tenth)s or less, and the weakest,"
            " cohort %(number)s, %(least)s."
        )
        % words
    )


def _points(quality: float) -> str:
    return f"{100 * quality:.1f}"
