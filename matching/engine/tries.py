"""What can be tried on a plan: rows at positions that would stand instead of those that stand there now.

Each try is made of rows that keep the rules; whoever is in one of them is in no other. Tries come the milder ones
first, as lazily as they are asked for, and at the end the seats are as they were.
"""

from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice

from matching.engine.seats import Row, Seats
from matching.engine.week import bits

Draft = dict[int, Row | None]

PICKS = 6
"""How many people are tried for one seat, of those who wait and of those whom others can spare."""

CHAINS = 80
"""How many people are looked at who would have to be replaced or to go elsewhere."""

TIMES = 60
"""How many other times and facilitators are tried for one cohort."""


def drafts_that_fill(seats: Seats, position: int, row: Row) -> Iterator[Draft]:
    """Yield ways to bring a row up to the rules, or one person more into one that keeps them."""
    if seats.has_right_size(row.size, row.students):
        for unit in picks(seats, row, among=seats.waiting):
            joined = seats.joined(row, unit)
            if joined is not None and seats.has_right_size(joined.size, joined.students):
                yield {position: joined}
        return
    yield from _filled(seats, position, row, among=seats.waiting, taken={})
    yield from _filled(seats, position, row, among=seats.waiting | seats.spare, taken={})
    yield from _with_somebody_replaced(seats, position, row)


def _filled(seats: Seats, position: int, row: Row, *, among: int, taken: Draft) -> Iterator[Draft]:
    """Yield fillings of a row by people of a set; each row of theirs gives one of them at most."""
    for unit in picks(seats, row, among=among):
        giver = seats.row_of[unit[0]]
        if giver == position or giver in taken:
            continue
        joined = seats.joined(row, unit)
        if joined is None:
            continue
        given = {**taken, **({giver: seats.without(seats.row_at(giver), *unit)} if giver >= 0 else {})}
        if seats.has_right_size(joined.size, joined.students):
            yield {position: joined, **given}
        elif _can_still_become_right(seats, joined):
            yield from islice(_filled(seats, position, joined, among=among, taken=given), 2)


def _can_still_become_right(seats: Seats, row: Row) -> bool:
    params = seats.params
    alumni = row.size - row.students
    missing = max(0, params.min_per_generation - row.students) + max(0, params.min_per_generation - alumni)
    return row.size + missing <= params.size_max


def picks(seats: Seats, row: Row, *, among: int) -> Iterator[tuple[int, ...]]:
    """Yield units that may join a row and bring it nearer to the rules, those who wait first, the scarcest first."""
    least = seats.params.min_per_generation
    could = seats.who_may_join(row, among)
    if row.students < least:
        could &= seats.student_mask
    elif row.size - row.students < least:
        could &= ~seats.student_mask
    yield from _scarcest(seats, could & seats.waiting)
    yield from _scarcest(seats, could & ~seats.waiting)


def _scarcest(seats: Seats, people: int) -> Iterator[tuple[int, ...]]:
    looked_at = sorted(islice(bits(people), 4 * PICKS), key=lambda one: (seats.starts[one].bit_count(), one))
    for person in looked_at[:PICKS]:
        unit = seats.units[person]
        if all(seats.waiting >> one & 1 for one in unit) or len(unit) == 1:
            yield unit


def _with_somebody_replaced(seats: Seats, position: int, row: Row) -> Iterator[Draft]:
    """Yield fillings by one person whose seat another takes, and so on until somebody comes whom nobody misses.

    The chains are the augmenting paths of matching theory, tried breadth first: the fewest moves come first. A row is
    in a chain once.
    """
    chains: deque[tuple[int, Row, Draft]] = deque([(position, row, {})])
    seen, looked_at, given = {position}, 0, 0
    while chains and looked_at < CHAINS:
        at, left, done = chains.popleft()
        for person in islice(bits(_those_who_mend(seats, left)), CHAINS):
            giver = seats.row_of[person]
            if giver in seen or giver in seats.locks.cohorts or len(seats.units[person]) > 1:
                continue
            joined = seats.joined(left, (person,))
            if joined is None or not seats.has_right_size(joined.size, joined.students):
                continue
            looked_at += 1
            seen.add(giver)
            hole = seats.without(seats.row_at(giver), person)
            so_far = {**done, at: joined}
            kept_out = _mask_of(so_far) | hole.mask | row.mask
            among = (seats.waiting | seats.spare) & ~kept_out
            filled = next(_filled(seats, giver, hole, among=among, taken=dict.fromkeys(seen - {giver})), None)
            if filled is None:
                chains.append((giver, hole, so_far))
                continue
            yield {**{place: part for place, part in filled.items() if part is not None}, **so_far}
            given += 1
            if given >= 3:
                return


