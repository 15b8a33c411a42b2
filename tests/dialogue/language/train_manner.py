"""Teach weights and network anew: `python -m tests.dialogue.language.train_manner` writes their files.

First a network of both languages (`network_training.py`, which needs PyTorch and a pretrained model) and the weights of
pieces (logistic regression) are learned from all that may be learned from. Then both are learned without every third
writer and asked about these, and from that is learned how much either counts, and what a rule's finding adds: on
sentences that they have seen, all of them seem surer than they are. It prints how well each of those writers was told:
what is to be expected of a hand not seen.
The held-out sets, the quarter of each writer's set that `held_back` names, the sample of real talk and the writers that
only judge are never learned from.

The same sets give the same files. It takes an hour and a half of CPU, nearly all for the networks. Run it with
OPENBLAS_NUM_THREADS=1: its vectors are too short to be shared among threads.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dialogue.core.language import manner, network, weights
from dialogue.core.language.finding import rules_of
from dialogue.core.language.pieces import Language, marks, pieces
from dialogue.core.language.sentences import even, sentences
from dialogue.core.values import VALUE_CARDS
from tests.dialogue.core.prompts.sample import library
from tests.dialogue.language.examples import AFTER_THE_RULES, OTHER_HANDS, Example, Score, examples, held_back, score_of
from tests.dialogue.language.fitting import Table, fitted
from tests.dialogue.language.network_training import Text, taught

OWN_HAND = {
    "ja": ("ja_development", *(f"ja_round_{number}" for number in range(1, 6)), "ja_talk"),
    "en": ("en_development", *(f"en_round_{number}" for number in range(1, 4))),
}
WRITTEN_TO = Path(manner.__file__).parent
AGREEMENTS = Path(manner.__file__).parents[2] / "texts/agreements.json"
WEIGHT_OF_TALK = 6.0  # few, and nearest to what people say to each other
WEIGHT_OF_PROMPTS = 0.6  # many, and all of one form
WEIGHT_OF_AGREEMENTS = 5.0  # six, and read aloud in each session
OFTEN_ENOUGH = 2  # texts a piece must stand in
SHRINKING = 0.25
SCALES = (8.0, 4.0)  # of the pieces of a sentence, and of those before it
SCALE_OF_MARKS = 0.3  # they are few and would be believed too readily


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence of an example: its pieces by kind, its marks, the rule it met; what few words gain or lose by it."""

    text: str
    pieces: tuple[Set[str], ...]
    marks: Set[str]
    rule: str | None
    few: float
    language: Language

    def named(self) -> Iterator[tuple[Set[str], float, float]]:
        """Yield the names of each kind, the scale on which they are learned and how much each of them counts."""
        for names, scale in zip(self.pieces, SCALES, strict=True):
            if names:
                yield names, scale, manner.share_of(names, self.language)
        yield self.marks, SCALE_OF_MARKS, 1.0


Taught = tuple[list[Seen], bool, float]  # the sentences of a text, whether it advises, how much it counts
Weight = Mapping[str, float]
PARTS = 3  # every so many writers are left out, to learn from them how much everything counts


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the weight of its manner and what the network heard, both learned from others."""

    of: Seen
    manner: float
    heard: float


Weighed = tuple[list[Told], bool, bool]  # the sentences of a text, whether it advises, whether it is held back


@dataclass(frozen=True, slots=True)
class Counting:
    """How much the manner of a sentence and what the network heard count, where both start, what rules add."""

    manner: float
    heard: float
    start: float
    rules: Weight

    def weight_of(self, text: Sequence[Told]) -> float:
        """Return the highest weight of a text's sentences, as `manner.advises` weighs them."""
        added = (one.of.few + (self.rules[manner.name_of(one.of.rule)] if one.of.rule else 0.0) for one in text)
        return max(self.of(one) + more for one, more in zip(text, added, strict=True))

    def of(self, one: Told) -> float:
        """Return the weight of a sentence without what its rule adds and what few words gain or lose."""
        return self.start + self.manner * one.manner + self.heard * one.heard


@dataclass(frozen=True, slots=True)
class Hand:
    """The texts of a writer with whether they advise: those that are learned from and those held back."""

    learned: list[tuple[list["Seen"], bool]]
    held_back: list[tuple[list["Seen"], bool]]
    after_the_rules: bool

    @classmethod
    def of(cls, name: str, language: Language) -> "Hand":
        told = examples(f"{language}_{name}")
        learned, kept = ([one for one in told if held_back(one.text) is held] for held in (False, True))
        return cls(
            [(seen(one, language), one.advises) for one in learned],
            [(seen(one, language), one.advises) for one in kept],
            name in AFTER_THE_RULES[language],
        )


