"""A third opinion: a small transformer that reads each sentence of a text together with what stands around it.

It tells likeness of meaning where no letters are shared. Its vectors and its four layers are the first of
multilingual-e5-small (Wang et al., arXiv 2402.05672; MIT licence, `LICENSES.md` beside the weights), which has read a
great deal of both languages; `python -m tests.dialogue.language.train_manner` taught them what advice is. A text takes
some milliseconds, so it is asked only where rules and pieces leave doubt.

numpy is loaded with it, so whoever only needs the rules does not import this module.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Span = tuple[int, int]

BEGINNING, END, UNKNOWN = 1, 2, 3  # rows of vectors; row 0 is silence
FIRST_PIECE: Final = 4
SPACE: Final = "▁"
LONGEST: Final = 100  # pieces of one sentence: its end says most
TOGETHER: Final = 160  # pieces that are read at once, with beginning and end
_HEADS: Final = 12
_NEVER: Final = -1e30
_UNLIKELY: Final = 10.0  # how much less likely than any piece an unknown character is, in logarithms
_EPSILON: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of words with their rows and how likely each is (logarithms): a unigram model (Kudo, ACL 2018)."""

    rows: Mapping[str, int]
    likely: Sequence[float]
    longest: int

    @classmethod
    def of(cls, names: Sequence[str], likely: Sequence[float]) -> "Pieces":
        return cls({name: at for at, name in enumerate(names, FIRST_PIECE)}, likely, max(map(len, names), default=1))

    def cut(self, sentence: str) -> list[int]:
        """Return the rows of the likeliest pieces that make up a sentence."""
        text = SPACE + SPACE.join(unicodedata.normalize("NFKC", sentence).split())
        best, back = [0.0] + [_NEVER] * len(text), [(0, UNKNOWN)] * (len(text) + 1)
        unknown = min(self.likely, default=0.0) - _UNLIKELY
        for begin in range(len(text)):
            here = best[begin]
            for end in range(begin + 1, min(len(text), begin + self.longest) + 1):
                row = self.rows.get(text[begin:end])
                if row is not None and here + self.likely[row - FIRST_PIECE] > best[end]:
                    best[end], back[end] = here + self.likely[row - FIRST_PIECE], (begin, row)
            if here + unknown > best[begin + 1]:
                best[begin + 1], back[begin + 1] = here + unknown, (begin, UNKNOWN)
        found, at = [], len(text)
        while at:
            at, row = back[at]
            found.append(row)
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Linear:
    """A table of (inputs, outputs) and what each output starts with."""

    table: Floats
    start: Floats

    def of(self, rows: Floats) -> Floats:
        found: Floats = rows @ self.table + self.start
        return found