def _those_who_mend(seats: Seats, row: Row) -> int:
    """Return those who sit elsewhere, cannot be spared there, and would bring a row up to the rules."""
    could = seats.who_may_join(row, seats.present & ~seats.waiting & ~seats.spare & ~seats.held)
    least = seats.params.min_per_generation
    if row.students < least:
        return could & seats.student_mask
    if row.size - row.students < least:
        return could & ~seats.student_mask
    return could


def _mask_of(draft: Draft) -> int:
    mask = 0
    for row in draft.values():
        mask |= row.mask if row is not None else 0
    return mask


def drafts_elsewhere(seats: Seats, position: int, row: Row, *, with_chains: bool = False) -> Iterator[Draft]:
    """Yield the row with another facilitator, then at another time; with more people where it is too small.

    With chains, only what somebody's leaving their own row for it makes possible.
    """
    if position in seats.locks.cohorts or position in seats.locks.windows:
        return
    same_time = (row.common >> row.start & 1) << row.start
    other_times = 0 if seats.locks.keeps_time(position) else row.common & ~same_time
    for start in [*bits(same_time), *bits(other_times)]:
        tried = 0
        for host in seats.hosts_at[start]:
            if (host, start) == (row.host, row.start) or not seats.host_is_free(host, start, besides=position):
                continue
            moved = seats.row(row.people, host=host, start=start)
            if not moved.languages:
                continue
            tried += 1
            if with_chains:
                yield from islice(_with_somebody_replaced(seats, position, moved), 1)
            elif seats.is_valid(moved):
                yield {position: moved}
            elif _can_still_become_right(seats, moved) and moved.size < seats.params.size_max:
                among = seats.waiting | seats.spare
                yield from islice(_filled(seats, position, moved, among=among, taken={}), 2)
            if tried >= (1 if with_chains else 3):
                break


def drafts_that_spread(seats: Seats, position: int, row: Row) -> Iterator[Draft]:
    """Yield the row dissolved, its people in other rows as far as they find a place."""
    if seats.locks.keeps_standing(position) or row.mask & seats.held:
        return
    draft: Draft = {position: None}
    undone = [seats.put_all({position: None})]
    units = list(dict.fromkeys(seats.units[person] for person in row.people))
    for unit in sorted(units, key=lambda one: (seats.starts[one[0]].bit_count(), one)):
        seating = next(drafts_that_seat(seats, unit, may_touch_times=False), None)
        if seating is not None:
            undone.append(seats.put_all(seating))
            draft |= seating
    for before in reversed(undone):
        seats.put_all(before)
    yield draft


def drafts_that_seat(seats: Seats, unit: tuple[int, ...], *, may_touch_times: bool = True) -> Iterator[Draft]:
    """Yield places for people who wait: in a row, in a new one, in the place of somebody who can go elsewhere.

    The last resort, another time for a row, comes only when nothing else was found.
    """
    partners = {seats.row_of[one] for one in unit if seats.row_of[one] >= 0}
    if partners:
        yield from _beside_their_partner(seats, unit, partners)
        return
    common = (1 << seats.params.week_slots) - 1
    for one in unit:
        common &= seats.starts[one]
    waiting, others = seats.waiting, seats.waiting | seats.spare
    found = False
    for draft in chain(_in_a_row(seats, unit, common), _in_a_new_row(seats, unit, common, among=waiting)):
        found = True
        yield draft
    for more in (_in_the_place_of_another, partial(_in_a_new_row, among=others)):
        if found:
            return
        for draft in more(seats, unit, common):
            found = True
            yield draft
    if not found and may_touch_times:
        yield from _at_another_time(seats, unit, common)


def _in_a_row(seats: Seats, unit: tuple[int, ...], common: int) -> Iterator[Draft]:
    rooms = []
    for position in seats.roomy_rows(common):
        row = seats.row_at(position)
        if any(row.barred >> one & 1 for one in unit):
            continue
        joined = seats.joined(row, unit)
        if joined is not None and row.host >= 0 and seats.has_right_size(joined.size, joined.students):
            rooms.append((row.size, position, joined))
    rooms.sort(key=lambda one: one[:2])
    for _, position, joined in rooms[: 2 * PICKS]:
        yield {position: joined}


def _in_a_new_row(seats: Seats, unit: tuple[int, ...], common: int, *, among: int) -> Iterator[Draft]:
    if not seats.locks.opens:
        return
    position = len(seats.rows)
    missing = seats.params.size_min - len(unit)
    tried = 0
    for start in bits(common):
        if (among & seats.free_at[start]).bit_count() < missing:
            continue
        host = next((one for one in seats.hosts_at[start] if seats.host_is_free(one, start)), None)
        if host is None:
            continue
        row = seats.row(unit, host=host, start=start)
        if not row.languages or row.common.bit_count() < seats.params.min_windows:
            continue
        tried += 1
        for draft in _filled(seats, position, row, among=among & ~row.mask, taken={}):
            yield draft
            break
        if tried >= TIMES // 4:
            return


