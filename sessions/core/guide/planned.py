"""The guide of a session, made for its length and the people who are there."""

from collections.abc import Collection, Sequence

from sessions.core.guide.arcs import Kind, arc_for
from sessions.core.guide.fitting import fitted
from sessions.core.guide.order import Seat, openers, speaking
from sessions.core.guide.steps import Guide, Step


def planned(
    *,
    minutes: int,
    seats: Sequence[Seat],
    session: int,
    late_seconds: int = 0,
    missing: Collection[Seat] = (),
    without: Collection[Kind] = (),
) -> Guide:
    """Return the guide of a session for those who are there, which ends when the session ends.

    Args:
        minutes: from the session's start to its end.
        seats: everybody in the circle, in the same order each time, so that openings are shared fairly.
        session: its number in the series, from 1.
        late_seconds: how much after its start it begins.
        missing: who of the seats does not come.
        without: which kinds of step are left out by choice.

    Raises:
        ValueError: nobody is there, or it would begin when it is over.
    """
    steps = unfitted(minutes=minutes, seats=seats, session=session, missing=missing)
    return fitted([step for step in steps if step.kind not in without], seconds=minutes * 60 - late_seconds)


def unfitted(*, minutes: int, seats: Sequence[Seat], session: int, missing: Collection[Seat] = ()) -> list[Step]:
    """Return the steps as the arc has them for those who are there, whether or not the time suffices.

    Raises:
        ValueError: nobody is there.
    """
    here = [seat for seat in seats if seat not in missing]
    arc = arc_for(minutes, len(here))
    rounds = [kind for kind in Kind if kind in arc.turns]
    first = dict(zip(rounds, openers(seats, session=session, rounds=len(rounds)), strict=True))
    return [
        Step(kind, arc.turns[kind], _speakers(seats, here, first[kind]))
        if kind in arc.turns
        else Step(kind, arc.fixed[kind])
        for kind in Kind
        if kind in arc.turns or kind in arc.fixed
    ]


def _speakers(seats: Sequence[Seat], here: Sequence[Seat], first: Seat) -> tuple[Seat, ...]:
    """Return who speaks in a round. Whoever is missing hands the opening on to the next in the circle."""
    opens = next(seat for seat in speaking(seats, first=first) if seat in here)
    return tuple(speaking(here, first=opens))
