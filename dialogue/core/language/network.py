"""A third opinion: a small convolutional network that hears each sentence of a text with what stands around it.

Runs of characters (Japanese) or words (English) are told by their likeness here, not by their letters: each token has
a vector, filters over one to four of them look for what they were taught to look for, and what they find in the
sentence, before it and after it is weighed (after Kim, *Convolutional Neural Networks for Sentence Classification*,
EMNLP 2014). It was taught by `python -m tests.dialogue.language.train_manner`; a text takes about a millisecond.

numpy is loaded with it, so whoever only needs the rules does not import this module.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dialogue.core.language.pieces import Language

Floats = NDArray[np.float32]

BEGINNING, BOUNDARY = "^", "|"
NEAR: Final = 80  # tokens before and after a sentence that are heard with it
LONGEST: Final = 100  # tokens of one sentence: its end says most
_UNKNOWN: Final = 1  # the row of a token that was never learned; row 0 is silence
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[^\sa-z\d]")


@dataclass(frozen=True, slots=True)
class Layer:
    """Filters over `width` neighbours: a table of (width x inputs, outputs), and what each output starts with."""

    width: int
    weights: Floats
    start: Floats

    def over(self, row: Floats) -> Floats:
        """Return what each filter finds at each place of a row of vectors, nought at least; around it is silence."""
        before = (self.width - 1) // 2
        padded = np.pad(row, ((before, self.width - 1 - before), (0, 0)))
        side_by_side = np.hstack([padded[at : at + len(row)] for at in range(self.width)])
        found: Floats = np.maximum(side_by_side @ self.weights + self.start, 0)
        return found


@dataclass(frozen=True, slots=True)
class Network:
    """What is known of each token, the filters over tokens, two layers over those, and what each finding weighs."""

    rows: Mapping[str, int]
    vectors: Floats
    filters: tuple[Layer, ...]
    deeper: tuple[Layer, ...]
    weights: Floats
    start: float

    def heard(self, sentences: Sequence[str], language: Language) -> list[float]:
        """Return how much each sentence of a text advises, in logits."""
        tokens, spans = tokens_of(sentences, language)
        row = self.vectors[[self.rows.get(token, _UNKNOWN) for token in tokens]]
        found = np.hstack([layer.over(row) for layer in self.filters])
        deep = found
        for layer in self.deeper:
            deep = layer.over(deep)
        found = np.hstack([found, deep])
        nothing = np.zeros((1, found.shape[1]), dtype=np.float32)

        def most(begin: int, end: int) -> Floats:
            highest: Floats = np.vstack([nothing, found[begin:end]]).max(axis=0)
            return highest

        return [
            self.start
            + float(
                np.hstack([most(begin, end), most(max(1, begin - NEAR), begin), most(end, end + NEAR)]) @ self.weights
            )
            for begin, end in spans
        ]


def tokens_of(sentences: Sequence[str], language: Language) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the tokens of a text, and where each sentence begins and ends among them, its boundary included."""
    tokens, spans = [BEGINNING], []
    for sentence in sentences:
        begin = len(tokens)
        tokens += [*(list(sentence) if language == "ja" else _WORD.findall(sentence.lower()))[-LONGEST:], BOUNDARY]
        spans.append((begin, len(tokens)))
    return tokens, spans


@cache
def network_of(language: Language) -> Network:
    """Return the network of a language, read once."""
    with as_file(files(__package__) / f"network_{language}.npz") as path, np.load(path) as kept:
        return from_arrays(kept)


def from_arrays(kept: Mapping[str, NDArray[np.generic]]) -> Network:
    """Return the network that arrays by name describe, as `tests.dialogue.language.network_training` writes them."""

    def layer(name: str) -> Layer:
        weights, start = kept[f"{name} weights"].astype(np.float32), kept[f"{name} start"].astype(np.float32)
        return Layer(int(kept[f"{name} width"]), weights, start)

    rows = {str(token): row for row, token in enumerate(kept["tokens"], start=_UNKNOWN + 1)}
    return Network(
        rows,
        kept["vectors"].astype(np.float32),
        tuple(layer(name) for name in sorted(_names(kept, "filter"))),
        tuple(layer(name) for name in sorted(_names(kept, "deeper"))),
        kept["weights"].astype(np.float32),
        float(kept["start"]),
    )


def _names(kept: Mapping[str, object], kind: str) -> set[str]:
    """Return the names of the layers of one kind."""
    return {name.rsplit(" ", 1)[0] for name in kept if name.startswith(kind)}
