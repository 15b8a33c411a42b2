"""Weigh the pieces of sentences anew: `python -m tests.dialogue.language.train_manner SET...` writes `manner.json`.

Logistic regression over character n-grams, trained by Adam from nought, so the same sets give the same weights. The
held-out half and the sample of real talk are never trained on.
"""

import json
import sys
from pathlib import Path

import numpy as np

from dialogue.core.language import manner
from dialogue.core.language.sentences import even, sentences
from tests.dialogue.language.examples import Example, examples

SETS = ("ja_development", *(f"ja_round_{number}" for number in range(1, 6)), "ja_talk")
WRITTEN_TO = Path(manner.__file__).with_name("manner.json")
SHRINKING, STEPS, PACE = 0.3, 300, 0.05


def trained(of: list[Example]) -> dict[str, float]:
    """Return the weight of each piece that two examples hold at least, and under "" the start."""
    held = [manner.pieces("".join(sentence for _, sentence in sentences(even(one.text), japanese=True))) for one in of]
    counted: dict[str, int] = {}
    for pieces in held:
        for piece in pieces:
            counted[piece] = counted.get(piece, 0) + 1
    place = {piece: at for at, piece in enumerate(sorted(piece for piece, often in counted.items() if often > 1))}
    features = np.zeros((len(of), len(place)))
    for row, pieces in enumerate(held):
        known = [place[piece] for piece in pieces if piece in place]
        features[row, known] = 1 / np.sqrt(max(len(known), 1))
    wanted = np.array([one.advises for one in of], dtype=float)
    weights, start = np.zeros(len(place)), 0.0
    mean, square = np.zeros(len(place)), np.zeros(len(place))
    for step in range(1, STEPS + 1):
        missed = 1 / (1 + np.exp(-(features @ weights + start))) - wanted
        slope = (features.T @ missed + SHRINKING * weights) / len(of)
        start -= 0.5 * missed.mean()
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= PACE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    kept = {piece: round(float(weights[at]), 2) for piece, at in place.items() if abs(weights[at]) >= 0.05}
    return {"": round(start, 3), **kept}


def main(names: list[str]) -> None:
    weights = trained(examples(*(names or SETS)))
    WRITTEN_TO.write_text(json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