def seen(one: Example, language: Language) -> list[Seen]:
    """Return what is seen of each sentence of an example."""
    cut = [sentence for _, sentence in sentences(even(one.text), japanese=language == "ja")]
    whole, found = "".join(cut), []
    for at, sentence in enumerate(cut):
        earlier, last = "".join(cut[:at]), at == len(cut) - 1
        met = (rule.code for rule in rules_of(language) if rule.met(sentence=sentence, earlier=earlier, whole=whole))
        of_whole = frozenset(marks(sentence, earlier, last, language))
        rule, alone = next(met, None), last and not earlier
        few = manner.added_to_few(rule, sentence, alone=alone, language=language)
        found.append(Seen(sentence, tuple(pieces(sentence, earlier, language)), of_whole, rule, few, language))
    return found


def trained(of: Sequence[Taught]) -> tuple[float, dict[str, float]]:
    """Return the start, and the weight of each piece and mark.

    Of a text that advises, the sentences that a rule met are learned as advice, or its last where none was met: labels
    are of texts, and the point mostly comes last. Of a text that shares, each sentence is learned as sharing.
    """
    rows = [(one, advises, weight) for text, advises, weight in of for one in _points(text, advises)]
    counted = Counter(name for one, _, _ in rows for names, _, _ in one.named() for name in names)
    place = {name: at for at, name in enumerate(sorted(n for n, often in counted.items() if often >= OFTEN_ENOUGH))}
    scale_of, in_table = np.zeros(len(place)), []
    for one, _, _ in rows:
        columns, values = [], []
        for names, scale, counts in one.named():
            known = [place[name] for name in sorted(names) if name in place]
            columns += known
            values += [scale * counts] * len(known)
            scale_of[known] = scale
        in_table.append((columns, values))
    found = fitted(
        Table.of(in_table, len(place)),
        np.array([advises for _, advises, _ in rows], dtype=float),
        np.array([weight for _, _, weight in rows]),
        shrinking=SHRINKING,
    )
    return float(found[-1]), {name: float(found[at] * scale_of[at]) for name, at in place.items()}


def _points(text: list[Seen], advises: bool) -> list[Seen]:
    return ([one for one in text if one.rule] or text[-1:]) if advises else text


def manner_of(one: Seen, start: float, weight: Weight) -> float:
    """Return the weight of a sentence without what rules add, as `manner.manner_of` gives it."""
    return start + sum(counts * sum(weight.get(name, 0.0) for name in names) for names, _, counts in one.named())


def left_out(hands: Mapping[str, Hand]) -> list[str]:
    """Return the writers without whom all is learned once more: every third of those who came after the rules."""
    return [name for name, of in hands.items() if of.after_the_rules][::PARTS]


def without_them(
    own: Sequence[Taught], hands: Mapping[str, Hand], hearing: network.Network
) -> dict[str, list[Weighed]]:
    """Return what writers left out wrote, weighed and heard by what was learned without them."""
    names, found = left_out(hands), {}
    for pair in (names[at : at + 2] for at in range(0, len(names), 2)):
        others = [one for name, of in hands.items() if name not in pair for one in of.learned]
        start, weight = trained([*own, *((*one, 1.0) for one in others)])
        for name in pair:
            found[name] = [
                (told(text, start, weight, hearing), advises, kept)
                for texts, kept in ((hands[name].learned, False), (hands[name].held_back, True))
                for text, advises in texts
            ]
    return found


def told(text: Sequence[Seen], start: float, weight: Weight, hearing: network.Network) -> list[Told]:
    """Return the sentences of a text, weighed and heard."""
    heard = hearing.heard([one.text for one in text])
    return [Told(one, manner_of(one, start, weight), logit) for one, logit in zip(text, heard, strict=True)]


def texts_of(own: Sequence[Taught], hands: Sequence[Hand]) -> Iterator[Text]:
    """Yield what a network is taught by: our own sets and those of other hands."""
    for text, advises, counts in [*own, *((*one, 1.0) for hand in hands for one in hand.learned)]:
        yield [one.text for one in text], advises, counts