def _in_the_place_of_another(seats: Seats, unit: tuple[int, ...], common: int) -> Iterator[Draft]:
    """Yield places of people who go to a row with a free seat, or take somebody's place in their turn."""
    if len(unit) == 1:
        yield from _along_chains(seats, unit[0], common)


def _along_chains(seats: Seats, first: int, common: int) -> Iterator[Draft]:
    roomy = sum(1 << start for start, count in enumerate(seats.roomy_starts) if count)
    chains: deque[tuple[int, int, Draft]] = deque([(first, common, {})])
    seen: set[int] = set()
    looked_at = given = 0
    while chains:
        person, starts, done = chains.popleft()
        for position in (at for start in bits(starts) for at in seats.rows_at[start] if at not in seen):
            swaps = list(_swaps(seats, position, person))
            looked_at += len(swaps)
            for other, swapped in swaps:
                room = _another_room(seats, other, besides={position, *done}) if seats.starts[other] & roomy else None
                if room is not None:
                    yield {**done, position: swapped, **room}
                    given += 1
            if given >= PICKS or looked_at >= 3 * CHAINS:
                return
            if len(done) < 2 and swaps:
                seen.add(position)
                chains += [(other, seats.starts[other], {**done, position: swapped}) for other, swapped in swaps]
        if given:
            return


def _swaps(seats: Seats, position: int, person: int) -> Iterator[tuple[int, Row]]:
    """Yield who of a row could give their seat to a person, and the row then."""
    row = seats.row_at(position)
    bars = seats.apart[person] & row.mask
    if (
        position in seats.locks.cohorts
        or row.host < 0
        or not row.languages & seats.languages[person]
        or bars & (bars - 1)
    ):
        return
    for other in row.people:
        if seats.held >> other & 1 or len(seats.units[other]) > 1 or bars & ~(1 << other):
            continue
        students = row.students - seats.is_student[other] + seats.is_student[person]
        if seats.has_right_size(row.size, students):
            swapped = seats.joined(seats.without(row, other), (person,))
            if swapped is not None:
                yield other, swapped


def _another_room(seats: Seats, person: int, *, besides: set[int]) -> Draft | None:
    for position in seats.roomy_rows(seats.starts[person]):
        if position in besides:
            continue
        row = seats.row_at(position)
        if row.barred >> person & 1 or row.host < 0:
            continue
        joined = seats.joined(row, (person,))
        if joined is not None and seats.has_right_size(joined.size, joined.students):
            return {position: joined}
    return None


def _at_another_time(seats: Seats, unit: tuple[int, ...], common: int) -> Iterator[Draft]:
    """Yield rows with a free seat that would take the unit in at another time of theirs."""
    given = 0
    for position, row in enumerate(seats.rows):
        if row is None or row.size + len(unit) > seats.params.size_max or row.host < 0:
            continue
        if seats.locks.keeps_time(position):
            continue
        both = row.common & common
        if not both or any(row.barred >> one & 1 for one in unit):
            continue
        for start in islice(bits(both), TIMES):
            host = next(
                (one for one in seats.hosts_at[start] if seats.host_is_free(one, start, besides=position)), None
            )
            if host is None:
                continue
            joined = seats.row((*row.people, *unit), host=host, start=start)
            if seats.is_valid(joined):
                yield {position: joined}
                given += 1
                break
        if given >= 3:
            return


def _beside_their_partner(seats: Seats, unit: tuple[int, ...], partners: set[int]) -> Iterator[Draft]:
    """Yield the row of who sits already with the rest of the unit in it; else places for both elsewhere."""
    if len(partners) > 1:
        return
    [position] = partners
    row = seats.row_at(position)
    waiting = tuple(one for one in unit if seats.row_of[one] < 0)
    joined = seats.joined(row, waiting)
    may_change = row.host >= 0 and position not in seats.locks.cohorts
    if may_change and joined is not None and seats.has_right_size(joined.size, joined.students):
        yield {position: joined}
        return
    seated = tuple(one for one in unit if seats.row_of[one] >= 0)
    left = seats.without(row, *seated)
    can_go = not any(seats.held >> one & 1 for one in seated) and position not in seats.locks.cohorts
    if can_go and seats.has_right_size(left.size, left.students):
        before = seats.put_all({position: left})
        found = [{position: left, **draft} for draft in islice(drafts_that_seat(seats, unit), PICKS)]
        seats.put_all(before)
        yield from found
