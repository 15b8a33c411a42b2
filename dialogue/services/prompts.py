"""Keep decks of prompts in the database as their files say."""

from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dialogue.core.prompts.deck import Deck as DeckText
from dialogue.core.prompts.deck import read_deck
from dialogue.core.prompts.prompt import Prompt as PromptText
from dialogue.models import Deck, Prompt

LIBRARY: Final = settings.BASE_DIR / "dialogue" / "texts" / "prompts"
GREW_OUT_OF: Final = "first"
_FAR: Final = 10_000  # beyond any position, where rows wait while they change places


@cache
def written_library() -> DeckText:
    """Return the library as its files say, read once a process.

    Raises:
        DeckRefused: the files are not a deck.
    """
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.toml"))}
    return read_deck(files.pop("library"), files.values())


@transaction.atomic
def load_library() -> Deck:
    """Bring the library's prompts to what its files say. Done again, it changes nothing.

    A prompt that the library took over from the first deck keeps its row, so sessions keep what they were given.

    Raises:
        DeckRefused: the files are not a deck.
    """
    written = written_library()
    deck, _ = Deck.objects.get_or_create(slug=written.name, defaults={"name": written.title_ja})
    wanted = {prompt.slug: _values(prompt, place) for place, prompt in enumerate(written.prompts, 1)}
    stored = {row.slug: row for row in Prompt.objects.filter(slug__in=wanted)}
    changed = [
        row
        for row in stored.values()
        if row.deck_id != deck.pk or any(getattr(row, name) != value for name, value in wanted[row.slug].items())
    ]
    if changed:
        # Positions are unique in a deck, so those that move step aside before they take each other's place.
        Prompt.objects.filter(pk__in=[row.pk for row in changed]).update(position=F("position") + _FAR)
        for row in changed:
            row.deck = deck
            for name, value in wanted[row.slug].items():
                setattr(row, name, value)
        Prompt.objects.bulk_update(changed, ["deck", *next(iter(wanted.values()))])
        Deck.objects.filter(slug=GREW_OUT_OF, prompts__isnull=True).delete()
    Prompt.objects.bulk_create(
        Prompt(deck=deck, slug=slug, **values) for slug, values in wanted.items() if slug not in stored
    )
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
        "samples": {one.generation.value: {"ja": one.ja, "en": one.en} for one in prompt.samples},
    }
