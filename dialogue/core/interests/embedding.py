"""Texts as vectors, whose cosine tells how much they are alike: one small interface, and the plain way to do it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol
from zlib import crc32

from dialogue.core.interests.phrases import plain, stems_of

Vector = Mapping[int, float]

_PLACES: Final = 1 << 20
_SIZES: Final = (2, 3)


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    least: float
    """Below this cosine two texts are strangers."""
    trust: float
    """What a cosine of one is worth beside a name of the topic that stands in the text."""

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector for each text, empty for a text that says nothing."""
        ...

    def __hash__(self) -> int:
        """What is made of an embedder once is kept for it."""
        ...


class CharacterRuns:
    """Runs of two and three characters and the stems of English words, each hashed to a place. Needs no package."""

    least: float = 0.12
    trust: float = 1.0

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        return [of_length_one(Counter(_place(run) for run in _runs(text))) for text in texts]


def of_length_one(counts: Mapping[int, float]) -> Vector:
    """Return a vector with its length made one. What is there often counts less than as often."""
    damped = {place: math.sqrt(count) for place, count in counts.items()}
    length = math.sqrt(sum(value * value for value in damped.values()))
    return {place: value / length for place, value in damped.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """Return how much two vectors of length one point the same way, from -1 to 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(value * large.get(place, 0.0) for place, value in small.items())


def _runs(text: str) -> Iterator[str]:
    yield from (f" {stem} " for stem in stems_of(text))
    for stretch in "".join(char if _is_japanese(char) else " " for char in plain(text)).split():
        for size in _SIZES:
            yield from (stretch[at : at + size] for at in range(len(stretch) - size + 1))


def _is_japanese(char: str) -> bool:
    return "ァ" <= char <= "ー" or char >= "㐀"


def _place(run: str) -> int:
    return crc32(run.encode()) % _PLACES
