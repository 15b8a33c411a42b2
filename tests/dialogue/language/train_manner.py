"""Weigh the pieces of sentences anew: `python -m tests.dialogue.language.train_manner` writes the weights.

With `--across` it writes nothing and prints how well each writer's sentences are told by weights learned from all the
others: what is to be expected on the sentences of a hand not seen. Logistic regression, trained by Adam from nought, so
the same sets give the same weights. The held-out sets, the quarter of each writer's set that `held_back` names and the
sample of real talk are never trained on.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dialogue.core.language import manner
from dialogue.core.language.finding import rules_of
from dialogue.core.language.manner import Language
from dialogue.core.language.sentences import even, sentences
from dialogue.core.values import VALUE_CARDS
from tests.dialogue.core.prompts.sample import library
from tests.dialogue.language.examples import OTHER_HANDS, Example, Score, examples, held_back, score_of

OWN_HAND = {
    "ja": ("ja_development", *(f"ja_round_{number}" for number in range(1, 6)), "ja_talk"),
    "en": ("en_development", *(f"en_round_{number}" for number in range(1, 4))),
}
WRITTEN_TO = Path(manner.__file__).parent
SHRINKING, STEPS, PACE = 1.0, 400, 0.1
WEIGHT_OF_OWN_HAND = 0.5  # the rules have seen these, and they are one hand
WEIGHT_OF_PROMPTS = 0.3  # many, and all of one form
OFTEN_ENOUGH = 2  # texts a piece must stand in
SCALE_OF_PIECES, SCALE_OF_MARKS = 6.0, 0.3  # marks are few and would be believed too readily


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence of an example: its pieces and marks, and whether a rule met it."""

    pieces: frozenset[str]
    marks: frozenset[str]
    by_rule: bool


def seen(one: Example, language: Language) -> list[Seen]:
    """Return what is seen of each sentence of an example."""
    cut = [sentence for _, sentence in sentences(even(one.text), japanese=language == "ja")]
    whole, found = "".join(cut), []
    for at, sentence in enumerate(cut):
        earlier, last = "".join(cut[:at]), at == len(cut) - 1
        by_rule = any(rule.met(sentence=sentence, earlier=earlier, whole=whole) for rule in rules_of(language))
        marks = frozenset(manner.marks(sentence, earlier, last, language))
        found.append(Seen(frozenset(manner.pieces(sentence, language)), marks, by_rule))
    return found


def trained(of: Sequence[tuple[list[Seen], bool, float]]) -> dict[str, float]:
    """Return the weight of each piece and mark, and under "" the start.

    Of a text that advises, the sentences that a rule met are learned as advice, or its last where none was met: labels
    are of texts, and the point mostly comes last. Of a text that shares, each sentence is learned as sharing.
    """
    rows = [(one, advises, weight) for text, advises, weight in of for one in _taught(text, advises)]
    counted = Counter(name for one, _, _ in rows for name in one.pieces | one.marks)
    place = {name: at for at, name in enumerate(sorted(n for n, often in counted.items() if often >= OFTEN_ENOUGH))}
    row_of, column_of, values = [], [], []
    for row, (one, _, _) in enumerate(rows):
        for names, value in ((one.pieces, SCALE_OF_PIECES / len(one.pieces) ** 0.5), (one.marks, SCALE_OF_MARKS)):
            known = sorted(place[name] for name in names if name in place)
            row_of += [row] * len(known)
            column_of += known
            values += [value] * len(known)
    at_row, at_column, value_of = np.array(row_of), np.array(column_of), np.array(values)
    wanted = np.array([advises for _, advises, _ in rows], dtype=float)
    counts = np.array([weight for _, _, weight in rows])
    weights, start = np.zeros(len(place)), 0.0
    mean, square = np.zeros(len(place) + 1), np.zeros(len(place) + 1)
    for step in range(1, STEPS + 1):
        score = np.bincount(at_row, value_of * weights[at_column], len(rows)) + start
        missed = counts * (1 / (1 + np.exp(-score)) - wanted)
        slope = np.bincount(at_column, value_of * missed[at_row], len(place)) + SHRINKING * weights
        slopes = np.append(slope, missed.sum())
        mean, square = 0.9 * mean + 0.1 * slopes, 0.999 * square + 0.001 * slopes**2
        pace = PACE / (1 + step / 100)
        stride = pace * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights, start = weights - stride[:-1], start - float(stride[-1])
    scale = {name: SCALE_OF_MARKS if name.startswith("#") else SCALE_OF_PIECES for name in place}
    kept = {name: round(float(weights[at]) * scale[name], 2) for name, at in place.items()}
    return {"": round(start, 3), **{name: weight for name, weight in kept.items() if abs(weight) >= 0.03}}


