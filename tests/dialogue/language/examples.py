"""The sentences by which the language core is judged: written for Madoi, and a sample of real talk."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WRITERS = {"ja": 80, "en": 58}
# Writers of whom nothing is learned and whose sentences are not read: they judge.
JUDGES = {
    language: tuple(f"writer_{number}" for number in numbers)
    for language, numbers in {
        "ja": (29, 30, 31, 32, 63, 64, 71, 72, 79, 80),
        "en": (29, 30, 31, 32, 53, 54, 58),
    }.items()
}
# Writers who had not seen the rules, and from whom weights are learned. Those after the fifth wrote when rules were no
# longer opened to what writers wrote.
OTHER_HANDS = {
    language: tuple(
        name for name in (f"writer_{number}" for number in range(1, WRITERS[language] + 1)) if name not in judges
    )
    for language, judges in JUDGES.items()
}
AFTER_THE_RULES = {language: names[5:] for language, names in OTHER_HANDS.items()}


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what people say of it; `category` is that of the rule book (for the sample: its file)."""

    text: str
    advises: bool
    category: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a judge did: `false_alarms` of each hundred texts that share."""

    precision: float
    recall: float
    false_alarms: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)


def examples(*names: str) -> list[Example]:
    """Return the examples of some sets, in their order."""
    rows = [json.loads(line) for name in names for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [Example(row["text"], row["label"] == "advice", row.get("category") or row["file"]) for row in rows]


def held_back(text: str) -> bool:
    """Return whether a text of another hand is kept from rules and weights, to judge them: one of four is."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 4 == 1


def score(judge: Callable[[str], object], of: Sequence[Example]) -> Score:
    """Return how well a judge tells the examples that advise."""
    return score_of([(bool(judge(one.text)), one.advises) for one in of])


def score_of(told: Sequence[tuple[bool, bool]]) -> Score:
    """Return how good verdicts are, each with the truth beside it."""
    right = sum(said and is_so for said, is_so in told)
    wrong = sum(said and not is_so for said, is_so in told)
    advising = sum(is_so for _, is_so in told)
    sharing = len(told) - advising
    return Score(right / ((right + wrong) or 1), right / (advising or 1), 100 * wrong / (sharing or 1))
