"""A deck: prompts in files that people can read, one file a domain, checked as they are read."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dialogue.core.generation import Generation
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sample, Sensitivity, Stage, Value


class DeckRefused(ValueError):
    """The files are not a deck; the message names the prompt and the field."""


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
    "depth": Depth,
    "stage": Stage,
    "anchor": Anchor,
    "sensitivity": Sensitivity,
}
_TEXTS: Final = ("slug", "ja", "en")
_FIELDS: Final = {*_TAGS, *_TEXTS, "follow_ups", *Generation}


def read_deck(head: str, domains: Iterable[str]) -> Deck:
    """Return the deck that TOML texts hold: its name, version and title in `head`, its prompts in a text a domain.

    Raises:
        DeckRefused: not TOML, a field missing, unknown or of the wrong kind, or a slug used twice.
    """
    titled = _toml(head)
    try:
        deck = Deck(
            name=str(titled["name"]),
            version=int(titled["version"]),
            title_ja=str(titled["title"]["ja"]),
            title_en=str(titled["title"]["en"]),
            prompts=tuple(prompt for text in domains for prompt in _read_domain(_toml(text))),
        )
    except (KeyError, TypeError) as error:
        raise DeckRefused(f"The deck lacks a field or holds one of the wrong kind: {error}") from error
    seen: set[str] = set()
    for prompt in deck.prompts:
        if prompt.slug in seen:
            raise DeckRefused(f"Two prompts are called {prompt.slug}.")
        seen.add(prompt.slug)
    return deck


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeckRefused(f"The deck is not TOML: {error}") from error


def _read_domain(raw: Mapping[str, Any]) -> Iterable[Prompt]:
    try:
        domain = Domain(raw["domain"])
    except (KeyError, ValueError) as error:
        raise DeckRefused(f"A file of prompts names no domain that is known: {error}") from error
    return [_read_prompt(entry, place, domain) for place, entry in enumerate(raw.get("prompt", []), 1)]


def _read_prompt(entry: Mapping[str, Any], place: int, domain: Domain) -> Prompt:
    called = entry.get("slug", f"number {place} of {domain}")
    unknown = entry.keys() - _FIELDS
    if unknown:
        raise DeckRefused(f"Prompt {called} has unknown fields: {', '.join(sorted(unknown))}.")
    for field in _TEXTS:
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise DeckRefused(f"Prompt {called}: {field} is empty.")
    follow_ups = entry.get("follow_ups")
    if not isinstance(follow_ups, list) or not all(_is_pair(one) for one in follow_ups):
        raise DeckRefused(f"Prompt {called}: follow_ups is not a list of texts in ja and en.")
    told = [generation for generation in Generation if generation in entry]
    for generation in told:
        if not _is_pair(entry[generation]):
            raise DeckRefused(f"Prompt {called}: {generation} is not a text in ja and en.")
    tags = {field: _read_tag(entry, field, called) for field in _TAGS}
    return Prompt(
        slug=entry["slug"],
        domain=domain,
        ja=entry["ja"],
        en=entry["en"],
        follow_ups_ja=tuple(one["ja"] for one in follow_ups),
        follow_ups_en=tuple(one["en"] for one in follow_ups),
        samples=tuple(Sample(generation=one, ja=entry[one]["ja"], en=entry[one]["en"]) for one in told),
        **tags,
    )


def _is_pair(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() == {"ja", "en"}
        and all(isinstance(text, str) and text.strip() for text in entry.values())
    )


def _read_tag(entry: Mapping[str, Any], field: str, called: str) -> Any:
    try:
        return _TAGS[field](entry[field])
    except KeyError as error:
        raise DeckRefused(f"Prompt {called}: {field} is missing.") from error
    except ValueError as error:
        raise DeckRefused(f"Prompt {called}: {entry[field]!r} is no {field}.") from error
