"""Where somebody of a board could sit: what fits, the best first, and all the rest to be looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from dialogue.models import PairWish
from matching.board_words import BoardWords
from matching.boards import RunBoard
from matching.engine.board import Board, Lock, LockKind, Seat, Stale
from matching.engine.judging import Judge
from matching.explanation_words import weekly_time
from matching.services.arranging import Wanted, change_for

MOST_EXCHANGES: Final = 12
WAITING: Final = "w"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A seat as an address names it. `number` is that of the cohort (0: they wait), `name` of whom to exchange with."""

    seat: str
    number: int = 0
    when: str = ""
    people: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom the person is kept apart from, or together with."""

    other: str
    name: str
    apart: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """`cohorts` and `exchanges` keep all rules, the best company first; `every_cohort` and `everybody` are the rest.

    `number` is the cohort that the person sits in (0: they wait).
    """

    name: str
    number: int
    may_wait: bool
    cohorts: tuple[Choice, ...]
    exchanges: tuple[Choice, ...]
    every_cohort: tuple[Choice, ...]
    everybody: tuple[Choice, ...]
    locks: tuple[tuple[str, str], ...]
    """What may be locked here, each as (what a form sends, in words)."""
    people: tuple[Choice, ...]
    """Everybody else; `seat` is the key of their participation."""
    wishes: tuple[Wish, ...]


def menu_of(seen: RunBoard, person: str) -> Menu:
    """Return where somebody could sit. Costs two queries."""
    board = seen.board
    words = BoardWords(board.seats)
    cohorts = board.cohorts()
    here = board.seats[person]
    judge = Judge(seen.read.problem, board)

    def cohort(number: int) -> Choice:
        when = weekly_time(seen.run.term, cohorts[number].start, inside=True)
        return Choice(seat=f"c{number}", number=number, when=when, people=len(cohorts[number].members))

    def somebody(other: str) -> Choice:
        return Choice(seat=f"p{other}", number=_number(board.seats[other]), name=words.name(other))

    others = sorted((one for one in board.seats if board.seats[one] != here and one != person), key=words.kana)
    moves = [(str(number), Wanted(person=person, to=number)) for number in cohorts if number != here]
    swaps = [(one, Wanted(person=person, other=one)) for one in others if _may_be_exchanged(here, board.seats[one])]
    fitting = judge.best([(key, change_for(seen, wanted)) for key, wanted in moves])
    exchanged = judge.best([(key, change_for(seen, wanted)) for key, wanted in swaps])[:MOST_EXCHANGES]
    everybody_else = [
        Choice(seat=one, number=_number(board.seats[one]), name=words.name(one))
        for one in sorted(board.seats, key=words.kana)
        if one != person
    ]
    return Menu(
        people=tuple(everybody_else),
        wishes=tuple(_wishes(person, words)),
        name=words.name(person),
        number=_number(here),
        may_wait=_may_wait(seen, judge, person),
        cohorts=tuple(cohort(int(key)) for key in fitting),
        exchanges=tuple(somebody(key) for key in exchanged),
        every_cohort=tuple(cohort(int(key)) for key, _wanted in moves),
        everybody=tuple(somebody(key) for key, _wanted in swaps),
        locks=tuple((f"{lock.kind} {' '.join(lock.of)}", words.locked(lock)) for lock in _locks(board, person)),
    )


def _wishes(person: str, words: BoardWords) -> Iterator[Wish]:
    """Yield what coordinators or the two themselves wish for; a block is nobody's to read here."""
    mine = PairWish.objects.filter(Q(first=person) | Q(second=person)).exclude(kind=PairWish.Kind.BLOCKED)
    for wish in mine.order_by("pk"):
        other = str(wish.second_id if str(wish.first_id) == person else wish.first_id)
        yield Wish(other=other, name=words.name(other), apart=wish.kind == PairWish.Kind.APART)


def _locks(board: Board, person: str) -> list[Lock]:
    here = board.seats[person]
    mates = [one for one in board.members(here) if one != person] if isinstance(here, int) else []
    pairs = [tuple(sorted((person, mate), key=int)) for mate in mates]
    locks = [Lock(LockKind.PERSON, (person,)), *(Lock(LockKind.PAIR, pair) for pair in pairs)]
    return [lock for lock in locks if board.can_lock(lock)]


def _may_wait(seen: RunBoard, judge: Judge, person: str) -> bool:
    try:
        return not judge.refused(change_for(seen, Wanted(person=person)))
    except Stale:
        return False


def _may_be_exchanged(here: Seat, there: Seat) -> bool:
    return isinstance(here, int) or isinstance(there, int)


def _number(seat: Seat) -> int:
    return seat if isinstance(seat, int) else 0
