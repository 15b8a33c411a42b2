"""The cheapest single change that would place somebody, and what it would make of the plan.

A change is one thing that one person can say or do. Each that is offered has been tried on the plan: with it the
person sits in a cohort that keeps every rule, and nobody who had a place has lost it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from matching.engine.model import starts_of
from matching.engine.problem import Params, Problem
from matching.engine.seats import Locks, Row, Seats
from matching.engine.solution import PlannedCohort
from matching.engine.tries import Draft, drafts_that_fill, drafts_that_seat
from matching.engine.week import bits

MOST_ROWS = 400
MOST_STARTS = 48
MOST_HOURS = 4
"""How many choices of other hours are tried for one start of a new cohort."""


class ChangeKind(StrEnum):
    """What would have to be different, from the lightest to the heaviest thing to ask for."""

    NONE = "none"
    MORE_TIME = "more-time"
    MORE_LANGUAGE = "more-language"
    LEAVE_PAIR = "leave-pair"
    FACILITATOR_TIME = "facilitator-time"
    FACILITATOR_LOAD = "facilitator-load"
    LARGER_COHORTS = "larger-cohorts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change and the cohort it leads to.

    `person` is who would be placed; `who` is who would change something (a participant or a facilitator; empty for a
    rule of the term). `slots` are the free slots that `who` would add, in order of time. `windows` are the starts of
    the sessions that more time of the person's makes possible: the cohort's own, where it is missing, and others where
    the problem asks for more common times than one. `partner` is who the person would no longer wait for. `cohort` is
    the position they would sit at, None for a new cohort. `cohorts` are the changed cohorts, as in a repair.
    """

    kind: ChangeKind
    person: str
    who: str = ""
    slots: tuple[int, ...] = ()
    windows: tuple[int, ...] = ()
    start: int | None = None
    language: str = ""
    partner: str = ""
    cohort: int | None = None
    cohorts: tuple[tuple[int, PlannedCohort | None], ...] = ()

    @property
    def cost(self) -> tuple[int, ...]:
        return (_WEIGHT[self.kind] + len(self.slots), len(self.cohorts), self.start or 0)


_WEIGHT = {
    ChangeKind.NONE: 0,
    ChangeKind.MORE_TIME: 0,
    ChangeKind.MORE_LANGUAGE: 12,
    ChangeKind.LEAVE_PAIR: 4,
    ChangeKind.FACILITATOR_TIME: 5,
    ChangeKind.FACILITATOR_LOAD: 6,
    ChangeKind.LARGER_COHORTS: 20,
}
"""In half hours of a person's time: what asking for it costs beside more time."""


def changed(problem: Problem, change: Change) -> Problem:
    """Return the problem as it is once the change is made."""
    mask = _mask(change.slots)
    if change.kind == ChangeKind.LARGER_COHORTS:
        return replace(problem, params=replace(problem.params, size_max=problem.params.size_max + 1))
    if change.kind == ChangeKind.LEAVE_PAIR:
        both = {change.person, change.partner}
        return replace(problem, together=tuple(one for one in problem.together if {one.first, one.second} != both))
    if change.kind in (ChangeKind.FACILITATOR_TIME, ChangeKind.FACILITATOR_LOAD):
        more = int(change.kind == ChangeKind.FACILITATOR_LOAD)
        return replace(
            problem,
            facilitators=tuple(
                replace(one, availability=one.availability | mask, max_load=one.max_load + more)
                if one.id == change.who
                else one
                for one in problem.facilitators
            ),
        )
    return replace(
        problem,
        participants=tuple(
            replace(
                one,
                availability=one.availability | mask,
                languages=(*one.languages, change.language) if change.language else one.languages,
            )
            if one.id == change.who
            else one
            for one in problem.participants
        ),
    )


