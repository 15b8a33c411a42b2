"""The fewest people that must move when somebody leaves, by trying everything that moves nobody or one.

Slow and plain, to hold the engine's repairs against; it takes from the engine only what a row of people is and whether
it keeps the rules.
"""

from collections.abc import Iterator
from itertools import combinations

from matching.engine.seats import Row, Seats
from matching.engine.week import bits


def least_moves(seats: Seats, person: int) -> int | None:
    """Return 0 or 1 when the cohort that somebody leaves can be made whole so, at any time of its own, else None.

    People who wait may come in; the cohort that gives somebody may be filled by people who wait, and keeps its time.
    """
    position = seats.row_of[person]
    before = seats.put_all({position: seats.without(seats.row_at(position), person)})
    seats.set_present(person, present=False)
    try:
        left = seats.row_at(position)
        if seats.is_valid(left):
            return 0
        elsewhere = list(_elsewhere(seats, position, left))
        if any(_filled_by_waiting(seats, row) for row in elsewhere):
            return 0
        return 1 if any(_filled_by_one_who_moves(seats, position, row) for row in elsewhere) else None
    finally:
        seats.set_present(person, present=True)
        seats.put_all(before)


def _elsewhere(seats: Seats, position: int, row: Row) -> Iterator[Row]:
    """Yield the row at each time of its own with each facilitator who is free then."""
    for start in bits(row.common):
        for host in seats.hosts_at[start]:
            if (host, start) == (row.host, row.start) or seats.host_is_free(host, start, besides=position):
                yield seats.row(row.people, host=host, start=start)


def _waiting_units(seats: Seats, row: Row, most: int) -> Iterator[tuple[int, ...]]:
    """Yield sets of at most so many people who wait and could join a row, pairs that stay together whole."""
    could = seats.who_may_join(row, seats.waiting)
    units = sorted(
        {unit for unit in map(seats.units.__getitem__, bits(could)) if all(could >> one & 1 for one in unit)}
    )
    for count in range(most + 1):
        for chosen in combinations(units, count):
            people = tuple(one for unit in chosen for one in unit)
            if len(people) <= most:
                yield people


def _with(seats: Seats, row: Row, people: tuple[int, ...]) -> Row:
    return seats.row((*row.people, *people), host=row.host, start=row.start)


def _filled_by_waiting(seats: Seats, row: Row, *, besides: int = 0) -> bool:
    room = seats.params.size_max - row.size
    return any(
        seats.is_valid(_with(seats, row, people))
        for people in _waiting_units(seats, row, room)
        if not any(besides >> one & 1 for one in people)
    )


def _filled_by_one_who_moves(seats: Seats, position: int, row: Row) -> bool:
    others = seats.who_may_join(row, seats.present & ~seats.waiting)
    for mover in bits(others):
        giver = seats.row_of[mover]
        if giver == position or len(seats.units[mover]) > 1:
            continue
        hole = seats.without(seats.row_at(giver), mover)
        for people in _waiting_units(seats, row, seats.params.size_max - row.size - 1):
            filled = _with(seats, row, (mover, *people))
            if seats.is_valid(filled) and _filled_by_waiting(seats, hole, besides=filled.mask):
                return True
    return False
