"""How far it is proven that a run places as many as can be placed, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from matching.engine.solution import BoundMethod
from matching.models import MatchRun

_COMPETE: Final = gettext_lazy(
    "Proof: all possible cohorts were weighed against each other, and no choice of them holds more people."
)
_HOW: Final[dict[str, Promise]] = {
    BoundMethod.REACHABLE.value: gettext_lazy(
        "Proof: for nobody who waits is there any cohort that would keep the rules, whoever else were in it."
    ),
    BoundMethod.CAPACITY.value: gettext_lazy(
        "Proof: as many as the facilitators' times and cohorts and the numbers of each generation allow have a place."
    ),
    BoundMethod.RELAXATION.value: _COMPETE,
    BoundMethod.PACKING.value: _COMPETE,
}


def proof_of(run: MatchRun) -> str:
    """Return how it is proven that no more can be placed, or how many more might be; nothing where that is not known.

    A plan that keeps a part of an earlier one is proven beside what it keeps, which no sentence here speaks of.
    """
    if run.upper_bound is None or run.keeps:
        return ""
    if run.proven:
        return str(_HOW.get(run.bound_method, ""))
    more = run.upper_bound - run.placed
    return ngettext(
        "It is proven that no plan places more than %(count)s person in addition.",
        "It is proven that no plan places more than %(count)s people in addition.",
        more,
    ) % {"count": more}
