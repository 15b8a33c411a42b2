"""What a rule is: words that mark advice, and in which company they do not."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """A marker met in a sentence, and what stands around it.

    `whole` is the text so far as others have said nothing in it (quotations hidden), `earlier` what came before this
    sentence.
    """

    sentence: str
    start: int
    end: int
    earlier: str
    whole: str

    @property
    def before(self) -> str:
        """What stands before the marker in its sentence."""
        return self.sentence[: self.start]

    @property
    def marker(self) -> str:
        """The words of the marker."""
        return self.sentence[self.start : self.end]

    @property
    def tail(self) -> str:
        """What follows the marker in its sentence."""
        return self.sentence[self.end :]

    @property
    def clause_tail(self) -> str:
        """What follows the marker up to the next comma."""
        return re.split("[、,]", self.tail, maxsplit=1)[0]


Condition = Callable[[Sighting], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of advising: it holds where `marker` is met, all of `only` are true and none of `unless`."""

    code: str
    frame: str
    marker: re.Pattern[str]
    unless: tuple[Condition, ...] = ()
    only: tuple[Condition, ...] = ()

    def met(self, *, sentence: str, earlier: str, whole: str) -> Sighting | None:
        """Return the first place in the sentence where the rule holds."""
        for found in self.marker.finditer(sentence):
            sighting = Sighting(sentence, found.start(), found.end(), earlier, whole)
            if all(holds(sighting) for holds in self.only) and not any(holds(sighting) for holds in self.unless):
                return sighting
        return None
