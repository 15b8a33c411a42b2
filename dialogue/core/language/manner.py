"""A second opinion on Japanese: does a sentence sound like those that advised? Character n-grams and their weights.

Rules name what they saw; this only weighs how a sentence is put together, so it is asked after them, and never about a
sentence that speaks of the speaker, serves the meeting or is a courtesy. First looks at unseen sentences showed that it
finds what rules miss (`docs/advice.md`). The weights come from `python -m tests.dialogue.language.train_manner`.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from dialogue.core.language.ja.scope import COURTESY, LISTENER, MEETING, SELF

CODE: Final = "ja-manner"
FRAME: Final = "own_scene"
ENOUGH: Final = 0.85
SHORTEST: Final = 8  # characters: what is shorter is a name or a heading
_LENGTHS: Final = (2, 3, 4)
_ENDINGS: Final = "。！!？?…〜ー♪☆ \n」』"


def sounds_like_advice(sentence: str) -> bool:
    """Return whether a Japanese sentence (quotations hidden) is put together as advice is."""
    if len(sentence.strip(_ENDINGS)) < SHORTEST or MEETING.search(sentence) or COURTESY.search(sentence):
        return False
    if SELF.search(sentence) and not LISTENER.search(sentence):
        return False
    return likelihood(sentence) > ENOUGH


def likelihood(sentence: str) -> float:
    """Return how likely the sentence advises, from 0 to 1."""
    known = [weight for weight in map(_weights().get, pieces(sentence)) if weight is not None]
    score = _weights()[""] + sum(known) / math.sqrt(max(len(known), 1))
    return 1 / (1 + math.exp(-score))


def pieces(sentence: str) -> set[str]:
    """Return the runs of two to four characters of a sentence, its beginning, its end and a question mark marked."""
    asked = "?" if sentence.rstrip(" \n」』。").endswith(("?", "？")) else ""
    written = f"^{sentence.strip(_ENDINGS)}${asked}"
    return {written[at : at + length] for length in _LENGTHS for at in range(len(written) - length + 1)}


@cache
def _weights() -> Mapping[str, float]:
    """Return the weight of each piece; that of the empty piece is what every sentence starts with."""
    weights: dict[str, float] = json.loads((files(__package__) / "manner.json").read_text(encoding="utf-8"))
    return weights
