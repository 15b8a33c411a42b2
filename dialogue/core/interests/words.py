"""From a word that somebody wrote to the topic it names, and from a topic to its name."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from dialogue.core.interests.taxonomy import TOPICS, kind_words, same_words, word_key
from dialogue.core.text import for_comparing, visible

_SAME: Final[Mapping[str, str]] = {word_key(word): topic.key for topic in TOPICS.values() for word in same_words(topic)}
_KINDS: Final[Mapping[str, str]] = {
    word_key(word): topic.key for topic in TOPICS.values() for word in kind_words(topic)
}
_NAMES: Final[Mapping[str, str]] = {
    word_key(word): topic.key for topic in TOPICS.values() for word in (topic.key, *topic.names.values())
}


@lru_cache(maxsize=8192)
def topic_named(text: str) -> str | None:
    """Return the key of the topic that a word means: its name in either language or a synonym, None otherwise."""
    return _SAME.get(word_key(text))


@lru_cache(maxsize=8192)
def topic_called(text: str) -> str | None:
    """Return the key of the topic whose very name this is in either language, None otherwise."""
    return TOPICS[text].key if text in TOPICS else _NAMES.get(word_key(text))


def topic_of_kind(text: str) -> str | None:
    """Return the key of the topic of which this word is a part: music for the piano. None otherwise."""
    return _KINDS.get(word_key(text))


def meant(word: str) -> tuple[str, ...]:
    """Return what to store for a word of a list: the topic it means, the topic and the word, or the word alone.

    A word that is a part of a topic counts as the topic and stays as it was written; nothing is lost.
    """
    if topic := topic_named(word):
        return (topic,)
    written = visible(word)
    return (topic, written) if (topic := topic_of_kind(word)) else (written,)


def as_topics(rated: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return rated words of a list as what they mean, each once; of two ratings for one the higher counts."""
    found: dict[str, tuple[str, int]] = {}
    for written, rating in rated:
        for word in meant(written):
            key = for_comparing(word)
            if key not in found or found[key][1] < rating:
                found[key] = (word, rating)
    return dict(found.values())


def name_of(key: str, language: str) -> str:
    """Return the name of a topic in a language; somebody's own word stays as it is. English for other languages."""
    topic = TOPICS.get(key)
    return topic.names["ja" if language.startswith("ja") else "en"] if topic else key
