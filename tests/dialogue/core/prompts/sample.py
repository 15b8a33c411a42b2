"""The first deck as the tests read it, and one sound prompt to plant faults in."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from dialogue.core.prompts.deck import Deck, read_deck
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sensitivity, Stage, Value

DECK_FILE: Final = Path(__file__).parents[4] / "dialogue" / "texts" / "first_deck.json"


@cache
def first_deck() -> Deck:
    return read_deck(DECK_FILE.read_text(encoding="utf-8"))


SOUND: Final = Prompt(
    slug="sound",
    value=Value.STIMULATION,
    domain=Domain.SOCIETY_NATURE,
    depth=Depth.SCENE,
    stage=Stage.AFTERMATH,
    anchor=Anchor.SCENE,
    sensitivity=Sensitivity.NONE,
    ja="雨に予定を変えられたあと、その日はどんな一日になりましたか。",
    en="After rain changed your plans, what kind of day did it become?",
    follow_ups_ja=(
        "その瞬間、何を感じましたか。",
        "代わりに出会ったのは、どんなものでしたか。",
        "その日のことを、いつ思い出しますか。",
    ),
    follow_ups_en=(
        "What did you feel at that moment?",
        "What did you come across in its place?",
        "When does that day come back to you?",
    ),
)


def planted(**changes: Any) -> Prompt:
    """The sound prompt with some fields changed; `follow_up_ja` and `follow_up_en` replace the first follow-up."""
    for language in ("ja", "en"):
        if f"follow_up_{language}" in changes:
            first = changes.pop(f"follow_up_{language}")
            changes[f"follow_ups_{language}"] = (first, *getattr(SOUND, f"follow_ups_{language}")[1:])
    return replace(SOUND, **changes)
