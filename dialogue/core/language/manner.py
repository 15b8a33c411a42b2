"""A second opinion: how much a sentence is put together like those that advised.

Rules name what they saw; this weighs pieces of the sentence and of what stands before it (runs of characters in
Japanese, of words in English), who is spoken of, and where it stands. It finds what no rule met, and lets a rule's
finding fall that looks like sharing. The weights come from `python -m tests.dialogue.language.train_manner`, learned
from the hands of many writers; how sure it must be, and what a rule's finding adds, were chosen on writers who were not
learned from (`docs/advice.md`).
"""

import math
from collections.abc import Mapping, Set
from typing import Final

from dialogue.core.language.pieces import ENDINGS, Language, marks, pieces
from dialogue.core.language.weights import weights_of

CODES: Final[Mapping[Language, str]] = {"ja": "ja-manner", "en": "en-manner"}
FRAME: Final = "own_scene"
# What a rule's finding adds to the weight, in logits. Plain orders and requests also invite and run a meeting, so the
# weights think little of them; their rules have looked at the company in which they stand.
RULE_COUNTS: Final[Mapping[Language, float]] = {"ja": 3.0, "en": 4.0}
ORDER_COUNTS: Final = 5.0
ORDERS: Final = frozenset(
    f"ja-{name}"
    for name in [
        "please",
        "te",
        "will-you-not",
        "let-us",
        "volitional",
        "imperative",
        "nasai",
        "prohibition",
        "not-allowed",
    ]
)
ENOUGH: Final[Mapping[Language, float]] = {"ja": 2.0, "en": 1.5}  # the weight from which a sentence advises, in logits
FEW: Final = {"ja": 60, "en": 20}  # pieces that a sentence is thought to have besides its own: short ones say little
_SHORTEST: Final = {"ja": 4, "en": 8}  # characters: what is shorter is a name or a heading
# A word thrown in, with nothing before or after it, must be this much surer where no rule met it: talk is full of them.
_THROWN_IN: Final = {"ja": 24, "en": 0}  # characters
_SURER: Final = 1.5


def advises(sentence: str, *, earlier: str, last: bool, rule: str | None, language: Language) -> bool:
    """Return whether a sentence (quotations hidden) advises, the rule that it met and its manner taken together."""
    if rule is None and len(sentence.strip(ENDINGS)) < _SHORTEST[language]:
        return False
    alone = last and not earlier
    return (
        manner_of(sentence, earlier=earlier, last=last, language=language)
        + added_by(rule, sentence, alone=alone, language=language)
        >= ENOUGH[language]
    )


def added_by(rule: str | None, sentence: str, *, alone: bool, language: Language) -> float:
    """Return what the rule that a sentence met adds to its weight, or what it wants for having met none, in logits."""
    if rule is not None:
        return ORDER_COUNTS if rule in ORDERS else RULE_COUNTS[language]
    return -_SURER if alone and len(sentence.strip(ENDINGS)) < _THROWN_IN[language] else 0.0


def share_of(named: Set[str], language: Language) -> float:
    """Return how much each of the pieces of one kind counts: the more there are, the less; of few, less still."""
    return 1 / math.sqrt(len(named) + FEW[language])


def manner_of(sentence: str, *, earlier: str, last: bool, language: Language) -> float:
    """Return how much the sentence is put together as advice is, in logits: nought is as likely as not."""
    weights = weights_of(language)
    found = (named for named in pieces(sentence, earlier, language) if named)
    score = sum(share_of(named, language) * weights.of(named) for named in found)
    return weights.start + score + weights.of(marks(sentence, earlier, last, language))
