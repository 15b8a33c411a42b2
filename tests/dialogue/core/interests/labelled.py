"""Short texts of people's own about their interests, each with the topics it speaks of, written for Madoi.

One hand wrote the topics, `texts` and their labels, another `tuning`; `strangers` and the two `judge_*` are by hands of
their own, who chose their texts before they saw the topics (`judge_*`) or named things rather than fields
(`strangers`). `hands/*` were written to be learned from.
"""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[3] / "data" / "interests"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the keys of the topics it speaks of, the most fitting first; none where it speaks of no topic."""

    text: str
    topics: tuple[str, ...]

    @property
    def language(self) -> str:
        return "en" if self.text.isascii() else "ja"


def labelled(name: str) -> list[Labelled]:
    """Return the texts of one file, by its name without ending."""
    return [
        Labelled(one["text"], tuple(one["topics"])) for one in json.loads((DATA / f"{name}.json").read_text("utf-8"))
    ]


def of_hands() -> list[Labelled]:
    """Return the texts that are learned from: those of all hands and those for tuning."""
    names = sorted(path.stem for path in (DATA / "hands").glob("*.json"))
    return [*labelled("tuning"), *(one for name in names for one in labelled(f"hands/{name}"))]


def held_out() -> list[Labelled]:
    """Return the half of `texts` at which nobody looked while the words of the topics were filled up."""
    return labelled("texts")[1::2]


def judging() -> list[Labelled]:
    """Return all texts that judge and are never learned from."""
    return [*held_out(), *labelled("strangers"), *labelled("judge_ja"), *labelled("judge_en")]
