"""Which cohort of one plan became which of another."""

from dataclasses import dataclass

from matching.engine.board import Board


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A cohort of one board and the one of another that shares most people with it; None where there is none."""

    one: int | None
    other: int | None
    both: tuple[str, ...] = ()
    only_one: tuple[str, ...] = ()
    only_other: tuple[str, ...] = ()


def paired(first: Board, second: Board) -> list[Pairing]:
    """Pair the cohorts of two boards: those that share most people first, then those at one time, then by number.

    Each cohort of either board is in exactly one pairing; cohorts that share nobody are not paired. The pairings stand
    in the order of the first board's numbers, then of the second's.
    """
    people = [{number: set(board.members(number)) for number in board.frames} for board in (first, second)]
    shared = sorted(
        (-len(mine & theirs), first.frames[one].start != second.frames[other].start, one, other)
        for one, mine in people[0].items()
        for other, theirs in people[1].items()
        if mine & theirs
    )
    partner: dict[int, int] = {}
    for _count, _elsewhen, one, other in shared:
        if one not in partner and other not in partner.values():
            partner[one] = other
    found = []
    for one in sorted(people[0]):
        mine = people[0][one]
        theirs = people[1][partner[one]] if one in partner else set()
        found.append(
            Pairing(
                one=one,
                other=partner.get(one),
                both=tuple(sorted(mine & theirs)),
                only_one=tuple(sorted(mine - theirs)),
                only_other=tuple(sorted(theirs - mine)),
            )
        )
    unpaired = sorted(set(people[1]) - set(partner.values()))
    return found + [Pairing(one=None, other=number, only_other=tuple(sorted(people[1][number]))) for number in unpaired]
