"""Mending a plan that is at work: what may be done when somebody leaves, comes late, or has other times.

Each event is answered with proposals, the mildest first: nobody loses their place, as few people as possible change
their cohort, nobody's time changes, as many as possible of those who wait come in. The time of a cohort that has
nothing to do with the event is touched only where nothing else keeps everybody seated, and the proposal then says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from matching.engine.model import starts_of
from matching.engine.problem import Problem
from matching.engine.score import cohort_quality
from matching.engine.seats import Locks, Row, Seats
from matching.engine.solution import PlannedCohort
from matching.engine.tries import Draft, drafts_elsewhere, drafts_that_fill, drafts_that_seat, drafts_that_spread

MOST_PROPOSALS = 6
MOST_DRAFTS = 40


@dataclass(frozen=True, slots=True)
class DropOut:
    """Somebody leaves for good."""

    person: str


@dataclass(frozen=True, slots=True)
class LateJoiner:
    """Somebody of the problem who sits nowhere looks for a place."""

    person: str


@dataclass(frozen=True, slots=True)
class ChangedTime:
    """Somebody can come at other times from now on (a mask of free slots, as in `Participant`)."""

    person: str
    availability: int


@dataclass(frozen=True, slots=True)
class LostFacilitator:
    """A facilitator leads no cohort any more."""

    facilitator: str


@dataclass(frozen=True, slots=True)
class BrokenCohort:
    """The cohort at this position keeps its rules no more: it is too small, or a generation is."""

    position: int


Event = DropOut | LateJoiner | ChangedTime | LostFacilitator | BrokenCohort


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One way to mend a plan.

    `changes`: (position, the cohort that stands there afterwards, or None when it is dissolved); a position after the
    last is a new cohort. `moved`: who goes from one cohort to another, whoever the event is about left out.
    `seated`: who waited and gets a place. `unseated`: who had a place and would wait. `new_times`: positions of
    cohorts of the event that meet at another time, `other_times` of cohorts that have nothing to do with it.
    `mends`: every changed cohort keeps the rules and nobody is unseated. `quality`: what it does to the sum of quality
    over people.
    """

    changes: tuple[tuple[int, PlannedCohort | None], ...]
    moved: tuple[str, ...]
    seated: tuple[str, ...]
    unseated: tuple[str, ...]
    new_times: tuple[int, ...]
    new_facilitators: tuple[int, ...]
    other_times: tuple[int, ...]
    mends: bool
    quality: float

    @property
    def order(self) -> tuple[object, ...]:
        """The mildest comes first."""
        return (
            not self.mends,
            len(self.other_times),
            len(self.unseated),
            len(self.moved),
            len(self.new_times),
            -len(self.seated),
            len(self.new_facilitators),
            -round(self.quality, 9),
            self.changes_key,
        )

    @property
    def changes_key(self) -> tuple[object, ...]:
        return tuple(
            (position, cohort.members, cohort.facilitator, cohort.start) if cohort else (position,)
            for position, cohort in self.changes
        )


