"""Topics to propose for a text of somebody's own. They confirm; nothing counts before."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from dialogue.core.interests.embedding import Embedder, Vector, cosine
from dialogue.core.interests.hints import Hints, read_hints
from dialogue.core.interests.learned import topic_weights
from dialogue.core.interests.phrases import NAMED, Lexicon, found_in, lexicon_of
from dialogue.core.interests.taxonomy import TOPICS, Topic
from dialogue.core.interests.words import topic_named, topic_of_kind

MOST: Final = 5
"""Topics that are proposed for one text."""
WORTH_OF_WORDS: Final = 2.0
"""What a name of a topic that stands in the text adds to its likelihood, in logits."""
LEAST: Final = 0.15
"""How likely a topic must be to be proposed."""
SHARE_OF_BEST: Final = 0.3
"""Topics that are likely by less than this share of the best are left out."""

CLEAREST: Final = 12
"""Words of a kind and language that go into the vector of a topic: with hundreds it would point nowhere."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Topics that may be close to one text, the closest first."""

    text: str
    topics: tuple[str, ...]


def propose(text: str, *, embedder: Embedder | None = None, most: int = MOST) -> tuple[str, ...]:
    """Return the topics that a short text most likely speaks of, best first; none where none is likely.

    What was learned from the texts of many hands and the words of the topics found in the text decide together; with
    an embedder also how alike the text and a topic's words are.
    """
    likely = likelihoods(text, embedder=embedder)
    least = max(LEAST, SHARE_OF_BEST * max(likely.values()))
    order = list(TOPICS)
    close = [key for key, value in likely.items() if value >= least]
    return tuple(sorted(close, key=lambda key: (-likely[key], order.index(key)))[:most])


def likelihoods(text: str, *, embedder: Embedder | None = None) -> dict[str, float]:
    """Return for each topic how likely a text speaks of it, from 0 to 1."""
    logits = topic_weights().of(text)
    for key, worth in found_in(text, _lexicon()).items():
        logits[key] += WORTH_OF_WORDS * worth
    if whole := topic_named(text) or topic_of_kind(text):
        logits[whole] += WORTH_OF_WORDS * NAMED
    if embedder:
        [vector] = embedder.vectors([text])
        for key, prototype in _prototypes(embedder).items():
            likeness = cosine(vector, prototype)
            if likeness >= embedder.least:
                logits[key] += embedder.trust * likeness
    return {key: 1 / (1 + math.exp(-logit)) for key, logit in logits.items()}


def proposals_for(
    texts: Sequence[str], *, chosen: Collection[str], embedder: Embedder | None = None, most: int = MOST
) -> tuple[Proposal, ...]:
    """Return what to propose for somebody's own words, at most `most` topics in all but one for each text at least.

    Topics that they chose already, or that an earlier text brought up, are left out; the best of each text go first.
    """
    found = {text: [key for key in propose(text, embedder=embedder) if key not in chosen] for text in texts}
    taken: dict[str, list[str]] = {text: [] for text in texts}
    seen: set[str] = set()
    limit = max(most, len(texts))
    for rank in range(most):
        for text, keys in found.items():
            if rank < len(keys) and keys[rank] not in seen and len(seen) < limit:
                seen.add(keys[rank])
                taken[text].append(keys[rank])
    return tuple(Proposal(text, tuple(keys)) for text, keys in taken.items() if keys)


@cache
def _lexicon() -> Lexicon:
    """Return the words of all topics. Made when first asked for: most processes never are."""
    return lexicon_of(TOPICS.values(), _hints())


@cache
def _hints() -> Hints:
    return read_hints()


@lru_cache(maxsize=2)
def _prototypes(embedder: Embedder) -> Mapping[str, Vector]:
    """Return a vector of each topic's words, made once for an embedder."""
    vectors = embedder.vectors([_all_words(topic) for topic in TOPICS.values()])
    return dict(zip(TOPICS, vectors, strict=True))


def _all_words(topic: Topic) -> str:
    words = [*topic.names.values()]
    for some in (topic.synonyms, topic.kinds, _hints().of[topic.key]):
        words += [word for each in some.values() for word in each[:CLEAREST]]
    return "、".join(words)