def missing_slots(availability: int, start: int, *, params: Params) -> tuple[int, ...]:
    """Return the slots of the window at a start that are not free, in order of time."""
    window = [(start + step) % params.week_slots for step in range(params.window_slots)]
    return tuple(slot for slot in window if not availability >> slot & 1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Hours:
    """Time that somebody could be asked for: how many slots, the sessions' starts, and the slots in order of time."""

    cost: int
    windows: tuple[int, ...]
    slots: tuple[int, ...]


def hours_for(availability: int, start: int, common: int, *, params: Params) -> list[Hours]:
    """Return the hours with which somebody could come at a start and share enough common times, the fewest first.

    `common` are the starts that the others share. Each other time that could be asked for first is tried, and the
    nearest to what is there then is added until there are enough: of up to two more that is the fewest there are.
    """
    first = _with_windows(availability, [start], params=params)
    mine = starts_of(availability | _mask(first.slots), params=params)
    lacking = params.min_windows - (mine & common).bit_count()
    if lacking <= 0:
        return [first]
    windows = {one: _window(one, params=params) for one in bits(common & ~mine)}
    if len(windows) < lacking:
        return []
    found: dict[tuple[int, ...], Hours] = {}
    for other in windows:
        picked, had = [start, other], availability | _mask(first.slots) | windows[other]
        for _ in range(lacking - 1):
            left = (one for one in windows if one not in picked)
            nearest = min(left, key=lambda one: ((windows[one] & ~had).bit_count(), one))
            picked.append(nearest)
            had |= windows[nearest]
        hours = _with_windows(availability, picked, params=params)
        found[hours.slots] = min(hours, found.get(hours.slots, hours))
    return sorted(found.values())


def _with_windows(availability: int, starts: Iterable[int], *, params: Params) -> Hours:
    """Return what is missing for sessions at all of these starts."""
    windows, slots = [], []
    for start in sorted(starts):
        missing = missing_slots(availability, start, params=params)
        if missing:
            windows.append(start)
            slots += [slot for slot in missing if slot not in slots]
    return Hours(cost=len(slots), windows=tuple(windows), slots=tuple(slots))


def _window(start: int, *, params: Params) -> int:
    return _mask(missing_slots(0, start, params=params))


def _mask(slots: Iterable[int]) -> int:
    return sum(1 << slot for slot in slots)


class Changes:
    """A plan prepared for asking what would place whoever waits in it. No change touches a cohort that is locked."""

    def __init__(self, problem: Problem, cohorts: Sequence[PlannedCohort], *, locks: Locks | None = None) -> None:
        self.problem, self.seats, self._locks = problem, Seats(problem, cohorts, locks=locks), locks
        self._larger: Seats | None = None
        self._cohorts = cohorts
        self._asked: dict[int, list[Change]] = {}
        self._shared: dict[int, int] = {}
        self._openings = [
            position
            for position, row in enumerate(self.seats.rows)
            if row is not None and row.size < problem.params.size_max and self.seats.is_valid(row)
            if position not in self.seats.locks.cohorts
        ]

    def cheapest(self, person: str, *, at_work: bool = False) -> Change | None:
        """Return the cheapest single change that places somebody who waits; None when no single change does.

        Of a plan that is `at_work`, only what gives them a seat in one of its cohorts and moves nobody else.

        Raises:
            KeyError: nobody of this id is in the problem.
        """
        number = self.seats.number[person]
        if not self.seats.waiting >> number & 1:
            return None
        best: Change | None = None
        for offered in self._offers(number):
            if at_work and not self._only_joins(offered):
                continue
            if best is None or offered.cost < best.cost:
                best = offered
            if best.kind == ChangeKind.NONE:
                break
        larger = (one for one in self._in_larger_cohorts(number) if not at_work or self._only_joins(one))
        return best or next(larger, None)

    def _only_joins(self, change: Change) -> bool:
        return change.cohort is not None and [at for at, _ in change.cohorts] == [change.cohort]

    def _offers(self, person: int) -> Iterator[Change]:
        seats = self.seats
        unit = seats.units[person]
        if all(seats.waiting >> one & 1 for one in unit):
            yield from self._as_seated(person, drafts_that_seat(seats, unit, may_touch_times=False), ChangeKind.NONE)
        if len(unit) > 1:
            yield from self._without_partner(person)
            return
        yield from self._with_more_time(person)
        yield from self._with_more_languages(person)
        yield from self._with_a_facilitator(person)

    # Each kind of change, tried

    def _with_more_time(self, person: int) -> Iterator[Change]:
        seats, one = self.seats, self.seats.people[person]
        rows = []
        for position in self._openings:
            row = seats.row_at(position)
            if not row.barred >> person & 1 and row.languages & seats.languages[person]:
                hours = next(iter(hours_for(one.availability, row.start, row.common, params=seats.params)), None)
                if hours is not None:
                    rows.append((hours.cost, row.start, position, hours))
        rows.sort()
        for _, start, position, hours in rows[:8]:
            found = list(islice(self._more_time_at(person, start, hours, self._joining(position, person)), 1))
            if found:
                yield from found
                break
        # A group that lacks this one person alone: at starts where a facilitator is free and three others wait.
        hosted = [
            (hours.cost, start, hours)
            for start, hosts in enumerate(seats.hosts_at)
            if any(seats.hosts[host].left > 0 for host in hosts)
            and (could := (seats.waiting | seats.spare) & seats.free_at[start]).bit_count() >= seats.params.size_min - 1
            for hours in self._hours_to_found(one.availability, start, could)
        ]
        for _, start, hours in sorted(hosted)[:MOST_STARTS]:
            found = list(islice(self._more_time_at(person, start, hours, self._founding(start, person)), 1))
            if found:
                yield from found
                return

    def _hours_to_found(self, availability: int, start: int, could: int) -> list[Hours]:
        """Return hours with which somebody could found a cohort at a start with some of those who could come then."""
        seats, params = self.seats, self.seats.params
        if params.min_windows == 1:
            return hours_for(availability, start, 1 << start, params=params)
        if start not in self._shared:  # who waits and who can be spared is the same for everybody who asks
            enough = params.size_min - 1
            self._shared[start] = _mask(
                other for other, free in enumerate(seats.free_at) if (could & free).bit_count() >= enough
            )
        return hours_for(availability, start, self._shared[start], params=params)[:MOST_HOURS]

    def _more_time_at(self, person: int, start: int, hours: Hours, drafts: Iterator[Draft]) -> Iterator[Change]:
        seats, one = self.seats, self.seats.people[person]
        mask = one.availability | _mask(hours.slots)
        had = seats.set_starts(person, starts_of(mask, params=seats.params))
        try:
            for change in self._as_seated(person, drafts, ChangeKind.MORE_TIME):
                yield replace(change, who=one.id, slots=hours.slots, windows=hours.windows, start=start)
        finally:
            seats.set_starts(person, had)

    def _with_more_languages(self, person: int) -> Iterator[Change]:
        seats = self.seats
        if not seats.params.common_language:
            return
        spoken = [*(one.languages for one in self.problem.participants)]
        spoken += [one.languages for one in self.problem.facilitators]
        names = sorted({name for languages in spoken for name in languages})
        had = seats.languages[person]
        for bit, name in enumerate(names):
            if had >> bit & 1:
                continue
            seats.languages[person] = had | 1 << bit
            seats.speakers[bit] |= 1 << person
            try:
                drafts = drafts_that_seat(seats, (person,), may_touch_times=False)
                for change in islice(self._as_seated(person, drafts, ChangeKind.MORE_LANGUAGE), 1):
                    yield replace(change, who=seats.people[person].id, language=name)
            finally:
                seats.languages[person] = had
                seats.speakers[bit] &= ~(1 << person)

    def _without_partner(self, person: int) -> Iterator[Change]:
        """Yield places for one of a pair of two, alone."""
        seats = self.seats
        unit = seats.units[person]
        if len(unit) != 2:
            return
        kept = {one: seats.units[one] for one in unit}
        for one in unit:
            seats.units[one] = (one,)
        try:
            [partner] = [one for one in unit if one != person]
            drafts = drafts_that_seat(seats, (person,), may_touch_times=False)
            for change in islice(self._as_seated(person, drafts, ChangeKind.LEAVE_PAIR), 1):
                yield replace(change, who=seats.people[person].id, partner=seats.people[partner].id)
        finally:
            seats.units[:] = [kept.get(one, alone) for one, alone in enumerate(seats.units)]

    def _with_a_facilitator(self, person: int) -> Iterator[Change]:
        """Yield new cohorts by another window, or one cohort more, of a facilitator where enough people could come."""
        seats = self.seats
        for start in islice(bits(seats.starts[person]), MOST_STARTS):
            could = (seats.waiting | seats.spare) & seats.free_at[start]
            if could.bit_count() < seats.params.size_min:
                continue
            for change in self._facilitators_for(start):
                host = seats.host_number[change.who]
                kept = (seats.hosts[host].starts, seats.hosts[host].left)
                starts, left = kept[0] | 1 << start, kept[1] + int(change.kind == ChangeKind.FACILITATOR_LOAD)
                seats.set_host(host, starts=starts, left=left)
                drafts = self._founding(start, person, host=host)
                found = list(islice(self._as_seated(person, drafts, change.kind), 1))
                seats.set_host(host, starts=kept[0], left=kept[1])
                if found:
                    yield replace(found[0], who=change.who, slots=change.slots, start=start)
                    break

    def _facilitators_for(self, start: int) -> list[Change]:
        """Return the facilitators who could be asked to lead one more at a start, the lightest to ask first."""
        seats, params = self.seats, self.seats.params
        if start in self._asked:
            return self._asked[start]
        asked = []
        for host, one in enumerate(self.problem.facilitators):
            state = seats.hosts[host]
            if any(seats.near[start] >> taken & 1 for taken in state.taken):
                continue
            slots = missing_slots(one.availability, start, params=params)
            if state.left > 0 and slots:
                kind = ChangeKind.FACILITATOR_TIME
            elif state.left <= 0 and not slots:
                kind = ChangeKind.FACILITATOR_LOAD
            else:
                continue
            asked.append(Change(kind=kind, person="", who=one.id, slots=slots, start=start))
        asked.sort(key=lambda change: (change.cost, change.who))
        self._asked[start] = asked[:3]
        return self._asked[start]

    def _in_larger_cohorts(self, person: int) -> Iterator[Change]:
        """Yield places in cohorts of one person more than the term allows, where nothing else helps."""
        if self._larger is None:
            params = self.problem.params
            wider = replace(self.problem, params=replace(params, size_max=params.size_max + 1))
            self._larger = Seats(wider, self._cohorts, locks=self._locks)
        kept, self.seats = self.seats, self._larger
        try:
            unit = self.seats.units[person]
            drafts = drafts_that_seat(self.seats, unit, may_touch_times=False)
            yield from self._as_seated(person, drafts, ChangeKind.LARGER_COHORTS)
        finally:
            self.seats = kept

    # Between tries and changes

    def _joining(self, position: int, person: int) -> Iterator[Draft]:
        row = self.seats.row_at(position)
        joined = self.seats.joined(row, (person,))
        if joined is not None and self.seats.has_right_size(joined.size, joined.students):
            yield {position: joined}

    def _founding(self, start: int, person: int, *, host: int | None = None) -> Iterator[Draft]:
        """Yield new cohorts around somebody at a start: of people who wait, else with people whom others can spare."""
        seats = self.seats
        hosts = [host] if host is not None else seats.hosts_at[start]
        free = next((one for one in hosts if seats.host_is_free(one, start)), None)
        if free is None:
            return
        row = seats.row((person,), host=free, start=start)
        if row.languages and row.common >> start & 1 and row.common.bit_count() >= seats.params.min_windows:
            yield from islice(drafts_that_fill(seats, len(seats.rows), row), 1)

    def _as_seated(self, person: int, drafts: Iterator[Draft], kind: ChangeKind) -> Iterator[Change]:
        for draft in drafts:
            if not all(row is None or self.seats.is_valid(row) for row in draft.values()):
                continue
            at = next((at for at, row in draft.items() if row is not None and row.mask >> person & 1), None)
            if at is None:
                continue
            yield Change(
                kind=kind,
                person=self.seats.people[person].id,
                cohort=at if at < len(self.seats.rows) else None,
                cohorts=tuple((one, self._planned(draft[one])) for one in sorted(draft)),
            )

    def _planned(self, row: Row | None) -> PlannedCohort | None:
        return None if row is None else self.seats.planned(row)
