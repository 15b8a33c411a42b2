"""Two runs of a term side by side: whose cohort is another, and in which of them people sit in better company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.board_words import LESS, MORE, BoardWords
from matching.engine.board import Board
from matching.engine.company import Part
from matching.engine.comparing import Pairing, paired
from matching.engine.judging import NOTABLE
from matching.evenness import Described, described, evenness_of
from matching.explanation_words import weekly_time
from matching.models import MatchRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A cohort of one run in a comparison; `number` 0: there is none. `own` are those whom only this side has."""

    number: int
    when: str
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cohort of the one run beside the one of the other that shares most people with it."""

    one: Side
    other: Side
    both: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not self.one.own and not self.other.own and self.one.when == self.other.when


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`rows` that differ come first. `newly_placed` and `newly_waiting` are said of the other run.

    `evenness` says of each run where its weakest cohort lies.
    """

    rows: tuple[Row, ...]
    same: int
    moved: int
    newly_placed: tuple[str, ...]
    newly_waiting: tuple[str, ...]
    quality: tuple[str, ...]
    evenness: tuple[str, str]


def comparison(one: MatchRun, other: MatchRun, *, boards: tuple[Board, Board]) -> Comparison:
    """Compare two runs of one term, whose boards are given. Costs three queries."""
    first, second = boards
    words = BoardWords({*first.seats, *second.seats})

    def names(people: Sequence[str]) -> tuple[str, ...]:
        return tuple(words.name(person) for person in sorted(people, key=words.kana))

    def side(board: Board, number: int | None, own: Sequence[str]) -> Side:
        if number is None:
            return Side(number=0, when="", own=())
        return Side(number=number, when=weekly_time(one.term, board.frames[number].start), own=names(own))

    def row(pairing: Pairing) -> Row:
        return Row(
            one=side(first, pairing.one, pairing.only_one),
            other=side(second, pairing.other, pairing.only_other),
            both=names(pairing.both),
        )

    pairings = paired(first, second)
    rows = [row(pairing) for pairing in pairings]
    placed = [{person for person, seat in board.seats.items() if isinstance(seat, int)} for board in boards]
    before, after = described(one), described(other)
    here = {person for pairing in pairings for person in pairing.both}
    return Comparison(
        rows=tuple(one for one in rows if not one.is_same),
        same=sum(one.is_same for one in rows),
        moved=len((placed[0] & placed[1]) - here),
        newly_placed=names(sorted(placed[1] - placed[0])),
        newly_waiting=names(sorted(placed[0] - placed[1])),
        quality=_quality(_parts(before), _parts(after)),
        evenness=(evenness_of(before), evenness_of(after)),
    )


def _quality(before: Mapping[Part, float], after: Mapping[Part, float]) -> tuple[str, ...]:
    """Return in which respects the other run's cohorts are better or weaker, on the average of their people."""
    found = [(part, after[part] - before[part]) for part in Part if before and after]
    told = [str(MORE[part] if value > 0 else LESS[part]) for part, value in found if abs(value) >= NOTABLE]
    return tuple(told) or (_("On the whole, the company is as good as before."),)


def _parts(cohorts: Sequence[Described]) -> dict[Part, float]:
    people = sum(one.people for one in cohorts)
    if not people:
        return {}
    return {part: sum(one.people * one.explanation["parts"][part.value] for one in cohorts) / people for part in Part}
