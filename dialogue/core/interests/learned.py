"""How likely a text speaks of each topic, as learned from what many hands wrote and labelled.

A logistic regression for each topic over runs of the text: of one to four characters of Japanese, of English words,
their stems and runs of their letters. So it knows words of a field that nobody listed, and those of sentences that
name no field at all. `python -m tests.dialogue.core.interests.train_topics` teaches it and writes
`dialogue/texts/topic_weights.z`. A run is kept as its 32-bit checksum; one that was never learned weighs nothing.
"""

import json
import math
import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

from dialogue.core.interests.phrases import english_words, plain, stems_of

FILE: Final = Path(__file__).parents[2] / "texts" / "topic_weights.z"
STEP: Final = 0.1  # weights are rounded to it
FEW: Final = 8  # runs that a text is thought to have besides its own: short ones say less
_JAPANESE_RUNS: Final = range(1, 5)
_LETTER_RUNS: Final = range(4, 6)
_JAPANESE: Final = re.compile(r"[々〆ぁ-ゖァ-ヺー㐀-䶿一-鿿]+")


@dataclass(frozen=True, slots=True)
class TopicWeights:
    """What each topic starts with, in logits; the checksums of runs in order, and for each its topics and steps.

    Those of the run at a place stand from `begins` of that place to `begins` of the next.
    """

    start: Mapping[str, float]
    checksums: "array[int]"
    begins: "array[int]"
    topics: bytes
    steps: "array[int]"

    def of(self, text: str) -> dict[str, float]:
        """Return how likely a text speaks of each topic, in logits: nought is as likely as not."""
        found = runs(text)
        sums = [0] * len(self.start)
        for run in found:
            checksum = zlib.crc32(run.encode())
            at = bisect_left(self.checksums, checksum)
            if at < len(self.checksums) and self.checksums[at] == checksum:
                for place in range(self.begins[at], self.begins[at + 1]):
                    sums[self.topics[place]] += self.steps[place]
        share = STEP * share_of(found)
        return {key: start + share * total for (key, start), total in zip(self.start.items(), sums, strict=True)}


def runs(text: str) -> Set[str]:
    """Return the runs that are seen of a text. Stretches of Japanese and English words have their ends marked."""
    return {*_of_japanese(plain(text)), *_of_english(english_words(text)), *(f"={one}" for one in stems_of(text))}


def share_of(found: Set[str]) -> float:
    """Return how much each run of a text counts: the more there are, the less."""
    return 1 / math.sqrt(len(found) + FEW)


def _of_japanese(text: str) -> Iterator[str]:
    for stretch in _JAPANESE.findall(text):
        marked = f"^{stretch}$"
        for size in _JAPANESE_RUNS:
            yield from (marked[at : at + size] for at in range(size == 1, len(marked) - size + 1 - (size == 1)))


def _of_english(words: Sequence[str]) -> Iterator[str]:
    yield from (f"{one} {next_one}" for one, next_one in pairwise(words))
    for word in words:
        marked = f"<{word}>"
        yield marked
        for size in _LETTER_RUNS:
            yield from (marked[at : at + size] for at in range(len(marked) - size + 1))


@cache
def topic_weights() -> TopicWeights:
    """Return what was learned, read once: most processes never ask."""
    return read(FILE.read_bytes())


def read(packed: bytes) -> TopicWeights:
    """Return the weights that `written` packed: a line of JSON, then the arrays one after the other."""
    head, _, rest = zlib.decompress(packed).partition(b"\n")
    told = json.loads(head)
    runs_known, weights = told["runs"], told["weights"]
    checksums, steps = array("I"), array("b")
    checksums.frombytes(rest[: 4 * runs_known])
    if sys.byteorder == "big":
        checksums.byteswap()
    each, topics = rest[4 * runs_known : 5 * runs_known], rest[5 * runs_known : 5 * runs_known + weights]
    steps.frombytes(rest[5 * runs_known + weights :])
    return TopicWeights(told["start"], checksums, array("I", accumulate(each, initial=0)), topics, steps)


def written(start: Mapping[str, float], steps_of: Mapping[str, Mapping[int, int]]) -> bytes:
    """Return what `read` reads, from the steps of each run by the place of its topic."""
    known = sorted((zlib.crc32(run.encode()), sorted(steps.items())) for run, steps in steps_of.items() if steps)
    checksums = array("I", (checksum for checksum, _ in known))
    if sys.byteorder == "big":
        checksums.byteswap()
    weights = [weight for _, steps in known for weight in steps]
    told = {"start": start, "runs": len(known), "weights": len(weights)}
    head = json.dumps(told, ensure_ascii=False).encode()
    each, topics = bytes(len(steps) for _, steps in known), bytes(topic for topic, _ in weights)
    steps = array("b", (step for _, step in weights)).tobytes()
    return zlib.compress(b"".join([head, b"\n", checksums.tobytes(), each, topics, steps]), 9)
