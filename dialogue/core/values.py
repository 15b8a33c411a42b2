"""Value cards: some ninety values with a short meaning each, to be sorted by oneself and for oneself.

Where they come from stands in `dialogue/texts/values.json`. Nothing is computed from how somebody sorts them: no
likeness, no fit, no score. Their only use is what their owner sees in them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

CARDS_ON_A_PAGE: Final = 12
MOST_CHOSEN: Final = 5
_FILE: Final = Path(__file__).parents[1] / "texts" / "values.json"


class Pile(StrEnum):
    """Where a card may lie."""

    VERY = "very"
    YES = "yes"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class ValueCard:
    """One value in both languages. A slug is never taken away: sortings are kept by it."""

    slug: str
    ja: str
    en: str
    means_ja: str
    means_en: str

    def name_in(self, language: str) -> str:
        return self.ja if language.startswith("ja") else self.en

    def meaning_in(self, language: str) -> str:
        return self.means_ja if language.startswith("ja") else self.means_en


VALUE_CARDS: Final = {one["slug"]: ValueCard(**one) for one in json.loads(_FILE.read_text(encoding="utf-8"))["values"]}


@dataclass(frozen=True, slots=True)
class Sorting:
    """How somebody has sorted the cards so far, the few that they chose, and what these mean to them."""

    piles: Mapping[str, Pile] = field(default_factory=dict)
    chosen: Sequence[str] = ()
    words: str = ""

    def offered(self) -> list[str]:
        """Return the cards to choose from, in the order of the deck: the ones that matter most, else those that do."""
        for pile in (Pile.VERY, Pile.YES):
            found = [slug for slug in VALUE_CARDS if self.piles.get(slug) is pile]
            if found:
                return found
        return []

    def standing(self) -> list[str]:
        """Return the chosen cards that are still among those to choose from."""
        return [slug for slug in self.offered() if slug in self.chosen]


def as_text(sorting: Sorting) -> str:
    """Return a sorting as one text, to be encrypted as a whole."""
    kept = {"piles": dict(sorting.piles), "chosen": list(sorting.chosen), "words": sorting.words}
    return json.dumps(kept, ensure_ascii=False)


def from_text(text: str) -> Sorting:
    """Return the sorting that a text holds. Cards that the deck no longer has are passed over."""
    kept: dict[str, Any] = json.loads(text)
    piles = {slug: Pile(pile) for slug, pile in kept["piles"].items() if slug in VALUE_CARDS}
    return Sorting(piles, [slug for slug in kept["chosen"] if slug in VALUE_CARDS], kept["words"])


def pages() -> list[list[ValueCard]]:
    """Return the deck in pages that a phone can show."""
    cards = list(VALUE_CARDS.values())
    return [cards[at : at + CARDS_ON_A_PAGE] for at in range(0, len(cards), CARDS_ON_A_PAGE)]
