"""Texts as vectors, whose cosine tells how much they are alike: what an optional package has to offer."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Vector = Mapping[int, float]


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    least: float
    """Below this cosine two texts are strangers."""
    trust: float
    """What a cosine of one adds to the likelihood of a topic, in logits."""

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return one vector for each text, empty for a text that says nothing."""
        ...

    def __hash__(self) -> int:
        """What is made of an embedder once is kept for it."""
        ...


def cosine(one: Vector, other: Vector) -> float:
    """Return how much two vectors of length one point the same way, from -1 to 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(value * large.get(place, 0.0) for place, value in small.items())
