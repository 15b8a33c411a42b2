"""What people would like to hear and tell about: topics in two languages, and how close they are to each other."""

from dialogue.core.interests.closeness import (
    Closeness,
    Ratings,
    RelatedPair,
    between,
    expand,
    related,
    tag_of,
    why_close,
)
from dialogue.core.interests.proposing import Proposal, proposals_for, propose
from dialogue.core.interests.taxonomy import TAXONOMY, TOPICS, Group, Topic
from dialogue.core.interests.words import as_topics, meant, name_of, topic_called, topic_named, topic_of_kind

__all__ = [
    "TAXONOMY",
    "TOPICS",
    "Closeness",
    "Group",
    "Proposal",
    "Ratings",
    "RelatedPair",
    "Topic",
    "as_topics",
    "between",
    "expand",
    "meant",
    "name_of",
    "proposals_for",
    "propose",
    "related",
    "tag_of",
    "topic_called",
    "topic_named",
    "topic_of_kind",
    "why_close",
]
