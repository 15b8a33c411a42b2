"""What the page of a practice shows: the room's own page, with those who are played and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogue.models import Person
from sessions.core.guide.arcs import Kind
from sessions.core.room.practice import Played
from sessions.guide_words import STEPS
from sessions.practice_words import FOLLOW_UPS, NAMES, NOTICE, PROMPTS, SAYS
from sessions.reading import PromptCard
from sessions.room_reading import Part, Sitter


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the script: who says it and its name, in words, and what there is to notice in it."""

    key: str
    """The speaker's key and the line's name, as the state of the room has them."""
    name: str
    words: str
    notice: str
    lead: str
    """What whoever leads can say."""
    now: bool


def practice_sitters(person: Person, seen: Mapping[str, Any]) -> list[Sitter]:
    """Return who sits in the circle, in the order of speaking, and last who leads. No query."""
    names = {int(key): str(name) for key, name in NAMES.items()} | {person.pk: person.preferred_name}
    order = {key: place for place, key in enumerate(seen["order"])}
    seats = sorted(seen["seats"], key=lambda key: order.get(key, len(order)))
    circle = [
        Sitter(key, names[key], here=key in seen["here"], said=key in seen["said"], now=key == seen["turn"])
        for key in seats
    ]
    lead = seen["leader"]
    return [*circle, Sitter(lead, names[lead], leads=True, here=seen["leader_here"])]


def practice_parts() -> list[Part]:
    """Return the words of every kind of step, with the two prompts of a practice, in the reader's language."""
    return [
        Part(kind.value, str(words.name), str(words.note), str(words.say), _card(kind)) for kind, words in STEPS.items()
    ]


def _card(kind: Kind) -> PromptCard | None:
    return PromptCard(str(PROMPTS[kind]), "", [str(one) for one in FOLLOW_UPS[kind]], []) if kind in PROMPTS else None


def practice_lines(seen: Mapping[str, Any]) -> list[Said]:
    """Return all that the script can say, in the reader's language; the one that is said now is marked."""
    says = seen["says"]
    return [
        Said(
            key=f"{who} {line}",
            name=str(NAMES[Played(who)]),
            words=str(words),
            notice=str(NOTICE[line][0]) if line in NOTICE else "",
            lead=str(NOTICE[line][1]) if line in NOTICE else "",
            now=says is not None and (says["by"], says["line"]) == (who, line),
        )
        for (who, line), words in SAYS.items()
    ]
