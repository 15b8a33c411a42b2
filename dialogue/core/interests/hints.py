"""Words that only point to a topic. Read when somebody's own words are first looked at: most processes never do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dialogue.core.interests.taxonomy import Words

_FILE: Final = Path(__file__).parents[2] / "texts" / "topic_hints.json"


@dataclass(frozen=True, slots=True)
class Hints:
    """Hints by topic and language, the clearest first, and words that say little by themselves, of topics or not."""

    of: Mapping[str, Words]
    faint: frozenset[str]


def read_hints() -> Hints:
    """Return the hints of all topics."""
    raw = json.loads(_FILE.read_text(encoding="utf-8"))
    of = {key: {language: tuple(some) for language, some in words.items()} for key, words in raw["hints"].items()}
    return Hints(of, frozenset(word for some in raw["faint"].values() for word in some))
