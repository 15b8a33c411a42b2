"""What was found in a text: a passage that advises, and how to say it as one's own experience."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that advises: `text[start:end]` of the text as it was given, by character.

    `rule` is a code that stays the same over releases. `frame` is the beginning of a sentence in the text's language
    in which the same could be told as one's own experience.
    """

    start: int
    end: int
    text: str
    rule: str
    frame: str
