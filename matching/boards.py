"""A finished run as a board: its rows as the engine sees them, and the steps that led to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matching.engine.board import Board, Change, Frame, Lock, LockKind, Step, standing
from matching.inputs import MatchInput, read_input, slot_of_window
from matching.models import BoardStep, CohortProposal, MatchRun
from matching.wishes import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """What is locked, as a page asks: numbers of cohorts, of cohorts whose time is kept, and participations."""

    cohorts: frozenset[int]
    windows: frozenset[int]
    people: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The steps of a board in order. `version` is how many there are; `done` and `undone` have the latest last."""

    steps: Sequence[BoardStep]
    done: Sequence[int]
    undone: Sequence[int]

    @property
    def version(self) -> int:
        return len(self.steps)

    @property
    def next_to_undo(self) -> BoardStep | None:
        return self.steps[self.done[-1] - 1] if self.done else None

    @property
    def next_to_redo(self) -> BoardStep | None:
        return self.steps[self.undone[-1] - 1] if self.undone else None

    @property
    def is_rearranged(self) -> bool:
        """Whether somebody sits elsewhere than the run put them."""
        return any(self.steps[number - 1].change["seats"] for number in self.done)

    @property
    def locks(self) -> frozenset[Lock]:
        """What is locked by now."""
        locks: set[Lock] = set()
        for number in self.done:
            change = change_of_row(self.steps[number - 1].change)
            locks = locks - set(change.unlocked) | set(change.locked)
        return frozenset(locks)

    @property
    def locked(self) -> Locked:
        """What is locked by now, sorted for a page."""
        found = {kind: frozenset(int(lock.of[0]) for lock in self.locks if lock.kind == kind) for kind in LockKind}
        return Locked(cohorts=found[LockKind.COHORT], windows=found[LockKind.WINDOW], people=found[LockKind.PERSON])


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBoard:
    """The board of one run with what is needed to judge a change. Ids are primary keys, as text."""

    run: MatchRun
    read: MatchInput
    board: Board
    history: History


def history_of(run: MatchRun) -> History:
    """Return what was done to a run's proposals. Costs a query."""
    steps = list(run.board_steps.select_related("done_by").order_by("number"))
    done, undone = standing([(one.number, Step(one.kind)) for one in steps])
    return History(steps=steps, done=done, undone=undone)


def seats_of(run: MatchRun, history: History) -> Board:
    """Return who sits where. Costs three queries."""
    proposals = {one.pk: one for one in run.proposals.order_by("number")}
    seats: dict[str, int | str] = {
        str(person): proposals[proposal].number
        for proposal, person in run.proposed_members.values_list("proposal", "participation")
    }
    seats |= {str(person): reason for person, reason in run.unplaced.values_list("participation", "reason")}
    frames = {one.number: frame_of(one) for one in proposals.values()}
    return Board(frames=frames, seats=seats, locks=history.locks)


def frame_of(proposal: CohortProposal) -> Frame:
    """Return a proposal without its people."""
    start = slot_of_window(weekday=proposal.weekday, starts=proposal.starts)
    return Frame(facilitator=str(proposal.facilitation_id), start=start)


def board_of(run: MatchRun, *, now: datetime) -> RunBoard:
    """Read a run's board, with the people, times and rules of this moment and the wishes of the run."""
    history = history_of(run)
    read = read_input(run.term, Wishes.of_row(run.wishes), now=now)
    return RunBoard(run=run, read=read, board=seats_of(run, history), history=history)


def row_of_change(change: Change) -> dict[str, Any]:
    """Return a change in plain values that a row keeps."""
    return {
        "seats": [[int(person), before, after] for person, before, after in change.seats],
        "locked": [[lock.kind.value, *lock.of] for lock in change.locked],
        "unlocked": [[lock.kind.value, *lock.of] for lock in change.unlocked],
    }


def change_of_row(row: Mapping[str, Any]) -> Change:
    """Return the change that a row keeps."""
    return Change(
        seats=tuple((str(person), before, after) for person, before, after in row["seats"]),
        locked=tuple(Lock(LockKind(kind), tuple(of)) for kind, *of in row["locked"]),
        unlocked=tuple(Lock(LockKind(kind), tuple(of)) for kind, *of in row["unlocked"]),
    )
