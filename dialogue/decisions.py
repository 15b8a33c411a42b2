"""What coordinators decide about sign-ups, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

from dialogue.core.reception import Move, Stage
from dialogue.models import Participation, Person, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to become of a sign-up. `words` are the coordinator's own: the question of ASK_BACK, else optional.

    Raises:
        ValueError: a question without words, or a handing on that names no term or no other programme.
    """

    move: Move
    words: str = ""
    to_term: Term | None = None
    elsewhere: str = ""

    def __post_init__(self) -> None:
        if self.move is Move.ASK_BACK and not self.words.strip():
            raise ValueError("a question needs words")
        if (self.move is Move.HAND_ON) != (self.to_term is not None):
            raise ValueError("handing on names a term, and nothing else does")
        if (self.move is Move.POINT_ON) != bool(self.elsewhere.strip()):
            raise ValueError("pointing on names another programme, and nothing else does")


class Result(StrEnum):
    """What came of a decision for one person."""

    DONE = "done"
    ALREADY = "already"
    """It was so before: nothing was changed or sent."""
    CHANGED = "changed"
    """Somebody decided, or the person answered, since the list was read: nothing was changed or sent."""
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One person's part in a decision. `stage` is where they stand now, `changed_by` who was quicker."""

    participation: Participation
    result: Result
    stage: Stage
    told: bool = False
    """Whether a letter was queued."""
    taken_back: bool = False
    """Whether the letter of the decision before had not left, and never will."""
    changed_by: Person | None = None
