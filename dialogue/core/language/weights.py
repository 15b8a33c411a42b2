"""The weights of pieces, kept small: a number for each name of a piece, found by halving.

A file `manner_<language>.txt` holds one weight a line and, after tabs, the names that have it. In memory a name is its
32-bit checksum, so 60,000 weights take a third of a megabyte; a name that was never learned weighs nothing.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from zlib import crc32

STEP: Final = 0.05  # weights are rounded to it
START: Final = "start"
_NAMES_A_LINE: Final = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """What every sentence starts with, and the weight of each name: steps, beside the checksums in their order."""

    start: float
    checksums: "array[int]"
    steps: "array[int]"

    def of(self, names: Iterable[str]) -> float:
        """Return the sum of the weights of these names."""
        checksums, steps, last, found = self.checksums, self.steps, len(self.checksums), 0
        for name in names:
            checksum = crc32(name.encode())
            at = bisect_left(checksums, checksum)
            if at < last and checksums[at] == checksum:
                found += steps[at]
        return STEP * found


@cache
def weights_of(language: str) -> Weights:
    """Return the weights of a language, read once."""
    return read((files(__package__) / f"manner_{language}.txt").read_text(encoding="utf-8"))


def read(text: str) -> Weights:
    """Return the weights that a text holds."""
    start, steps_of = 0.0, {}
    for line in text.split("\n"):
        weight, *names = line.split("\t")
        if names == [START]:
            start = float(weight)
            continue
        for name in names:
            steps_of[crc32(name.encode())] = round(float(weight) / STEP)
    order = sorted(steps_of)
    return Weights(start, array("I", order), array("h", (steps_of[one] for one in order)))


def written(start: float, weights: Mapping[str, float]) -> str:
    """Return the text that `read` reads, without weights of nought and names that hold a tab or a line's end."""
    names_of: dict[int, list[str]] = {}
    for name, weight in sorted(weights.items()):
        if (step := round(weight / STEP)) and not set("\t\r\n") & set(name):
            names_of.setdefault(step, []).append(name)
    lines = [f"{start:.3f}\t{START}"]
    for step, names in sorted(names_of.items()):
        for at in range(0, len(names), _NAMES_A_LINE):
            lines.append("\t".join([f"{step * STEP:.2f}", *names[at : at + _NAMES_A_LINE]]))
    return "\n".join(lines) + "\n"