def _taught(text: list[Seen], advises: bool) -> list[Seen]:
    return ([one for one in text if one.by_rule] or text[-1:]) if advises else text


def weight_of(text: list[Seen], weights: dict[str, float]) -> float:
    """Return the highest weight of a text's sentences, the rules counted in, as `manner.advises` weighs them."""
    return max(
        weights[""]
        + sum(weights.get(name, 0.0) for name in one.pieces) / len(one.pieces) ** 0.5
        + sum(weights.get(name, 0.0) for name in one.marks)
        + manner.RULE_COUNTS * one.by_rule
        for one in text
    )


def known_to(language: Language) -> list[tuple[list[Seen], bool, float]]:
    """Return what is learned besides other hands: the first hand's sets, and the prompts and values, which share."""
    kept = [(seen(one, language), one.advises, WEIGHT_OF_OWN_HAND) for one in examples(*OWN_HAND[language])]
    told = {
        "ja": [text for one in library().prompts for _, text in one.texts_ja()]
        + [sample.ja for one in library().prompts for sample in one.samples]
        + [text for card in VALUE_CARDS.values() for text in (card.ja, card.means_ja)],
        "en": [text for one in library().prompts for _, text in one.texts_en()]
        + [text for card in VALUE_CARDS.values() for text in (card.en, card.means_en)],
    }
    shared = (Example(text, advises=False, category="prompt") for text in told[language] if text.strip())
    return [*kept, *((seen(one, language), False, WEIGHT_OF_PROMPTS) for one in shared)]


def across(language: Language) -> None:
    """Print, for each writer, how well the weights learned from all others do."""
    own = known_to(language)
    hands = {
        name: [(seen(one, language), one.advises, 1.0, held_back(one.text)) for one in examples(f"{language}_{name}")]
        for name in OTHER_HANDS
    }
    told: list[tuple[float, bool]] = []
    for name, texts in hands.items():
        others = [one[:3] for other, those in hands.items() if other != name for one in those if not one[3]]
        weights = trained([*own, *others])
        now = [(weight_of(text, weights), advises) for text, advises, _, _ in texts]
        told += now
        print(f"{language} {name}: {_line(now, manner.ENOUGH[language])}", flush=True)  # noqa: T201
    print(f"{language} all: {_line(told, manner.ENOUGH[language])}")  # noqa: T201
    for enough in np.arange(-0.4, 2.8, 0.2):
        print(f"{language} from {enough:.1f}: {_line(told, enough)}")  # noqa: T201


def _line(told: Sequence[tuple[float, bool]], enough: float) -> str:
    found: Score = score_of([(weight >= enough, advises) for weight, advises in told])
    return (
        f"n {len(told)} F1 {found.f1:.3f} precision {found.precision:.3f} recall {found.recall:.3f}"
        f" {found.false_alarms:.1f} false alarms per 100"
    )


def main(arguments: list[str]) -> None:
    for language in manner.CODES:
        if "--across" in arguments:
            across(language)
            continue
        own = known_to(language)
        others = [one for name in OTHER_HANDS for one in examples(f"{language}_{name}") if not held_back(one.text)]
        weights = trained([*own, *((seen(one, language), one.advises, 1.0) for one in others)])
        written = json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
        (WRITTEN_TO / f"manner_{language}.json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