def counting(language: Language, of: Sequence[Weighed]) -> Counting:
    """Return how much everything counts, learned from texts that were weighed and heard by what others taught.

    First what manner and network count, at the sentence of a text that both together find most like advice; then what
    a rule's finding adds. A rule that was seldom met adds about what rules add in the mean.
    """
    learned = [(text, advises) for text, advises, kept in of if not kept]
    most = [(max(text, key=lambda one: one.manner + one.heard), advises) for text, advises in learned]
    both = fitted(
        Table.of([([0, 1], [one.manner, one.heard]) for one, _ in most], 2),
        np.array([advises for _, advises in most], dtype=float),
        np.ones(len(most)),
        shrinking=SHRINKING,
    )
    so_far = Counting(float(both[0]), float(both[1]), float(both[2]), {})
    codes = {rule.code: at for at, rule in enumerate(rules_of(language))}
    met = [(one, advises) for text, advises in learned for one in text if one.of.rule]
    found = fitted(
        Table.of([([codes[str(one.of.rule)]], [1.0]) for one, _ in met], len(codes)),
        np.array([advises for _, advises in met], dtype=float),
        np.ones(len(met)),
        shrinking=SHRINKING,
        known=np.array([so_far.of(one) for one, _ in met]),
    )
    return replace(so_far, rules={manner.name_of(code): float(found[-1] + found[at]) for code, at in codes.items()})


def known_to(language: Language) -> list[Taught]:
    """Return what else is learned: the first hand's sets, and prompts, values and agreements, which share."""
    kept = [
        (seen(one, language), one.advises, WEIGHT_OF_TALK if "talk" in name else 1.0)
        for name in OWN_HAND[language]
        for one in examples(name)
    ]
    told = {
        "ja": [text for one in library().prompts for _, text in one.texts_ja()]
        + [sample.ja for one in library().prompts for sample in one.samples]
        + [text for card in VALUE_CARDS.values() for text in (card.ja, card.means_ja)],
        "en": [text for one in library().prompts for _, text in one.texts_en()]
        + [text for card in VALUE_CARDS.values() for text in (card.en, card.means_en)],
    }
    shared = [(text, WEIGHT_OF_PROMPTS) for text in told[language] if text.strip()]
    shared += [(one[language], WEIGHT_OF_AGREEMENTS) for one in json.loads(AGREEMENTS.read_text("utf-8"))["agreements"]]
    ours = ((seen(Example(text, advises=False, category="ours"), language), False, counts) for text, counts in shared)
    return [*kept, *ours]


def hands_of(language: Language) -> dict[str, Hand]:
    """Return what other hands wrote, by writer."""
    return {name: Hand.of(name, language) for name in OTHER_HANDS[language]}


def across(language: Language, weighed: Mapping[str, list[Weighed]]) -> None:
    """Print how well each writer is told by what was learned without them, and all of them from each threshold on."""
    told: list[tuple[float, bool]] = []
    for name, those in weighed.items():
        others = [text for other, texts in weighed.items() if other != name for text in texts]
        counts = counting(language, others)
        now = [(counts.weight_of(text), advises) for text, advises, _ in those]
        told += now
        say(f"{language} {name}: {_line(now, manner.ENOUGH['label'][language])}")
    for enough in np.arange(-2.0, 3.2, 0.2):
        say(f"{language} from {enough:.1f}: {_line(told, enough)}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(told: Sequence[tuple[float, bool]], enough: float) -> str:
    found: Score = score_of([(weight >= enough, advises) for weight, advises in told])
    return (
        f"n {len(told)} F1 {found.f1:.3f} precision {found.precision:.3f} recall {found.recall:.3f}"
        f" {found.false_alarms:.1f} false alarms per 100"
    )


def main() -> None:
    sets = {language: (known_to(language), hands_of(language)) for language in manner.CODES}
    arrays = taught([text for own, hands in sets.values() for text in texts_of(own, list(hands.values()))])
    np.savez_compressed(WRITTEN_TO / "network.npz", **dict(arrays))
    others = [
        text
        for own, hands in sets.values()
        for text in texts_of(own, [of for name, of in hands.items() if name not in left_out(hands)])
    ]
    hearing = network.from_arrays(taught(others))
    for language, (own, hands) in sets.items():
        start, weight = trained([*own, *((*one, 1.0) for hand in hands.values() for one in hand.learned)])
        weighed = without_them(own, hands, hearing)
        across(language, weighed)
        counts = counting(language, [text for texts in weighed.values() for text in texts])
        say(f"{language} manner {counts.manner:.3f} heard {counts.heard:.3f} start {counts.start:.3f}")
        kept = {name: counts.manner * one for name, one in weight.items()}
        (WRITTEN_TO / f"manner_{language}.txt").write_text(
            weights.written(
                counts.start + counts.manner * start, kept | dict(counts.rules) | {manner.HEARD: counts.heard}
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
