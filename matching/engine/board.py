"""The board of a plan: who sits where, what is locked, and every step as a change that can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from matching.engine.solution import PlannedCohort

Seat = int | str
"""The number of a cohort, or the reason for which somebody waits."""


class Stale(Exception):
    """A change does not fit the board as it is now."""


class Step(StrEnum):
    """What can be done on a board. The last two walk along what was done before."""

    MOVE = "move"
    SWAP = "swap"
    LOCK = "lock"
    UNLOCK = "unlock"
    UNDO = "undo"
    REDO = "redo"


class LockKind(StrEnum):
    """What a coordinator locks: all of a cohort, its time, one person in it, or two people beside each other."""

    COHORT = "cohort"
    WINDOW = "window"
    PERSON = "person"
    PAIR = "pair"


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """Something locked. `of`: the number of a cohort, or the ids of one person or of two in order."""

    kind: LockKind
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a cohort is beside its people."""

    facilitator: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one step does: `seats` are (person, seat before, seat after)."""

    seats: tuple[tuple[str, Seat, Seat], ...] = ()
    locked: tuple[Lock, ...] = ()
    unlocked: tuple[Lock, ...] = ()

    def inverse(self) -> "Change":
        """Return the change that takes this one back."""
        back = tuple((person, after, before) for person, before, after in self.seats)
        return Change(seats=back, locked=self.unlocked, unlocked=self.locked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A plan under a coordinator's hands. Everybody whom the plan knows has exactly one seat."""

    frames: Mapping[int, Frame]
    seats: Mapping[str, Seat]
    locks: frozenset[Lock] = frozenset()

    def after(self, change: Change) -> "Board":
        """Return the board once the change is made.

        Raises:
            Stale: somebody sits elsewhere than the change says, a cohort is unknown, or a lock is there already or
                is gone.
        """
        seats = dict(self.seats)
        for person, before, after in change.seats:
            if seats.get(person) != before or (isinstance(after, int) and after not in self.frames):
                raise Stale(person)
            seats[person] = after
        if not self.locks >= set(change.unlocked) or self.locks & set(change.locked):
            raise Stale("lock")
        return replace(self, seats=seats, locks=self.locks - set(change.unlocked) | set(change.locked))

    def members(self, number: int) -> tuple[str, ...]:
        """Return who sits in a cohort, in the order of their ids."""
        return tuple(sorted((person for person, seat in self.seats.items() if seat == number), key=_by_id))

    def cohorts(self) -> dict[int, PlannedCohort]:
        """Return the cohorts by number."""
        people: dict[int, list[str]] = {number: [] for number in sorted(self.frames)}
        for person in sorted(self.seats, key=_by_id):
            seat = self.seats[person]
            if isinstance(seat, int):
                people[seat].append(person)
        return {
            number: PlannedCohort(members=tuple(members), facilitator=frame.facilitator, start=frame.start)
            for number, members in people.items()
            for frame in (self.frames[number],)
        }

    def move(self, person: str, seat: Seat, *, along: Iterable[str] = ()) -> Change:
        """Return the change that gives somebody another seat, with those of their cohort who go along.

        Raises:
            Stale: the person is unknown, or sits there already.
        """
        before = self.seats.get(person)
        if before is None or before == seat or (isinstance(before, str) and isinstance(seat, str)):
            raise Stale(person)
        going = sorted({person, *along}, key=_by_id)
        return Change(seats=tuple((one, before, seat) for one in going if self.seats.get(one) == before))

    def swap(self, one: str, other: str) -> Change:
        """Return the change by which two people exchange their seats.

        Raises:
            Stale: one of them is unknown, they sit in one cohort, or both wait.
        """
        first, second = self.seats.get(one), self.seats.get(other)
        both_wait = isinstance(first, str) and isinstance(second, str)
        if first is None or second is None or first == second or both_wait:
            raise Stale(one)
        return Change(seats=((one, first, second), (other, second, first)))

    def companions(self, person: str, pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Return who goes wherever this person goes: pairs of one seat, and pairs of these."""
        seat = self.seats.get(person)
        tied = [pair for pair in pairs if {self.seats.get(one) for one in pair} == {seat}]
        tied += [(lock.of[0], lock.of[1]) for lock in self.locks if lock.kind == LockKind.PAIR]
        found, grown = {person}, True
        while grown:
            more = {one for pair in tied if found & set(pair) for one in pair if self.seats.get(one) == seat}
            grown = not more <= found
            found |= more
        return frozenset(found - {person})

    def can_lock(self, lock: Lock) -> bool:
        """Return whether this is there to be locked: a cohort, somebody in one, or two people of one."""
        if lock in self.locks:
            return False
        if lock.kind in (LockKind.COHORT, LockKind.WINDOW):
            return len(lock.of) == 1 and lock.of[0].isdecimal() and int(lock.of[0]) in self.frames
        seats = {self.seats.get(one) for one in lock.of}
        is_pair = lock.kind == LockKind.PAIR
        in_order = len(set(lock.of)) == (2 if is_pair else 1) and tuple(sorted(lock.of, key=_by_id)) == lock.of
        return in_order and len(seats) == 1 and isinstance(seats.pop(), int)

    def in_the_way(self, change: Change) -> tuple[Lock, ...]:
        """Return what is locked and would not be any more: the cohort, the person, the pair."""
        gone = {person: (before, after) for person, before, after in change.seats}
        touched = {str(seat) for seats in gone.values() for seat in seats}
        found = [
            lock
            for lock in self.locks
            if (lock.kind == LockKind.COHORT and lock.of[0] in touched)
            or (lock.kind == LockKind.PERSON and lock.of[0] in gone)
            or (lock.kind == LockKind.PAIR and gone.get(lock.of[0]) != gone.get(lock.of[1]))
        ]
        return tuple(sorted(found))


def standing(steps: Sequence[tuple[int, Step]]) -> tuple[list[int], list[int]]:
    """Return (what is done, what is undone) of a history, each with the latest last, by the numbers of the steps.

    `steps` stand in order. A new step forgets what was undone before it.

    Raises:
        Stale: there is more undone or redone than was done.
    """
    done: list[int] = []
    undone: list[int] = []
    for number, step in steps:
        if step in (Step.UNDO, Step.REDO):
            away, onto = (done, undone) if step == Step.UNDO else (undone, done)
            if not away:
                raise Stale(str(number))
            onto.append(away.pop())
        else:
            done.append(number)
            undone.clear()
    return done, undone


def _by_id(person: str) -> tuple[int, str]:
    return (int(person), person) if person.isdecimal() else (0, person)
