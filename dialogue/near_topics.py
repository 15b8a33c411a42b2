"""Topics that lie near to what somebody wrote in their own words, to be confirmed by them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dialogue.core.interests import Proposal, proposals_for
from dialogue.interest_embedding import embedder


def near_topics(given: Mapping[str, Any], *, but_not: Collection[str] = ()) -> tuple[Proposal, ...]:
    """Return what to propose for the own words of answers, in the shape in which a draft keeps them.

    Topics that they chose already are left out, and so are the words of `but_not`, which have been asked about.
    """
    words = [word for word in given["own"] if word not in but_not]
    return proposals_for(words, chosen=given["topics"], embedder=embedder()) if words else ()


def with_topics(given: Mapping[str, Any], more: Sequence[str]) -> dict[str, Any]:
    """Return answers with some topics more, each once."""
    return {**given, "topics": list(dict.fromkeys([*given["topics"], *more]))}