class Repairs:
    """A plan at work, ready for any number of events. An event is answered and leaves the plan as it was."""

    def __init__(
        self,
        problem: Problem,
        cohorts: Sequence[PlannedCohort],
        *,
        locks: Locks | None = None,
        absent: Iterable[str] = (),
    ) -> None:
        self.seats = Seats(problem, cohorts, locks=locks, absent=frozenset(absent))

    def proposals(self, event: Event, *, most: int = MOST_PROPOSALS) -> list[Proposal]:
        """Return what may be done, the mildest first; none when nothing can be done.

        Raises:
            KeyError: the event names somebody unknown, or a position without a cohort.
        """
        match event:
            case DropOut(person):
                found = self._after_leaving(self.seats.number[person])
            case LateJoiner(person):
                found = self._after_coming(self.seats.number[person])
            case ChangedTime(person, availability):
                starts = starts_of(availability, params=self.seats.params)
                found = self._after_other_times(self.seats.number[person], starts)
            case LostFacilitator(facilitator):
                found = self._after_losing(self.seats.host_number[facilitator])
            case BrokenCohort(position):
                self.seats.row_at(position)
                found = self._told(self._mendings(position), before={}, concerned={position}, subjects=0)
        found.sort(key=lambda one: one.order)
        return found[:most]

    # Events

    def _after_leaving(self, person: int) -> list[Proposal]:
        seats = self.seats
        position = seats.row_of[person]
        if position < 0:
            return []
        before = seats.put_all({position: seats.without(seats.row_at(position), person)})
        seats.set_present(person, present=False)
        try:
            found = self._told(self._mendings(position), before=before, concerned={position}, subjects=1 << person)
        finally:
            seats.set_present(person, present=True)
            seats.put_all(before)
        return found

    def _after_coming(self, person: int) -> list[Proposal]:
        seats = self.seats
        was_there = bool(seats.present >> person & 1)
        if not was_there:
            seats.set_present(person, present=True)
        try:
            drafts = drafts_that_seat(seats, seats.units[person])
            return self._told(drafts, before={}, concerned=set(), subjects=1 << person)
        finally:
            if not was_there:
                seats.set_present(person, present=False)

    def _after_other_times(self, person: int, starts: int) -> list[Proposal]:
        seats = self.seats
        position = seats.row_of[person]
        if position < 0:
            had = seats.set_starts(person, starts)
            try:
                return self._after_coming(person)
            finally:
                seats.set_starts(person, had)
        unit = tuple(one for one in seats.units[person] if seats.row_of[one] == position)
        row = seats.row_at(position)
        had = seats.set_starts(person, starts)
        whole = seats.row(row.people, host=row.host, start=row.start)
        before = seats.put_all({position: seats.without(row, *unit)})
        subjects = 1 << person
        try:
            told: list[Draft] = []
            if seats.is_valid(whole):
                told.append({position: whole})
            told += drafts_elsewhere(seats, position, whole)
            for mending in self._few(self._mendings(position), before, {position}, subjects):
                undo = seats.put_all(mending)
                for seating in self._few(drafts_that_seat(seats, unit), undo, {position}, subjects):
                    told.append({**mending, **seating})
                told.append(mending)
                seats.put_all(undo)
            return self._told(told, before=before, concerned={position}, subjects=subjects)
        finally:
            seats.set_starts(person, had)
            seats.put_all(before)

    def _after_losing(self, host: int) -> list[Proposal]:
        seats = self.seats
        led = [position for position, row in enumerate(seats.rows) if row is not None and row.host == host]
        before = seats.put_all(
            {at: seats.row(seats.row_at(at).people, host=-1, start=seats.row_at(at).start) for at in led}
        )
        starts, left = seats.set_host(host, starts=0, left=0)
        try:
            if len(led) == 1:
                return self._told(self._mendings(led[0]), before=before, concerned=set(led), subjects=0)
            whole: Draft = {}
            undone: list[Draft] = []
            for position in led:  # one after the other: each finds what the ones before have left
                best = next(iter(self._few(self._mendings(position), before, set(led), 0, most=1)), None)
                if best is not None:
                    undone.append(seats.put_all(best))
                    whole |= best
            for undo in reversed(undone):
                seats.put_all(undo)
            return self._told([whole] if whole else [], before=before, concerned=set(led), subjects=0)
        finally:
            seats.set_host(host, starts=starts, left=left)
            seats.put_all(before)

    # Between drafts and proposals

    def _mendings(self, position: int) -> Iterator[Draft]:
        """Yield ways to make the row at a position whole again, the milder ones first.

        What disturbs more people is looked for only where nothing milder keeps everybody seated.
        """
        seats = self.seats
        row = seats.row_at(position)
        found = False
        if row.host >= 0:
            if seats.is_valid(row):
                found = True
                yield {position: row}
            if position not in seats.locks.cohorts:
                for draft in drafts_that_fill(seats, position, row):
                    found = True
                    yield draft
        for draft in islice(drafts_elsewhere(seats, position, row), 4):
            found = True
            yield draft
        if not found:
            for draft in islice(drafts_elsewhere(seats, position, row, with_chains=True), 2):
                found = True
                yield draft
        if not found:
            yield from drafts_that_spread(seats, position, row)

    def _few(
        self,
        drafts: Iterable[Draft],
        before: Mapping[int, Row | None],
        concerned: set[int],
        subjects: int,
        *,
        most: int = 2,
    ) -> list[Draft]:
        """Return the mildest drafts, each put to the test from the plan as it stands."""
        rated = []
        for draft in _enough(drafts):
            told = self._proposal(draft, {at: before.get(at, self._standing(at)) for at in draft}, concerned, subjects)
            rated.append((told.order, draft))
            if told.mends and not told.moved and not told.new_times:
                break
        rated.sort(key=lambda one: one[0])
        return [draft for _, draft in rated[:most]]

    def _told(
        self, drafts: Iterable[Draft], *, before: Mapping[int, Row | None], concerned: set[int], subjects: int
    ) -> list[Proposal]:
        found: dict[tuple[object, ...], tuple[Proposal, dict[int, Row | None], dict[int, Row | None]]] = {}
        for draft in _enough(drafts):
            standing = {at: before[at] if at in before else self._standing(at) for at in {**before, **draft}}
            after = {at: draft[at] if at in draft else self._standing(at) for at in standing}
            told = self._proposal(after, standing, concerned, subjects)
            found.setdefault(told.changes_key, (told, after, standing))
        mildest = sorted(found.values(), key=lambda one: one[0].order)[: MOST_PROPOSALS + 2]
        # Quality decides between equals only, and costs more than all the rest: it is asked of the first alone.
        return [replace(told, quality=self._gain(after, standing)) for told, after, standing in mildest]

    def _gain(self, after: Mapping[int, Row | None], before: Mapping[int, Row | None]) -> float:
        return sum(self._worth(row) for row in after.values()) - sum(self._worth(row) for row in before.values())

    def _standing(self, position: int) -> Row | None:
        return self.seats.rows[position] if position < len(self.seats.rows) else None

    def _proposal(
        self, after: Mapping[int, Row | None], before: Mapping[int, Row | None], concerned: set[int], subjects: int
    ) -> Proposal:
        seats = self.seats
        had = {person: at for at, row in before.items() if row is not None for person in row.people}
        has = {person: at for at, row in after.items() if row is not None for person in row.people}
        moved = [one for one, at in has.items() if one in had and had[one] != at and not subjects >> one & 1]
        lost = [one for one in had if one not in has and seats.present >> one & 1]
        changed = [at for at in after if after[at] != before[at]]
        times = [at for at in changed if (was := before[at]) and (now := after[at]) and was.start != now.start]
        hosts = [at for at in changed if (was := before[at]) and (now := after[at]) and was.host != now.host]
        return Proposal(
            changes=tuple((at, self._planned(after[at])) for at in sorted(changed)),
            moved=self._ids(moved),
            seated=self._ids(one for one in has if one not in had),
            unseated=self._ids(lost),
            new_times=tuple(sorted(at for at in times if at in concerned)),
            new_facilitators=tuple(sorted(hosts)),
            other_times=tuple(sorted(at for at in times if at not in concerned)),
            mends=not lost and all(row is None or seats.is_valid(row) for row in after.values()),
            quality=0.0,
        )

    def _planned(self, row: Row | None) -> PlannedCohort | None:
        return None if row is None else self.seats.planned(row)

    def _ids(self, people: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.seats.people[one].id for one in sorted(people))

    def _worth(self, row: Row | None) -> float:
        if row is None or not row.people:
            return 0.0
        return row.size * cohort_quality([self.seats.people[one] for one in row.people], params=self.seats.params).total


def _enough(drafts: Iterable[Draft]) -> Iterator[Draft]:
    for count, draft in enumerate(drafts, start=1):
        yield draft
        if count >= MOST_DRAFTS:
            return
