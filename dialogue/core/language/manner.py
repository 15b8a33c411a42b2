"""A second opinion: how much a sentence is put together like those that advised.

Rules name what they saw; this weighs pieces of the sentence and of what stands before it (runs of characters in
Japanese, of words in English), who is spoken of, and where it stands. What the network hears (`network.py`) is added.
So it finds what no rule met, and lets a rule's finding fall that looks like sharing. The weights come from
`python -m tests.dialogue.language.train_manner`, learned from the hands of many writers; what a rule's finding adds was
learned, and how sure it must be was chosen, on writers that the weights had not seen (`docs/advice.md`).
"""

import math
from collections.abc import Mapping, Set
from typing import Final, Literal

from dialogue.core.language.pieces import ENDINGS, Language, marks, pieces
from dialogue.core.language.weights import weights_of

CODES: Final[Mapping[Language, str]] = {"ja": "ja-manner", "en": "en-manner"}
FRAME: Final = "own_scene"
# The weight from which a sentence advises, in logits: for a line shown to somebody, who is not to be disturbed without
# need, and for a label, which is to find as much as it can while about nine of ten findings are right.
Use = Literal["line", "label"]
ENOUGH: Final[Mapping[Use, Mapping[Language, float]]] = {
    "line": {"ja": 1.4, "en": 1.6},
    "label": {"ja": 1.1, "en": 0.9},
}
HEARD: Final = "!heard"
"""The name under which it is kept how much the network counts."""
DOUBT: Final[Mapping[Language, tuple[float, float]]] = {"ja": (-1.5, 3.0), "en": (-1.5, 3.0)}
"""Weights between which the network is asked: what it hears would turn a verdict outside of them once in a thousand."""
FEW: Final = {"ja": 60, "en": 20}  # pieces that a sentence is thought to have besides its own: short ones say little
_SHORTEST: Final = {"ja": 4, "en": 8}  # characters: what is shorter is a name or a heading
# Few words with nothing before or after them are told by what a rule says of them: talk is full of short orders and of
# words thrown in, and what writers put so shortly is hard on purpose.
_THROWN_IN: Final = {"ja": 24, "en": 0}  # characters
_SURER: Final = 0.5
_SAID_BARELY: Final = {"ja": 30, "en": 60}  # characters
_PLAIN_ANYWHERE: Final = {"ja": 0, "en": 24}  # characters: "You should call her." is plain in any company
_BARE_RULE: Final = {"ja": 2.0, "en": 7.0}
_BARE_ORDER: Final = 6.0
_PLAINEST: Final = frozenset({"ja-better"})  # 「休んだほうがいいですよ」 is plain in any company, too
_ORDERS: Final = frozenset(
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


def weight_of(sentence: str, *, earlier: str, last: bool, rule: str | None, language: Language) -> float:
    """Return how much a sentence (quotations hidden) advises by its manner and the rule it met, in logits.

    A name or a heading does not, whatever its manner.
    """
    if rule is None and len(sentence.strip(ENDINGS)) < _SHORTEST[language]:
        return -math.inf
    return (
        manner_of(sentence, earlier=earlier, last=last, language=language)
        + (weights_of(language).of([name_of(rule)]) if rule else 0.0)
        + added_to_few(rule, sentence, alone=last and not earlier, language=language)
    )


def leaves_doubt(weight: float, language: Language) -> bool:
    """Return whether what the network hears may still turn the verdict on a sentence."""
    least, most = DOUBT[language]
    return least <= weight <= most


def share_of_heard(language: Language) -> float:
    """Return how much each logit of the network counts."""
    return weights_of(language).of([HEARD])


def added_to_few(rule: str | None, sentence: str, *, alone: bool, language: Language) -> float:
    """Return what few words gain by the rule they met, or lose for standing alone without having met one, in logits."""
    size = len(sentence.strip(ENDINGS))
    if rule is None:
        return -_SURER if alone and size < _THROWN_IN[language] else 0.0
    if size >= (_SAID_BARELY if alone or rule in _PLAINEST else _PLAIN_ANYWHERE)[language]:
        return 0.0
    return _BARE_ORDER if rule in _ORDERS else _BARE_RULE[language]


def name_of(rule: str) -> str:
    """Return the name under which the weight of a rule is kept."""
    return f"!{rule}"


def share_of(named: Set[str], language: Language) -> float:
    """Return how much each of the pieces of one kind counts: the more there are, the less; of few, less still."""
    return 1 / math.sqrt(len(named) + FEW[language])


def manner_of(sentence: str, *, earlier: str, last: bool, language: Language) -> float:
    """Return how much the sentence is put together as advice is, in logits: nought is as likely as not."""
    weights = weights_of(language)
    found = (named for named in pieces(sentence, earlier, language) if named)
    score = sum(share_of(named, language) * weights.of(named) for named in found)
    return weights.start + score + weights.of(marks(sentence, earlier, last, language))
