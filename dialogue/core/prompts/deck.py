"""A deck: prompts in a file that people can read, checked as it is read; and its order for a series."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dialogue.core.prompts.plan import plan_deck, plan_with_reasons
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sensitivity, Stage, Value

__all__ = ["Deck", "DeckRefused", "plan_deck", "plan_with_reasons", "read_deck"]


class DeckRefused(ValueError):
    """The file is not a deck; the message names the prompt and the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """Prompts that belong together, with a version that rises whenever a text changes."""

    name: str
    version: int
    title_ja: str
    title_en: str
    prompts: tuple[Prompt, ...]


_TAGS: Final[Mapping[str, Any]] = {
    "value": Value,
    "domain": Domain,
    "depth": Depth,
    "stage": Stage,
    "anchor": Anchor,
    "sensitivity": Sensitivity,
}
_TEXTS: Final = ("slug", "ja", "en")
_LISTS: Final = ("follow_ups_ja", "follow_ups_en")


def read_deck(text: str) -> Deck:
    """Return the deck that a JSON text holds.

    Raises:
        DeckRefused: not JSON, a field missing, unknown or of the wrong kind, or a slug used twice.
    """
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise DeckRefused(f"The deck is not JSON: {error}") from error
    try:
        deck = Deck(
            name=str(raw["name"]),
            version=int(raw["version"]),
            title_ja=str(raw["title"]["ja"]),
            title_en=str(raw["title"]["en"]),
            prompts=tuple(_read_prompt(entry, place) for place, entry in enumerate(raw["prompts"], 1)),
        )
    except (KeyError, TypeError) as error:
        raise DeckRefused(f"The deck lacks a field or holds one of the wrong kind: {error}") from error
    slugs = [prompt.slug for prompt in deck.prompts]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise DeckRefused(f"Two prompts are called {slug}.")
    return deck


def _read_prompt(entry: Mapping[str, Any], place: int) -> Prompt:
    called = entry.get("slug", f"number {place}")
    unknown = entry.keys() - _TAGS.keys() - set(_TEXTS) - set(_LISTS)
    if unknown:
        raise DeckRefused(f"Prompt {called} has unknown fields: {', '.join(sorted(unknown))}.")
    for field in _TEXTS:
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise DeckRefused(f"Prompt {called}: {field} is empty.")
    for field in _LISTS:
        texts = entry.get(field)
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise DeckRefused(f"Prompt {called}: {field} is not a list of texts.")
    tags = {field: _read_tag(entry, field, called) for field in _TAGS}
    return Prompt(
        slug=entry["slug"],
        ja=entry["ja"],
        en=entry["en"],
        follow_ups_ja=tuple(entry["follow_ups_ja"]),
        follow_ups_en=tuple(entry["follow_ups_en"]),
        **tags,
    )


def _read_tag(entry: Mapping[str, Any], field: str, called: str) -> Any:
    try:
        return _TAGS[field](entry[field])
    except KeyError as error:
        raise DeckRefused(f"Prompt {called}: {field} is missing.") from error
    except ValueError as error:
        raise DeckRefused(f"Prompt {called}: {entry[field]!r} is no {field}.") from error