@dataclass(frozen=True, slots=True)
class Norm:
    """Each row brought to mean nought and length one, then scaled and moved (Ba et al., 2016)."""

    scale: Floats
    start: Floats

    def of(self, rows: Floats) -> Floats:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + _EPSILON)
        found: Floats = centred / spread * self.scale + self.start
        return found


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: every piece looks at all (Vaswani et al., 2017), then each is thought over by itself."""

    looking: Linear
    looked: Linear
    after_looking: Norm
    wide: Linear
    narrow: Linear
    after_thinking: Norm

    def of(self, rows: Floats) -> Floats:
        pieces, size = rows.shape
        heads = self.looking.of(rows).reshape(pieces, 3, _HEADS, size // _HEADS).transpose(1, 2, 0, 3)
        asked, offered, told = np.ascontiguousarray(heads)
        likeness = asked @ offered.transpose(0, 2, 1) / np.float32(np.sqrt(size // _HEADS))
        attention = np.exp(likeness - likeness.max(axis=2, keepdims=True))
        attention /= attention.sum(axis=2, keepdims=True)
        seen = (attention @ told).transpose(1, 0, 2).reshape(pieces, size)
        rows = self.after_looking.of(rows + self.looked.of(seen))
        return self.after_thinking.of(rows + self.narrow.of(_gelu(self.wide.of(rows))))


@dataclass(frozen=True, slots=True)
class Network:
    """The pieces, a vector of each and of each place, the layers, and what is weighed of a sentence in the end."""

    pieces: Pieces
    vectors: NDArray[np.int8]
    scales: Floats
    places: Floats
    at_first: Norm
    layers: Sequence[Layer]
    last: Linear

    def heard(self, sentences: Sequence[str]) -> list[float]:
        """Return how much each sentence of a text advises, in logits."""
        cut = [self.pieces.cut(sentence)[-LONGEST:] for sentence in sentences]
        return [logit for some, spans in windows(cut) for logit in self._of_window(some, spans)]

    def _of_window(self, rows: Sequence[int], spans: Sequence[Span]) -> Iterator[float]:
        vectors = self.vectors[list(rows)].astype(np.float32) * self.scales[list(rows), None]
        found = self.at_first.of(vectors + self.places[: len(rows)])
        for layer in self.layers:
            found = layer.of(found)
        for begin, end in spans:
            inside = found[begin:end]
            pooled = np.hstack([inside.mean(axis=0), inside.max(axis=0)])
            yield float(self.last.of(pooled[None, :])[0, 0])


def windows(cut: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], list[Span]]]:
    """Yield what is read at once: rows of as many sentences as have room, and where those stand that are asked about.

    Where a text is too long for one window, the next begins with the sentence before it, for its company.
    """
    at = 0
    while at < len(cut):
        rows: list[int] = [BEGINNING]
        spans: list[Span] = []
        if at and 2 + len(cut[at - 1]) + len(cut[at]) <= TOGETHER:
            rows += cut[at - 1]
        while at < len(cut) and (not spans or len(rows) + len(cut[at]) < TOGETHER):
            spans.append((len(rows), len(rows) + len(cut[at])))
            rows += cut[at]
            at += 1
        yield [*rows, END], spans


def _gelu(rows: Floats) -> Floats:
    """Return rows bent at nought (Hendrycks and Gimpel, 2016; the approximation by tanh)."""
    bent: Floats = 0.5 * rows * (1 + np.tanh(np.float32(0.7978846) * rows * (1 + np.float32(0.044715) * rows * rows)))
    return bent


@cache
def the_network() -> Network:
    """Return the network of both languages, read once."""
    with as_file(files(__package__) / "network.npz") as path, np.load(path) as kept:
        return from_arrays(kept)


def from_arrays(kept: Mapping[str, NDArray[np.generic]]) -> Network:
    """Return the network that arrays by name describe, as `tests.dialogue.language.network_training` writes them.

    Tables are kept as whole numbers from -127 to 127, with a scale for each output (of vectors, for each piece).
    """

    def floats(name: str) -> Floats:
        return kept[name].astype(np.float32)

    def linear(name: str) -> Linear:
        # row by row in memory, which the few rows of a sentence are multiplied with a third faster
        table = np.ascontiguousarray(floats(f"{name} table") * floats(f"{name} scale"))
        return Linear(table, floats(f"{name} start"))

    def norm(name: str) -> Norm:
        return Norm(floats(f"{name} scale"), floats(f"{name} start"))

    layers = sum(name.endswith("looking table") for name in kept)
    return Network(
        Pieces.of([str(name) for name in kept["pieces"]], [float(one) for one in kept["likely"]]),
        kept["vectors"].astype(np.int8),
        floats("vectors scale"),
        floats("places"),
        norm("at first"),
        tuple(
            Layer(
                linear(f"{at} looking"),
                linear(f"{at} looked"),
                norm(f"{at} after looking"),
                linear(f"{at} wide"),
                linear(f"{at} narrow"),
                norm(f"{at} after thinking"),
            )
            for at in range(layers)
        ),
        linear("last"),
    )
