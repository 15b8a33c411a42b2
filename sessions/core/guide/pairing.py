"""Who asks whom to begin with, when questions are open: over a series every student and every alumnus, each other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dialogue.core.generation import Generation
from sessions.core.guide.order import Seat


@dataclass(frozen=True, slots=True)
class Asking:
    """A pair that begins by asking each other; more than two where one generation has more people who are there."""

    students: tuple[Seat, ...]
    alumni: tuple[Seat, ...]


def asking(seats: Sequence[Seat], *, session: int, missing: Collection[Seat] = ()) -> list[Asking]:
    """Return who asks whom in a session of a series: everybody who is there once, if both generations are.

    In as many sessions running as the smaller generation has people, everybody and everybody of the other generation
    ask each other: in three at most, with up to six people. Whose counterpart is missing asks the next who is there.

    Args:
        seats: everybody in the circle, the same order each time.
        session: the session's number in its series, from 1.
        missing: who of the seats does not come.

    Raises:
        ValueError: the number is below 1.
    """
    if session < 1:
        raise ValueError("a series begins with session 1")
    few, many = sorted(([one for one in seats if one.generation is generation] for generation in Generation), key=len)
    groups: dict[Seat, list[Seat]] = {one: [] for one in few if one not in missing}
    if not groups or all(one in missing for one in many):
        return []
    for place, seat in enumerate(many):
        if seat not in missing:
            at = (place + session - 1) % len(few)
            groups[next(one for one in few[at:] + few[:at] if one in groups)].append(seat)
    return [_group(one) for one in _with_company(groups)]


def _with_company(groups: dict[Seat, list[Seat]]) -> list[list[Seat]]:
    """Return each with their counterparts. Who has none, because somebody is missing, gets one of whoever has most.

    Where nobody has more than one, they join a pair, the smallest group first.
    """
    around = [([one], others) for one, others in groups.items() if others]
    for alone in (one for one, others in groups.items() if not others):
        _, most = max(around, key=lambda sides: len(sides[1]))
        if len(most) > 1:
            around.append(([alone], [most.pop()]))
        else:
            fewest, _ = min(around, key=lambda sides: len(sides[0]))
            fewest.append(alone)
    return [[*one_side, *other_side] for one_side, other_side in around]


def _group(seats: Sequence[Seat]) -> Asking:
    students, alumni = (tuple(one for one in seats if one.generation is each) for each in Generation)
    return Asking(students, alumni)
