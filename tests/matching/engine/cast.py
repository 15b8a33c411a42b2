"""A small plain cast for engine tests: people on a short week, with everything settable."""

from matching.engine import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    PlannedCohort,
    Problem,
    TogetherPair,
)
from matching.engine.seats import Seats
from matching.engine.tries import drafts_that_seat
from matching.engine.week import mask_of_ranges

WEEK = 336
EVENING = ((20, 26),)


def free(*ranges: tuple[int, int], week_slots: int = WEEK) -> int:
    return mask_of_ranges(ranges, week_slots=week_slots)


def student(name: str, *ranges: tuple[int, int], **changes: object) -> Participant:
    return Participant(id=name, generation=Generation.STUDENT, availability=free(*(ranges or EVENING)), **changes)


def alumna(name: str, *ranges: tuple[int, int], **changes: object) -> Participant:
    return Participant(id=name, generation=Generation.ALUMNI, availability=free(*(ranges or EVENING)), **changes)


def facilitator(name: str = "Fumi", *ranges: tuple[int, int], **changes: object) -> Facilitator:
    return Facilitator(id=name, availability=free(*(ranges or EVENING)), **changes)


def four() -> tuple[Participant, ...]:
    return student("Aoi"), student("Ren"), alumna("Takeshi"), alumna("Yumi")


def problem(
    *people: Participant,
    facilitators: tuple[Facilitator, ...] | None = None,
    forbidden: tuple[tuple[str, str], ...] = (),
    met: tuple[tuple[str, str], ...] = (),
    together: tuple[tuple[str, str], ...] = (),
    **params: object,
) -> Problem:
    return Problem(
        name="small",
        params=Params(**params),
        participants=people,
        facilitators=(facilitator(),) if facilitators is None else facilitators,
        forbidden=(
            *(ForbiddenPair(first=a, second=b, reason=ForbiddenReason.BLOCKED) for a, b in forbidden),
            *(ForbiddenPair(first=a, second=b, reason=ForbiddenReason.MET_BEFORE) for a, b in met),
        ),
        together=tuple(TogetherPair(first=a, second=b) for a, b in together),
    )


def cohort(*members: str, facilitator: str = "Fumi", start: int = 20) -> PlannedCohort:
    return PlannedCohort(members=members, facilitator=facilitator, start=start)


def grown(made: Problem) -> list[PlannedCohort]:
    """A plan made by seating one after the other: quick, by the rules, and no better than that."""
    seats = Seats(made, [])
    for person in range(len(made.participants)):
        draft = next(drafts_that_seat(seats, seats.units[person]), None) if seats.waiting >> person & 1 else None
        if draft is not None:
            seats.put_all(draft)
    return [seats.planned(row) for row in seats.rows if row is not None]
