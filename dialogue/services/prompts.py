"""Keep decks of prompts in the database as their files say."""

from typing import Any

from django.conf import settings
from django.db import transaction

from dialogue.core.prompts.deck import read_deck
from dialogue.core.prompts.prompt import Prompt as PromptText
from dialogue.models import Deck, Prompt

FIRST_DECK = settings.BASE_DIR / "dialogue" / "texts" / "first_deck.json"


@transaction.atomic
def load_first_deck() -> Deck:
    """Bring the first deck's prompts to what its file says. Done again, it changes nothing.

    Raises:
        DeckRefused: the file is not a deck.
    """
    written = read_deck(FIRST_DECK.read_text(encoding="utf-8"))
    deck, _ = Deck.objects.get_or_create(slug=written.name, defaults={"name": written.title_ja})
    stored = {prompt.slug: prompt for prompt in Prompt.objects.filter(deck=deck)}
    for position, prompt in enumerate(written.prompts, start=1):
        row = stored.get(prompt.slug) or Prompt(deck=deck, slug=prompt.slug)
        values = _values(prompt, position)
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    return deck


def _values(prompt: PromptText, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "value": prompt.value.value,
        "domain": prompt.domain.value,
        "depth": int(prompt.depth),
        "stage": prompt.stage.value,
        "anchor": prompt.anchor.value,
        "sensitivity": prompt.sensitivity.value,
        "text_ja": prompt.ja,
        "text_en": prompt.en,
        "follow_ups_ja": list(prompt.follow_ups_ja),
        "follow_ups_en": list(prompt.follow_ups_en),
    }
