"""Timefold on the count: who sits in which of each facilitator's cohorts, by its default search.

Needs the package `timefold` and a JVM.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardMediumSoftScore,
    Joiners,
    constraint_provider,
)

if TYPE_CHECKING:
    from tests.bench.matching.peers import Term


@planning_entity
@dataclass(eq=False)
class Room:
    """One of the cohorts that a facilitator may lead. `led` are its starts, `spoken` tells of Japanese and English."""

    number: Annotated[int, PlanningId]
    host: int
    led: Annotated[list[int], ValueRangeProvider]
    spoken: list[int]
    start: Annotated[int | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@planning_entity
@dataclass(eq=False)
class Guest:
    """Somebody who may sit in a room. `pair` is the same for two who come together, and unlike for all others."""

    number: Annotated[int, PlanningId]
    student: int
    japanese: int
    english: int
    pair: int
    free: list[bool]
    apart: list[bool]
    room: Annotated[Room | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@planning_solution
@dataclass
class Plan:
    """Everybody, and the rooms."""

    guests: Annotated[list[Guest], PlanningEntityCollectionProperty]
    rooms: Annotated[list[Room], PlanningEntityCollectionProperty, ValueRangeProvider]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


A_PLACE, HALF_A_PLACE = 4, 3
"""A seat in a room that is not whole yet is worth a little, or no search by single moves would ever begin a room."""
WEEK, WINDOW, LEAST, MOST, PER_ROLE = 336, 3, 4, 6, 2
"""The rules of every bench file; functions that are turned into bytecode read plain numbers only."""


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """Return the hard rules of `FORMAT.md`, and the count."""
    hard, medium = HardMediumSoftScore.ONE_HARD, HardMediumSoftScore.ONE_MEDIUM
    seated = factory.for_each(Guest).filter(lambda guest: guest.room is not None)
    return [
        factory.for_each_unique_pair(Room, Joiners.equal(lambda room: room.host))
        .filter(lambda one, other: min((one.start - other.start) % WEEK, (other.start - one.start) % WEEK) < WINDOW)
        .penalize(hard)
        .as_constraint("Hours of a facilitator lie apart"),
        factory.for_each(Guest)
        .join(Room, Joiners.equal(lambda guest: guest.room, lambda room: room))
        .filter(lambda guest, room: not guest.free[room.start])
        .penalize(hard)
        .as_constraint("Everybody is free"),
        factory.for_each(Guest)
        .filter(lambda guest: guest.room is not None)
        .if_not_exists(Room, Joiners.equal(lambda guest: guest.room, lambda room: room))
        .penalize(hard)
        .as_constraint("A room with people meets"),
        seated.group_by(lambda guest: guest.room, ConstraintCollectors.count())
        .penalize(hard, lambda room, count: max(count - MOST, 0))
        .as_constraint("Six at most"),
        seated.group_by(
            lambda guest: guest.room,
            ConstraintCollectors.sum(lambda guest: guest.student),
            ConstraintCollectors.count(),
        )
        .filter(lambda room, students, count: count < LEAST or students < PER_ROLE or count - students < PER_ROLE)
        .penalize(medium, lambda room, students, count: count * HALF_A_PLACE)
        .as_constraint("Four at least, two of each generation"),
        seated.group_by(
            lambda guest: guest.room,
            ConstraintCollectors.sum(lambda guest: guest.japanese),
            ConstraintCollectors.sum(lambda guest: guest.english),
            ConstraintCollectors.count(),
        )
        .penalize(
            hard,
            lambda room, japanese, english, count: min(
                count - japanese * room.spoken[0], count - english * room.spoken[1]
            ),
        )
        .as_constraint("One language"),
        factory.for_each_unique_pair(Guest, Joiners.equal(lambda guest: guest.room))
        .filter(lambda one, other: one.room is not None and one.apart[other.number])
        .penalize(hard)
        .as_constraint("Nobody beside whom they must not meet"),
        factory.for_each_including_unassigned(Guest)
        .join(factory.for_each_including_unassigned(Guest), Joiners.equal(lambda guest: guest.pair))
        .filter(lambda one, other: one.number < other.number and one.room is not other.room)
        .penalize(hard)
        .as_constraint("Pairs stay together"),
        factory.for_each_including_unassigned(Guest)
        .filter(lambda guest: guest.room is None)
        .penalize(medium, lambda guest: A_PLACE)
        .as_constraint("Everybody has a place"),
    ]


def cohorts(term: "Term", *, seconds: float) -> list[tuple[list[int], int, int]]:
    """Return members, facilitator and start of each cohort that keeps the rules after so many seconds."""
    people = range(len(term.people))
    hosts = [host for host, one in enumerate(term.hosts) for _ in range(one["max_load"])]
    speaks = [[int(name in one["langs"]) for name in ("ja", "en")] for one in term.people]
    rooms = [
        Room(
            number,
            host,
            led := [start for start in range(WEEK) if term.host_starts[host] >> start & 1],
            [int(name in term.hosts[host]["langs"]) for name in ("ja", "en")],
            led[number * WINDOW % len(led)] if led else None,
        )
        for number, host in enumerate(hosts)
    ]
    guests = [
        Guest(
            one,
            int(term.is_student[one]),
            *speaks[one],
            min(one, term.partner.get(one, one)),
            [bool(term.starts[one] >> start & 1) for start in range(WEEK)],
            [other in term.apart[one] for other in people],
        )
        for one in people
    ]
    solver = SolverFactory.create(
        SolverConfig(
            solution_class=Plan,
            entity_class_list=[Room, Guest],
            score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
            termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * seconds))),
        )
    ).build_solver()
    found = solver.solve(Plan(guests, rooms))
    members: dict[int, list[int]] = {}
    for guest in found.guests:
        if guest.room is not None and guest.room.start is not None:
            members.setdefault(guest.room.number, []).append(guest.number)
    start_of = {room.number: room.start for room in found.rooms}
    kept: list[tuple[list[int], int, int]] = []
    for number, together in members.items():
        start = start_of[number]
        clear = all(
            host != hosts[number] or min((start - at) % WEEK, (at - start) % WEEK) >= WINDOW for _, host, at in kept
        )
        if clear and term.may_be_one(together, hosts[number], start):
            kept.append((together, hosts[number], start))
    return kept
