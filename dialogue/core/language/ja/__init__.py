"""Every Japanese rule, in the order in which they are asked: the plainest first."""

from typing import Final

from dialogue.core.language.ja import (
    blunt,
    duties,
    hints,
    hopes,
    judgements,
    lessons,
    norms,
    options,
    orders,
    questions,
    verdicts,
    warnings,
)
from dialogue.core.language.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *orders.DIRECTIVES,
    *orders.BARE_ORDERS,
    *duties.COMPARISONS,
    *duties.OBLIGATIONS,
    *norms.NORMS,
    *warnings.WARNINGS,
    *options.OPTIONS,
    *options.SUGGESTIONS,
    *hopes.HOPES,
    *hopes.IN_YOUR_PLACE,
    *judgements.JUDGEMENTS,
    *questions.QUESTIONS,
    *lessons.LESSONS,
    *lessons.RECOMMENDATIONS,
    *blunt.BLUNT,
    *verdicts.CUSTOMS,
    *verdicts.VERDICTS,
    *verdicts.PROBES,
    *hints.HINTS,
    *hints.WAYS,
)
