"""What the planner is told of a cohort, never of a person: what it shares, has met, leaves out and is ready for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dialogue.core.interests import TAXONOMY
from dialogue.core.prompts.prompt import Depth, Domain
from dialogue.core.prompts.wishes import Plannable

MOST_TOPICS: Final = 2  # counted for one part of life, so that one crowded interest does not fill a series
OF_A_TOPIC: Final = 2
OF_A_VALUE: Final = 3

# Which parts of life the groups of topics lie in.
_DOMAINS: Final[Mapping[str, tuple[Domain, ...]]] = {
    "work": (Domain.WORK, Domain.LEARNING),
    "people": (Domain.FAMILY, Domain.FRIENDS),
    "living": (Domain.LIVING, Domain.COMMUNITY),
    "self": (Domain.HEALTH,),
    "turning": (Domain.FAILURE,),
    "liking": (Domain.CREATION,),
    "society": (Domain.SOCIETY_NATURE, Domain.COMMUNITY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortProfile:
    """`topics` are the interests both generations share, by domain; `met` the slugs that somebody of it has met."""

    values: frozenset[str] = frozenset()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    met: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    deepest: Depth = Depth.DILEMMA

    def liking(self, prompt: Plannable) -> int:
        """Return how well a prompt suits what the cohort shares and named, 0 for not at all, 7 at most."""
        topics = min(MOST_TOPICS, len(self.topics.get(prompt.domain, ())))
        return OF_A_TOPIC * topics + OF_A_VALUE * (prompt.value in self.values)

    def takes(self, prompt: Plannable) -> bool:
        """Whether the cohort has neither left out what the prompt touches nor said that it goes too deep."""
        return prompt.sensitivity not in self.left_out and prompt.depth <= self.deepest


def topics_by_domain(topics: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return which parts of life some topics lie in. A topic that the taxonomy does not know is passed over."""
    known = TAXONOMY.topics
    found: defaultdict[str, list[str]] = defaultdict(list)
    for topic in topics:
        for domain in _DOMAINS[known[topic].group] if topic in known else ():
            found[domain].append(topic)
    return {domain: tuple(those) for domain, those in found.items()}
