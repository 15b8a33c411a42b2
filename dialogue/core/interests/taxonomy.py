"""Topics that people may like to talk about, in two languages, and which lie close to which.

The key of a topic is its Japanese name. Answers are stored by it, whatever language somebody reads in, so that two
people with one topic have it in common. A key is never taken away: a topic that gets a new name keeps its old key.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from dialogue.core.text import for_comparing

SAME: Final = 1.0
RELATED: Final = 0.6
BRIDGE: Final = 0.3
"""How close two topics are: one and the same, related (going to school and choosing a path), or loosely so."""

_FILE: Final = Path(__file__).parents[2] / "texts" / "topics.json"
_SIGNS: Final = re.compile(r"[・／/,.、。!?！？'’“”\"「」()（）〜~…_-]")
_LANGUAGES: Final = ("ja", "en")
_FIELDS: Final = frozenset({"key", "ja", "en", "group", "of", "synonyms", "kinds", "related", "bridges"})

Words = Mapping[str, tuple[str, ...]]


class TaxonomyRefused(ValueError):
    """The file does not hold a taxonomy; the message names the topic and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Topics that stand together on a page."""

    key: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. All words are by language.

    `synonyms` mean the same; `kinds` are a part of it (a piano is music), so whoever says one means the topic too and
    keeps their word. `of` is the broad topic that it belongs to, None for a broad one.
    """

    key: str
    names: Mapping[str, str]
    group: str
    of: str | None
    synonyms: Words
    kinds: Words


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Topics by key in the order of pages, broad ones first in their group; how close each is to its neighbours."""

    groups: tuple[Group, ...]
    topics: Mapping[str, Topic]
    neighbours: Mapping[str, Mapping[str, float]]


def word_key(text: str) -> str:
    """Return a key that is equal for two spellings of one word or phrase: signs do not count either."""
    return _SIGNS.sub("", for_comparing(text))


def read_taxonomy(text: str) -> Taxonomy:
    """Return the taxonomy that a JSON text holds.

    Raises:
        TaxonomyRefused: not JSON, a field missing or unknown, a topic or word that stands for two topics, or a
            neighbour that is no topic.
    """
    try:
        raw = json.loads(text)
        groups = tuple(Group(one["key"], {name: one[name] for name in _LANGUAGES}) for one in raw["groups"])
        broad = {one["ja"]: one["group"] for one in raw["topics"] if "of" not in one}
        topics = [_topic(one, broad) for one in raw["topics"]]
    except json.JSONDecodeError as error:
        raise TaxonomyRefused(f"The topics are not JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise TaxonomyRefused(f"A topic lacks a field or holds one of the wrong kind: {error}") from error
    _check_words(topics)
    places = {group.key: place for place, group in enumerate(groups)}
    for topic in topics:
        if topic.group not in places:
            raise TaxonomyRefused(f"{topic.key}: there is no group {topic.group}.")
    in_order = sorted(topics, key=lambda topic: (places[topic.group], topic.of is not None))
    return Taxonomy(groups, {topic.key: topic for topic in in_order}, _neighbours(topics, raw["topics"]))


def _topic(one: Mapping[str, Any], broad: Mapping[str, str]) -> Topic:
    if unknown := one.keys() - _FIELDS:
        raise TaxonomyRefused(f"{one.get('ja')}: nobody knows {', '.join(sorted(unknown))}.")
    parent = one.get("of")
    if parent is not None and parent not in broad:
        raise TaxonomyRefused(f"{one['ja']}: {parent} is no broad topic.")
    synonyms, kinds = (
        {name: tuple(one.get(field, {}).get(name, ())) for name in _LANGUAGES} for field in ("synonyms", "kinds")
    )
    return Topic(
        key=one.get("key", one["ja"]),
        names={name: one[name] for name in _LANGUAGES},
        group=one["group"] if "group" in one else broad[one["of"]],
        of=parent,
        synonyms=synonyms,
        kinds=kinds,
    )


def same_words(topic: Topic) -> Iterator[str]:
    """Yield every word that means just this topic: its key, its names, its synonyms."""
    yield topic.key
    yield from topic.names.values()
    for words in topic.synonyms.values():
        yield from words


def kind_words(topic: Topic) -> Iterator[str]:
    """Yield every word that is a part of this topic."""
    for words in topic.kinds.values():
        yield from words


def _check_words(topics: list[Topic]) -> None:
    keys = sorted(topic.key for topic in topics)
    for one, other in pairwise(keys):
        if one == other:
            raise TaxonomyRefused(f"{one} stands there twice.")
    owners: dict[str, str] = {}
    for topic in topics:
        for word in (*same_words(topic), *kind_words(topic)):
            owner = owners.setdefault(word_key(word), topic.key)
            if owner != topic.key:
                raise TaxonomyRefused(f"“{word}” stands for two topics: {owner} and {topic.key}.")


def _neighbours(topics: list[Topic], raw: list[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the graph, the same in both directions. Where two topics are linked twice the closer link counts."""
    found: dict[str, dict[str, float]] = {topic.key: {} for topic in topics}
    for topic, one in zip(topics, raw, strict=True):
        links = [(other, RELATED) for other in one.get("related", ())]
        links += [(other, BRIDGE) for other in one.get("bridges", ())]
        links += [(topic.of, RELATED)] if topic.of else []
        for other, closeness in links:
            if other not in found or other == topic.key:
                raise TaxonomyRefused(f"{topic.key}: {other} is not another topic.")
            closer = max(closeness, found[topic.key].get(other, 0.0))
            found[topic.key][other] = found[other][topic.key] = closer
    return found


TAXONOMY: Final = read_taxonomy(_FILE.read_text(encoding="utf-8"))
TOPICS: Final = TAXONOMY.topics
"""Every topic by its key."""
