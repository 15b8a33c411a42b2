"""What is kept when the rest of a run is formed anew: from locks to a row, and back to the locks of the new run."""

from collections.abc import Mapping, Sequence
from typing import Any

from matching.engine import PlannedCohort
from matching.engine.board import Board, Lock, LockKind
from matching.engine.keeping import Keep, KeptFrame


def keep_of(board: Board) -> Keep:
    """Return what the locks of a board keep."""
    cohorts = board.cohorts()
    whole = {int(lock.of[0]) for lock in board.locks if lock.kind == LockKind.COHORT}
    people: dict[int, list[str]] = {int(lock.of[0]): [] for lock in sorted(board.locks) if lock.kind == LockKind.WINDOW}
    for lock in sorted(board.locks):
        if lock.kind == LockKind.PERSON and isinstance(seat := board.seats.get(lock.of[0]), int):
            people.setdefault(seat, []).append(lock.of[0])
    return Keep(
        cohorts=tuple(cohorts[number] for number in sorted(whole)),
        frames=tuple(
            KeptFrame(cohort=cohorts[number], people=tuple(some))
            for number, some in sorted(people.items())
            if number not in whole
        ),
        pairs=tuple((lock.of[0], lock.of[1]) for lock in sorted(board.locks) if lock.kind == LockKind.PAIR),
    )


def row_of_keep(keep: Keep) -> dict[str, Any]:
    """Return what is kept in plain values; empty when that is nothing."""
    if keep == Keep():
        return {}
    return {
        "cohorts": [_row_of_cohort(cohort) for cohort in keep.cohorts],
        "frames": [[_row_of_cohort(frame.cohort), list(frame.people)] for frame in keep.frames],
        "pairs": [list(pair) for pair in keep.pairs],
    }


def keep_of_row(row: Mapping[str, Any]) -> Keep:
    """Return what a row keeps."""
    if not row:
        return Keep()
    return Keep(
        cohorts=tuple(_cohort(*cohort) for cohort in row["cohorts"]),
        frames=tuple(KeptFrame(cohort=_cohort(*cohort), people=tuple(people)) for cohort, people in row["frames"]),
        pairs=tuple((one, other) for one, other in row["pairs"]),
    )


def locks_of(keep: Keep, cohorts: Sequence[PlannedCohort]) -> tuple[Lock, ...]:
    """Return the locks of a new plan, whose cohorts count from 1: what was kept stays locked where it is found."""
    number_at = {(cohort.facilitator, cohort.start): number for number, cohort in enumerate(cohorts, start=1)}
    seats = {person: number for number, cohort in enumerate(cohorts, start=1) for person in cohort.members}
    locks = set()
    for cohort in keep.cohorts:
        number = number_at.get((cohort.facilitator, cohort.start))
        if number is not None and cohorts[number - 1].members == cohort.members:
            locks.add(Lock(LockKind.COHORT, (str(number),)))
    for frame in keep.frames:
        number = number_at.get((frame.cohort.facilitator, frame.cohort.start))
        if number is None:
            continue
        locks |= {Lock(LockKind.PERSON, (one,)) for one in frame.people if seats.get(one) == number}
        if not frame.people:
            locks.add(Lock(LockKind.WINDOW, (str(number),)))
    for one, other in keep.pairs:
        if one in seats and seats[one] == seats.get(other):
            locks.add(Lock(LockKind.PAIR, (one, other)))
    return tuple(sorted(locks))


def _row_of_cohort(cohort: PlannedCohort) -> list[Any]:
    return [list(cohort.members), cohort.facilitator, cohort.start]


def _cohort(members: Sequence[str], facilitator: str, start: int) -> PlannedCohort:
    return PlannedCohort(members=tuple(members), facilitator=facilitator, start=start)
