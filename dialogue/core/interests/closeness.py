"""How close two people's answers are, as a vector for the engine and as reasons for people.

Answers are ratings from 1 to 5 by word: keys of topics, and words of one's own that nobody else knows the meaning of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dialogue.core.interests.taxonomy import BRIDGE, RELATED, SAME, TAXONOMY, word_key
from dialogue.core.interests.words import topic_called

Ratings = Mapping[str, int]

SPREAD: Final[Mapping[float, int]] = {SAME: 20, RELATED: 6, BRIDGE: 3}
"""What a topic, a related one and a loosely related one weigh in the vector, for each point of the rating.

Two vectors that each spread half of a closeness to their neighbours have about that closeness as their cosine: 0.3 and
0.15 of the topic's own weight for 0.6 and 0.3. `docs/interests.md` has the measured spread.
"""


@dataclass(frozen=True, slots=True)
class RelatedPair:
    """A topic of one person, a topic of another, and how close these are: `RELATED` or `BRIDGE`."""

    one: str
    other: str
    closeness: float


@dataclass(frozen=True, slots=True)
class Closeness:
    """Why two people are close: what both said, and what lies close to each other. Strongest first."""

    shared: tuple[str, ...]
    related: tuple[RelatedPair, ...]

    def __bool__(self) -> bool:
        return bool(self.shared or self.related)


def tag_of(word: str) -> str:
    """Return what a word counts as: the key of the topic that it names, or a spelling-free form of an own word."""
    return topic_called(word) or word_key(word) or word


def related(one: str, other: str) -> float:
    """Return how close two topics are, from 0 to 1; own words are close only to themselves."""
    mine, theirs = tag_of(one), tag_of(other)
    return SAME if mine == theirs else TAXONOMY.neighbours.get(mine, {}).get(theirs, 0.0)


def expand(ratings: Ratings) -> Mapping[str, int]:
    """Return the vector (tag to whole weight) of a person's answers, whose cosine tells how close two people are.

    A topic reaches over to its neighbours; where several reach one tag, the largest weight counts, so nobody is closer
    to others for ticking more. A rating of zero or less says nothing.
    """
    vector: dict[str, int] = {}
    for word, rating in ratings.items():
        if rating > 0:
            tag = tag_of(word)
            for near, closeness in ((tag, SAME), *TAXONOMY.neighbours.get(tag, {}).items()):
                vector[near] = max(vector.get(near, 0), rating * SPREAD[closeness])
    return vector


def why_close(one: Ratings, other: Ratings) -> Closeness:
    """Return why two people are close, both sides rated; each topic is named in one reason only.

    Own words are given as the first person wrote them, topics by their key.
    """
    mine, theirs = _by_tag(one), _by_tag(other)
    both = [tag for tag in mine if tag in theirs]
    both.sort(key=lambda tag: -min(mine[tag][1], theirs[tag][1]))

    pairs = [
        (closeness, mine[tag][1] * theirs[near][1], tag, near)
        for tag in mine
        if tag not in theirs
        for near, closeness in TAXONOMY.neighbours.get(tag, {}).items()
        if near in theirs and near not in mine
    ]
    named: set[str] = set()
    reasons = []
    for closeness, _weight, tag, near in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if not {tag, near} & named:
            named |= {tag, near}
            reasons.append(RelatedPair(tag, near, closeness))
    return Closeness(tuple(mine[tag][0] for tag in both), tuple(reasons))


def between(students: Sequence[Ratings], alumni: Sequence[Ratings]) -> Closeness:
    """Return what bridges the generations of one cohort: topics that both hold, and topics of each that lie close.

    Shared ones come with most holders first, then with the highest ratings; a pair is named as (student's, alumni's).
    """
    here, there = _together(students), _together(alumni)
    holders = {tag: here[tag][2] + there[tag][2] for tag in here if tag in there}
    rated = {tag: here[tag][1] + there[tag][1] for tag in holders}
    shared = sorted(holders, key=lambda tag: (-holders[tag], -rated[tag], tag))
    rest = why_close(
        {word: weight for tag, (word, weight, _count) in here.items() if tag not in holders},
        {word: weight for tag, (word, weight, _count) in there.items() if tag not in holders},
    )
    return Closeness(tuple(here[tag][0] for tag in shared), rest.related)


def _together(people: Sequence[Ratings]) -> dict[str, tuple[str, int, int]]:
    """Return each tag with a word to show for it, the sum of its ratings and how many people hold it."""
    found: dict[str, tuple[str, int, int]] = {}
    for ratings in people:
        for tag, (word, rating) in _by_tag(ratings).items():
            shown, weight, holders = found.get(tag, (word, 0, 0))
            found[tag] = (shown, weight + rating, holders + 1)
    return found


def _by_tag(ratings: Ratings) -> dict[str, tuple[str, int]]:
    """Return each tag with the word to show for it and its rating; of two words for one tag the higher counts."""
    found: dict[str, tuple[str, int]] = {}
    for word, rating in ratings.items():
        tag = tag_of(word)
        if rating > 0 and rating > found.get(tag, ("", 0))[1]:
            found[tag] = (topic_called(word) or word, rating)
    return found
