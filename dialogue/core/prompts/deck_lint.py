"""What a whole library of prompts is held to: no two alike, and no value, part of life, depth or stage left thin."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from dialogue.core.prompts.prompt import Depth, Domain, Prompt, Stage, Value

MOST_SHARED: Final = 0.6

LEAST_OF_A_VALUE: Final = 7  # prompts: a cohort of twelve sessions meets a value about once
LEAST_DOMAINS_OF_A_VALUE: Final = 5
LEAST_DEPTHS_OF_A_VALUE: Final = 3
LEAST_OF_A_DOMAIN: Final[Mapping[Depth, int]] = {
    Depth.PREFERENCE: 4,
    Depth.SCENE: 5,
    Depth.DILEMMA: 5,
    Depth.REGRET: 2,
}
LEAST_OF_A_STAGE: Final = 40  # a quarter of 160
LEAST_OF_A_STAGE_IN_A_DOMAIN: Final = 4


@dataclass(frozen=True, slots=True, order=True)
class Alike:
    """Two prompts that share too much, where, and how much of the shorter one's trigrams (0 to 1)."""

    one: str
    other: str
    where: str
    shared: float


@dataclass(frozen=True, slots=True, order=True)
class Thin:
    """A part of the library that holds fewer prompts than it needs."""

    part: str
    held: int
    needed: int


def trigrams(text: str) -> frozenset[str]:
    """Return the runs of three characters in a text, without regard to case and spaces between words kept."""
    folded = text.casefold()
    return frozenset(folded[n : n + 3] for n in range(len(folded) - 2))


def share_of(one: Set[str], other: Set[str]) -> float:
    """Return how much of the smaller set of trigrams the other one holds too, 0 to 1.

    The overlap coefficient, |A∩B| / min(|A|, |B|), rather than Jaccard's: a short prompt that stands whole inside
    a long one counts as a copy. Each trigram counts once, however often it stands in a text.
    """
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def alike(prompts: Sequence[Prompt]) -> tuple[Alike, ...]:
    """Return the pairs that share more than 60 % of their trigrams, and each follow-up that stands in two places.

    Prompts are compared in each language by themselves (`ja`, `en`) and with their follow-ups (`all_ja`, `all_en`).
    """
    found: list[Alike] = []
    for where, texts in _compared(prompts).items():
        for (one, of_one), (other, of_other) in combinations(texts, 2):
            shared = share_of(of_one, of_other)
            if shared > MOST_SHARED:
                found.append(Alike(one, other, where, round(shared, 2)))
    for where in ("follow_ups_ja", "follow_ups_en"):
        first: dict[str, str] = {}
        for prompt in prompts:
            for text in getattr(prompt, where):
                if text in first:
                    found.append(Alike(first[text], prompt.slug, where, 1.0))
                first.setdefault(text, prompt.slug)
    return tuple(sorted(found))


def _compared(prompts: Sequence[Prompt]) -> dict[str, list[tuple[str, frozenset[str]]]]:
    return {
        "ja": [(one.slug, trigrams(one.ja)) for one in prompts],
        "en": [(one.slug, trigrams(one.en)) for one in prompts],
        "all_ja": [(one.slug, trigrams("\n".join((one.ja, *one.follow_ups_ja)))) for one in prompts],
        "all_en": [(one.slug, trigrams("\n".join((one.en, *one.follow_ups_en)))) for one in prompts],
    }


def thin_parts(prompts: Collection[Prompt]) -> tuple[Thin, ...]:
    """Return where the library holds too little, with the numbers that stand at the head of this module.

    Each value has prompts in five domains and at three depths at least; each domain has every depth and every stage.
    """
    return tuple(sorted(thin for thin in _counted(prompts) if thin.held < thin.needed))


def _counted(prompts: Collection[Prompt]) -> Iterator[Thin]:
    values = Counter(prompt.value for prompt in prompts)
    stages = Counter(prompt.stage for prompt in prompts)
    by_depth = Counter((prompt.domain, prompt.depth) for prompt in prompts)
    by_stage = Counter((prompt.domain, prompt.stage) for prompt in prompts)
    for value in Value:
        of_it = [prompt for prompt in prompts if prompt.value == value]
        yield Thin(f"value {value}", values[value], LEAST_OF_A_VALUE)
        yield Thin(f"value {value}: domains", len({one.domain for one in of_it}), LEAST_DOMAINS_OF_A_VALUE)
        yield Thin(f"value {value}: depths", len({one.depth for one in of_it}), LEAST_DEPTHS_OF_A_VALUE)
    for stage in Stage:
        yield Thin(f"stage {stage}", stages[stage], LEAST_OF_A_STAGE)
    for domain in Domain:
        for depth, needed in LEAST_OF_A_DOMAIN.items():
            yield Thin(f"domain {domain}: depth {int(depth)}", by_depth[domain, depth], needed)
        for stage in Stage:
            yield Thin(f"domain {domain}: stage {stage}", by_stage[domain, stage], LEAST_OF_A_STAGE_IN_A_DOMAIN)
