"""A second opinion: how much a sentence is put together like those that advised. Pieces of it, and their weights.

Rules name what they saw; this weighs pieces of the sentence (runs of characters in Japanese, of words in English), who
is spoken of in it and before it, and where it stands. It finds what no rule met, and lets a rule's finding fall that
looks like sharing. The weights come from `python -m tests.dialogue.language.train_manner`, learned from the hands of
several writers; how sure it must be was chosen on writers who were not learned from (`docs/advice.md`).
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Final, Literal

Language = Literal["ja", "en"]

CODES: Final[Mapping[Language, str]] = {"ja": "ja-manner", "en": "en-manner"}
FRAME: Final = "own_scene"
RULE_COUNTS: Final = 3.5  # what a rule's finding adds to the weight, in logits
ENOUGH: Final[Mapping[Language, float]] = {"ja": 2.0, "en": 1.1}  # the weight from which a sentence advises, in logits
MARKS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ja": ("SELF", "LISTENER", "PEOPLE", "THIRD", "MEETING", "COURTESY", "DEFICIT", "PRESSED"),
    "en": ("SELF", "LISTENER", "THIRD", "PAST", "TOLD", "REFLECTED", "MEETING", "GOOD_WISH"),
}
_SHORTEST: Final = {"ja": 4, "en": 8}  # characters: what is shorter is a name or a heading
_LONGEST_RUN: Final = {"ja": 4, "en": 3}
_LENGTH_STEP: Final = {"ja": 12, "en": 30}
_ENDINGS: Final = "。．.！!？?…〜ー♪☆ \n」』\"')"
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[,;:_＿]")


def advises(sentence: str, *, earlier: str, last: bool, by_rule: bool, language: Language) -> bool:
    """Return whether a sentence (quotations hidden) advises, a rule's finding and its manner taken together."""
    if not by_rule and len(sentence.strip(_ENDINGS)) < _SHORTEST[language]:
        return False
    weight = manner_of(sentence, earlier=earlier, last=last, language=language)
    return weight + RULE_COUNTS * by_rule >= ENOUGH[language]


def manner_of(sentence: str, *, earlier: str, last: bool, language: Language) -> float:
    """Return how much the sentence is put together as advice is, in logits: nought is as likely as not."""
    weights = _weights(language)
    found = pieces(sentence, language)
    score = sum(weights.get(piece, 0.0) for piece in found) / math.sqrt(len(found))
    return weights[""] + score + sum(weights.get(mark, 0.0) for mark in marks(sentence, earlier, last, language))


def pieces(sentence: str, language: Language) -> set[str]:
    """Return the runs of characters (ja) or of words (en), with the beginning, the end and a question mark marked."""
    asked = "?" if sentence.rstrip(" \n」』。\"')").endswith("?") else ""
    if language == "ja":
        written: str | list[str] = f"^{sentence.strip(_ENDINGS)}${asked}"
        between = ""
    else:
        written, between = ["^", *_WORD.findall(sentence.lower()), f"${asked}"], " "
    runs = range(1, _LONGEST_RUN[language] + 1)
    return {between.join(written[at : at + run]) for run in runs for at in range(len(written) - run + 1)}


def marks(sentence: str, earlier: str, last: bool, language: Language) -> Iterator[str]:
    """Yield what is seen of the sentence as a whole: who is spoken of, what was said before, its length and place."""
    scope = import_module(f"{__package__}.{language}.scope")
    for name in MARKS[language]:
        if getattr(scope, name).search(sentence):
            yield f"#{name}"
    for name in ("SELF", "LISTENER"):
        if getattr(scope, name).search(earlier):
            yield f"#earlier {name}"
    if "＿" in sentence:
        yield "#quotes"
    if earlier:
        yield "#goes on"
    if not last:
        yield "#goes on after"
    yield f"#length {min(6, len(sentence) // _LENGTH_STEP[language])}"


@cache
def _weights(language: Language) -> Mapping[str, float]:
    """Return the weight of each piece and mark; that of the empty piece is what every sentence starts with."""
    text = (files(__package__) / f"manner_{language}.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    return weights
