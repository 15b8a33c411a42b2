"""Every English rule, in the order in which they are asked: the plainest first."""

from typing import Final

from dialogue.core.language.en import hopes, ideas, judgements, lessons, norms, orders, places
from dialogue.core.language.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *orders.ORDERS,
    *orders.MODALS,
    *ideas.IDEAS,
    *places.PLACES,
    *places.TRUST,
    *norms.NORMS,
    *judgements.JUDGEMENTS,
    *hopes.HOPES,
    *hopes.WARNINGS,
    *lessons.LESSONS,
)
