"""What a session is like, in words: what everyone agrees to, and the order in which things happen."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

from sessions.guide_words import STEPS

_AGREEMENTS: Final = Path(__file__).resolve().parent.parent / "dialogue" / "texts" / "agreements.json"

ARC: Final = tuple({"name": words.name, "note": words.note} for words in STEPS.values())
"""The steps of a session without minutes: the guide of the day sets those."""


def agreements() -> list[str]:
    """Return the six agreements in the reader's language."""
    return _read()["ja" if get_language() == "ja" else "en"]


@cache
def _read() -> dict[str, list[str]]:
    raw = json.loads(_AGREEMENTS.read_text(encoding="utf-8"))
    return {language: [one[language] for one in raw["agreements"]] for language in ("ja", "en")}
