"""Teach anew which topics texts speak of: `python -m tests.dialogue.core.interests.train_topics` writes the weights.

Learned from are the texts of `labelled.of_hands`, each labelled by the hand that wrote it, and the words of the topics
themselves, which count less. What judges is never learned from, nor the same text by another hand. The same texts give
the same file, in half a minute.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from dialogue.core.interests.hints import read_hints
from dialogue.core.interests.learned import FILE, STEP, runs, share_of, written
from dialogue.core.interests.taxonomy import TOPICS
from tests.dialogue.core.interests.labelled import judging, of_hands
from tests.dialogue.language.fitting import Table, fitted

OFTEN_ENOUGH = 2  # texts a run must stand in
WEIGHT_OF_WORDS = 0.4  # many, and nobody writes them in such a row
WEIGHT_OF_SILENCE = 3.0  # texts that speak of no topic: few, and nobody is to be asked about them
SCALE, SHRINKING, STEPS = 4.5, 0.5, 25
LEAST = 0.2  # weights nearer to nought are dropped: half of them, and none is missed

Learned = tuple[str, Sequence[str], float]  # a text, the topics it speaks of, how much it counts


def texts() -> Iterator[Learned]:
    """Yield what is learned from."""
    kept = {one.text.casefold() for one in judging()}
    for one in of_hands():
        if one.text.casefold() not in kept:
            yield one.text, one.topics, 1.0 if one.topics else WEIGHT_OF_SILENCE
    hints = read_hints()
    for key, topic in TOPICS.items():
        yield from ((name, [key], WEIGHT_OF_WORDS) for name in topic.names.values())
        for words in (topic.synonyms, topic.kinds, hints.of[key]):
            yield from ((word, [key], WEIGHT_OF_WORDS) for some in words.values() for word in some)


def main() -> None:
    seen = [(sorted(runs(text)), topics, counts) for text, topics, counts in texts()]
    often = Counter(run for found, _, _ in seen for run in found)
    place = {run: at for at, run in enumerate(sorted(run for run, number in often.items() if number >= OFTEN_ENOUGH))}
    rows, labels, counts_of = [], [], []
    for found, topics, counts in seen:
        if columns := [place[run] for run in found if run in place]:
            rows.append((columns, [SCALE * share_of(set(found))] * len(columns)))
            labels.append(topics)
            counts_of.append(counts)
    table, counted = Table.of(rows, len(place)), np.array(counts_of)
    start: dict[str, float] = {}
    steps_of: dict[str, dict[int, int]] = {run: {} for run in place}
    for number, key in enumerate(TOPICS):
        wanted = np.array([float(key in topics) for topics in labels])
        weights = fitted(table, wanted, counted, shrinking=SHRINKING, steps=STEPS)
        start[key] = round(float(weights[-1]), 3)
        for run, at in place.items():
            if abs(weights[at]) >= LEAST:
                steps_of[run][number] = max(-127, min(127, round(SCALE * weights[at] / STEP)))
    FILE.write_bytes(written(start, steps_of))
    sys.stdout.write(f"{len(rows)} texts, {sum(map(bool, steps_of.values()))} runs, {FILE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
