"""A plan prepared for questions: who sits where, who waits, who could sit where, as bit sets of people.

Made once for a plan (at 10,000 people in about a second), then asked many times: repairing, and the changes that
would place somebody. A row is one cohort; taking a row out and putting another in keeps every set true, so a question
may try something and take it back.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from matching.engine.model import language_masks, starts_of, together_units
from matching.engine.problem import ForbiddenReason, Generation, Participant, Problem, Strictness
from matching.engine.solution import PlannedCohort
from matching.engine.week import around, bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """What a repair must leave alone.

    `cohorts`: positions of cohorts that keep their members and their time; `windows`: of cohorts that keep their
    time and facilitator; `times`: of cohorts that keep their time, whoever leads them; `standing`: of cohorts that are
    not dissolved; `people`: ids of who stays where they are; `pairs`: ids of two who stay in one cohort. Without
    `opens`, no new cohort is opened.
    """

    cohorts: frozenset[int] = frozenset()
    windows: frozenset[int] = frozenset()
    times: frozenset[int] = frozenset()
    standing: frozenset[int] = frozenset()
    people: frozenset[str] = frozenset()
    pairs: frozenset[frozenset[str]] = frozenset()
    opens: bool = True

    def keeps_time(self, position: int) -> bool:
        """Whether the cohort at a position meets when it meets."""
        return position in self.cohorts or position in self.windows or position in self.times

    def keeps_standing(self, position: int) -> bool:
        """Whether the cohort at a position is not dissolved."""
        return position in self.cohorts or position in self.windows or position in self.standing


@dataclass(slots=True)
class Row:
    """One cohort: its people (indices), its facilitator (index) and start, and what all of it share."""

    people: tuple[int, ...]
    host: int
    start: int
    students: int = 0
    common: int = 0
    languages: int = 0
    barred: int = 0
    mask: int = 0

    @property
    def size(self) -> int:
        return len(self.people)


@dataclass(slots=True)
class Host:
    """A facilitator at work: when they could start, what they speak, how many more they take, what they lead."""

    starts: int
    languages: int
    left: int
    taken: list[int] = field(default_factory=list)


class Seats:
    """Who sits where. People are indices into `people`; sets of people are bit sets.

    `absent` are ids of people of the problem who are not there yet (or no longer): they neither sit nor wait.
    People or facilitators of a cohort whom the problem does not know are left out of it.
    """

    def __init__(
        self,
        problem: Problem,
        cohorts: Sequence[PlannedCohort],
        *,
        locks: Locks | None = None,
        absent: Collection[str] = (),
    ) -> None:
        self.problem, self.params, self.locks = problem, problem.params, locks or Locks()
        self.people: list[Participant] = list(problem.participants)
        self.number = {person.id: index for index, person in enumerate(self.people)}
        self.host_number = {one.id: index for index, one in enumerate(problem.facilitators)}
        self.starts = [starts_of(one.availability, params=self.params) for one in self.people]
        self.languages, spoken, self.language_count = language_masks(problem)
        self.hosts = [
            Host(starts_of(one.availability, params=self.params), speaks, one.max_load)
            for one, speaks in zip(problem.facilitators, spoken, strict=True)
        ]
        self.is_student = [one.generation == Generation.STUDENT for one in self.people]
        self.student_mask = _mask(index for index, student in enumerate(self.is_student) if student)
        self.everyone = (1 << len(self.people)) - 1
        self.near = [
            around(start, week_slots=self.params.week_slots, window_slots=self.params.window_slots)
            for start in range(self.params.week_slots)
        ]
        self._together: list[tuple[int, ...]] = [()] * len(self.people)
        for unit in together_units(problem):
            for person in unit:
                self._together[person] = unit
        away = _mask(self.number[one] for one in absent if one in self.number)
        self.present = self.everyone & ~away
        self.units = [self._unit(person) for person in range(len(self.people))]
        self.apart = self._apart()
        self.free_at = self._free_at()
        self.speakers = [
            _mask(index for index, mask in enumerate(self.languages) if mask >> language & 1)
            for language in range(self.language_count)
        ]
        self.row_of = [-1] * len(self.people)
        self.rows: list[Row | None] = []
        self.rows_at: list[list[int]] = [[] for _ in range(self.params.week_slots)]
        self.roomy_starts = [0] * self.params.week_slots
        self.hosts_at: list[list[int]] = [[] for _ in range(self.params.week_slots)]
        for index, one in enumerate(self.hosts):
            for start in bits(one.starts):
                self.hosts_at[start].append(index)
        self.spare = 0
        self.waiting = self.present
        self.held = _mask(self.number[one] for one in self.locks.people if one in self.number)
        self.held |= _mask(self.number[one] for pair in self.locks.pairs for one in pair if one in self.number)
        self._given = len(cohorts)
        for cohort in cohorts:
            self.rows.append(None)
            known = tuple(self.number[one] for one in cohort.members if one in self.number)
            host = self.host_number.get(cohort.facilitator, -1)
            self.put(len(self.rows) - 1, self.row(known, host=host, start=cohort.start))

    # Reading

    def row_at(self, position: int) -> Row:
        """Return the row at a position.

        Raises:
            KeyError: there is none, or none any more.
        """
        row = self.rows[position]
        if row is None:
            raise KeyError(position)
        return row

    def row(self, people: Iterable[int], *, host: int, start: int) -> Row:
        """Return a row of these people, summed up; it is not put anywhere."""
        row = Row(people=tuple(people), host=host, start=start)
        row.languages = self.hosts[host].languages if host >= 0 else (1 << self.language_count) - 1
        row.common = (1 << self.params.week_slots) - 1
        for person in row.people:
            row.students += self.is_student[person]
            row.common &= self.starts[person]
            row.languages &= self.languages[person]
            row.barred |= self.apart[person]
            row.mask |= 1 << person
        return row

    def has_right_size(self, size: int, students: int) -> bool:
        params = self.params
        least = params.min_per_generation
        return params.size_min <= size <= params.size_max and students >= least and size - students >= least

    def is_valid(self, row: Row) -> bool:
        """Whether a row keeps every hard rule that it can keep by itself; its facilitator's load is not looked at."""
        if row.host < 0 or not self.has_right_size(row.size, row.students) or row.barred & row.mask:
            return False
        if not row.languages or not row.common >> row.start & 1 or row.common.bit_count() < self.params.min_windows:
            return False
        return all(row.mask >> other & 1 for person in row.people for other in self.units[person])

    def host_is_free(self, host: int, start: int, *, besides: int = -1) -> bool:
        """Whether a facilitator may lead a cohort at a start, the row at position `besides` left out of account."""
        one = self.hosts[host]
        row = self.rows[besides] if besides >= 0 else None
        mine = row.start if row is not None and row.host == host else -1
        if not one.starts >> start & 1 or one.left + (mine >= 0) <= 0:
            return False
        near, skipped = self.near[start], False
        for taken in one.taken:
            if taken == mine and not skipped:
                skipped = True
            elif near >> taken & 1:
                return False
        return True

    def who_may_join(self, row: Row, among: int) -> int:
        """Return those of a set who are free at a row's start, share its language and bar nobody in it."""
        spoken = 0
        for language in bits(row.languages):
            spoken |= self.speakers[language]
        return among & self.free_at[row.start] & spoken & ~row.barred & ~row.mask

    def joined(self, row: Row, unit: Iterable[int]) -> Row | None:
        """Return the row with a unit in it, or None where a rule (size and generations apart) would break."""
        return self._sound(self.row((*row.people, *unit), host=row.host, start=row.start))

    def without(self, row: Row, *people: int) -> Row:
        return self.row((one for one in row.people if one not in people), host=row.host, start=row.start)

    def _sound(self, row: Row) -> Row | None:
        if row.size > self.params.size_max or row.barred & row.mask or not row.languages:
            return None
        if not row.common >> row.start & 1 or row.common.bit_count() < self.params.min_windows:
            return None
        return row

    def roomy_rows(self, starts: int) -> Iterator[int]:
        """Yield the positions of the rows with a free seat at these starts that may take somebody in."""
        for start in bits(starts):
            if self.roomy_starts[start]:
                for position in self.rows_at[start]:
                    row = self.rows[position]
                    if row is not None and row.size < self.params.size_max and position not in self.locks.cohorts:
                        yield position

    def planned(self, row: Row) -> PlannedCohort:
        """Return the row as a plan says it, members in the problem's order."""
        return PlannedCohort(
            members=tuple(self.people[one].id for one in sorted(row.people)),
            facilitator=self.problem.facilitators[row.host].id if row.host >= 0 else "",
            start=row.start,
        )

    # Changing

    def put(self, position: int, row: Row | None) -> Row | None:
        """Put a row (None: nothing) at a position and return what stood there, so that it can be put back."""
        while position >= len(self.rows):
            self.rows.append(None)
        before = self.rows[position]
        if before is not None:
            self._leave(position, before)
        self.rows[position] = row
        if row is not None:
            self._enter(position, row)
        while len(self.rows) > self._given and self.rows[-1] is None:  # a new cohort that is taken back leaves no trace
            self.rows.pop()
        return before

    def set_starts(self, person: int, starts: int) -> int:
        """Give somebody other starts and return those they had. Rows that hold them are not summed up again."""
        before, bit = self.starts[person], 1 << person
        for start in bits(before & ~starts):
            self.free_at[start] &= ~bit
        for start in bits(starts & ~before):
            self.free_at[start] |= bit
        self.starts[person] = starts
        return before

    def put_all(self, rows: Mapping[int, Row | None]) -> dict[int, Row | None]:
        """Put several rows at once and return what stood there; people may go from one of them to another."""
        before = {position: self.put(position, None) for position in rows}
        for position, row in rows.items():
            self.put(position, row)
        return before

    def set_present(self, person: int, *, present: bool) -> None:
        """Let somebody come (they wait then) or go. Who goes must sit nowhere any more."""
        bit = 1 << person
        self.present = self.present | bit if present else self.present & ~bit
        self.waiting = self.waiting | bit if present else self.waiting & ~bit
        for one in self._together[person]:
            self.units[one] = self._unit(one)
            if one != person and self.row_of[one] >= 0:  # what its row can spare depends on the pair
                self.put(self.row_of[one], self.rows[self.row_of[one]])

    def set_host(self, host: int, *, starts: int, left: int) -> tuple[int, int]:
        """Give a facilitator other starts and another number of cohorts still to take; return what they had."""
        before = (self.hosts[host].starts, self.hosts[host].left)
        for start in bits(before[0] & ~starts):
            self.hosts_at[start].remove(host)
        for start in bits(starts & ~before[0]):
            insort(self.hosts_at[start], host)
        self.hosts[host].starts, self.hosts[host].left = starts, left
        return before

    def _leave(self, position: int, row: Row) -> None:
        self.rows_at[row.start].remove(position)
        self.roomy_starts[row.start] -= row.size < self.params.size_max
        if row.host >= 0:
            self.hosts[row.host].left += 1
            self.hosts[row.host].taken.remove(row.start)
        self.spare &= ~row.mask
        self.waiting |= row.mask & self.present
        for person in row.people:
            self.row_of[person] = -1

    def _enter(self, position: int, row: Row) -> None:
        insort(self.rows_at[row.start], position)
        self.roomy_starts[row.start] += row.size < self.params.size_max
        if row.host >= 0:
            self.hosts[row.host].left -= 1
            self.hosts[row.host].taken.append(row.start)
        self.waiting &= ~row.mask
        for person in row.people:
            self.row_of[person] = position
        if position in self.locks.cohorts:
            return
        for students in (0, 1):
            if self.has_right_size(row.size - 1, row.students - students):
                same = self.student_mask if students else ~self.student_mask
                self.spare |= row.mask & same & ~self.held & ~self._paired(row)

    def _paired(self, row: Row) -> int:
        return _mask(person for person in row.people if len(self.units[person]) > 1)

    def _unit(self, person: int) -> tuple[int, ...]:
        return tuple(one for one in self._together[person] if self.present >> one & 1 or one == person)

    # Preparing

    def _apart(self) -> list[int]:
        """Return, for each person, the set of those who may not share a cohort with them."""
        found = [0] * len(self.people)
        exempt: dict[int, int] = {}
        for pair in self.problem.together:
            one, other = self.number[pair.first], self.number[pair.second]
            exempt[one] = exempt.get(one, 0) | 1 << other
            exempt[other] = exempt.get(other, 0) | 1 << one
        groups: dict[tuple[str, Generation], int] = {}
        for index, person in enumerate(self.people):
            if person.affiliation:
                key = (person.affiliation, person.generation)
                groups[key] = groups.get(key, 0) | 1 << index
        for index, person in enumerate(self.people):
            if not person.affiliation:
                continue
            for generation in Generation:
                if self.params.affiliation_rule(person.generation, generation) == Strictness.HARD:
                    found[index] |= groups.get((person.affiliation, generation), 0)
            found[index] &= ~(1 << index | exempt.get(index, 0))
        for apart in self.problem.forbidden:
            if apart.reason == ForbiddenReason.BLOCKED or self.params.met_before == Strictness.HARD:
                one, other = self.number[apart.first], self.number[apart.second]
                found[one] |= 1 << other
                found[other] |= 1 << one
        return found

    def _free_at(self) -> list[int]:
        at = [bytearray(len(self.people) // 8 + 1) for _ in range(self.params.week_slots)]
        for index, starts in enumerate(self.starts):
            byte, bit = index >> 3, 1 << (index & 7)
            for start in bits(starts):
                at[start][byte] |= bit
        return [int.from_bytes(mask, "little") for mask in at]


def _mask(people: Iterable[int]) -> int:
    mask = 0
    for one in people:
        mask |= 1 << one
    return mask
