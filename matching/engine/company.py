"""Why a cohort is as it is: who shares what across the generations, its parts, what holds it, who else would fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from matching.engine.problem import ForbiddenReason, Generation, Participant, Problem
from matching.engine.score import (
    AFFINITY_WEIGHT,
    BALANCE_WEIGHT,
    DIVERSITY_WEIGHT,
    ROBUST_WEIGHT,
    Quality,
    cohort_quality,
)
from matching.engine.seats import Row, Seats
from matching.engine.solution import PlannedCohort
from matching.engine.week import bits

Related = Mapping[str, frozenset[str]]
"""Topics that lie near each topic. Read both ways: one direction is enough."""

MOST_SWAPS = 12
COMERS_A_MEMBER = 2


class Part(StrEnum):
    """What the quality of a cohort is made of."""

    AFFINITY = "affinity"
    ROBUST = "robust"
    BALANCE = "balance"
    DIVERSITY = "diversity"


class Hold(StrEnum):
    """What keeps a cohort from taking in one more, or from meeting at another time."""

    FULL = "full"
    NOBODY_WAITS = "nobody-waits"
    NOBODY_FREE = "nobody-free"
    NO_LANGUAGE = "no-language"
    KEPT_APART = "kept-apart"
    OTHER_RULES = "other-rules"
    OPEN = "open"
    ONE_TIME = "one-time"
    NO_FACILITATOR = "no-facilitator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """What a student and somebody of the other generation have in common; `related` are (theirs, the other's)."""

    student: str
    alumni: str
    shared: tuple[str, ...]
    related: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Somebody who could take the place of a member; `other` is the position of the cohort that gives them (None:
    they wait)."""

    leaves: str
    comes: str
    other: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What speaks for one cohort of a plan, and what holds it.

    `parts` add up to the quality of the cohort. `larger` says what keeps it from taking in one more, `elsewhere` what
    keeps it from meeting at another time. `new_faces` counts, for each member, how many of the others they have not
    met in an earlier term.
    """

    bridges: tuple[Bridge, ...]
    parts: tuple[tuple[Part, float], ...]
    larger: Hold
    elsewhere: Hold
    swaps: tuple[Swap, ...]
    new_faces: tuple[tuple[str, int], ...]


def parts_of(quality: Quality) -> tuple[tuple[Part, float], ...]:
    """Return what each part brings in; the sum is `quality.total`."""
    return (
        (Part.AFFINITY, AFFINITY_WEIGHT * quality.affinity),
        (Part.ROBUST, ROBUST_WEIGHT * quality.robust),
        (Part.BALANCE, BALANCE_WEIGHT * quality.balance),
        (Part.DIVERSITY, DIVERSITY_WEIGHT * quality.diversity),
    )


def bridges_of(members: Sequence[Participant], *, related: Related | None = None) -> tuple[Bridge, ...]:
    """Return what each pair across the generations shares, and which of their other topics lie near each other."""
    students = [one for one in members if one.generation == Generation.STUDENT]
    alumni = [one for one in members if one.generation == Generation.ALUMNI]
    return tuple(_bridge(one, other, related or {}) for one in students for other in alumni)


def _bridge(student: Participant, other: Participant, related: Related) -> Bridge:
    mine = {tag for tag, weight in student.interests.items() if weight > 0}
    theirs = {tag for tag, weight in other.interests.items() if weight > 0}
    shared = sorted(mine & theirs, key=lambda tag: (-student.interests[tag] - other.interests[tag], tag))
    near = [
        (one, two)
        for one in sorted(mine - theirs)
        for two in sorted(theirs - mine)
        if two in related.get(one, ()) or one in related.get(two, ())
    ]
    return Bridge(student=student.id, alumni=other.id, shared=tuple(shared), related=tuple(near))


class CompanyReader:
    """A plan prepared for explaining its cohorts one by one."""

    def __init__(self, problem: Problem, cohorts: Sequence[PlannedCohort], *, related: Related | None = None) -> None:
        self.seats = Seats(problem, cohorts)
        self.related = related
        self.met = {
            frozenset((pair.first, pair.second))
            for pair in problem.forbidden
            if pair.reason == ForbiddenReason.MET_BEFORE
        }

    def company_at(self, position: int, *, swaps: int = MOST_SWAPS) -> Company:
        """Explain the cohort at a position.

        Raises:
            KeyError: there is no cohort at that position.
        """
        seats = self.seats
        row = seats.row_at(position)
        members = [seats.people[one] for one in sorted(row.people)]
        return Company(
            bridges=bridges_of(members, related=self.related),
            parts=parts_of(cohort_quality(members, params=seats.params)) if members else (),
            larger=self._larger(row),
            elsewhere=self._elsewhere(position, row),
            swaps=tuple(self._swaps(row, most=swaps)),
            new_faces=tuple(
                (one.id, sum(frozenset((one.id, other.id)) not in self.met for other in members if other is not one))
                for one in members
            ),
        )

    def _larger(self, row: Row) -> Hold:
        seats = self.seats
        if row.size >= seats.params.size_max:
            return Hold.FULL
        if not seats.waiting:
            return Hold.NOBODY_WAITS
        free = seats.waiting & seats.free_at[row.start]
        if not free:
            return Hold.NOBODY_FREE
        spoken = 0
        for language in bits(row.languages):
            spoken |= seats.speakers[language]
        if not free & spoken:
            return Hold.NO_LANGUAGE
        if not free & spoken & ~row.barred:
            return Hold.KEPT_APART
        for person in bits(free & spoken & ~row.barred):
            unit = seats.units[person]
            if all(seats.waiting >> one & 1 for one in unit) and seats.joined(row, unit) is not None:
                return Hold.OPEN
        return Hold.OTHER_RULES

    def _elsewhere(self, position: int, row: Row) -> Hold:
        seats = self.seats
        others = row.common & ~(1 << row.start)
        if not others:
            return Hold.ONE_TIME
        for start in bits(others):
            for host in seats.hosts_at[start]:
                speaks = seats.row(row.people, host=host, start=start).languages
                if speaks and seats.host_is_free(host, start, besides=position):
                    return Hold.OPEN
        return Hold.NO_FACILITATOR

    def _swaps(self, row: Row, *, most: int) -> list[Swap]:
        """Return who could take a member's place: those who wait, then exchanges with cohorts of the same time."""
        found: list[Swap] = []
        for among in (self.seats.waiting, self.seats.present & ~self.seats.waiting):
            for leaver in sorted(row.people):
                found += islice(self._swaps_for(row, leaver, among), COMERS_A_MEMBER)
                if len(found) >= most:
                    return found[:most]
        return found

    def _swaps_for(self, row: Row, leaver: int, among: int) -> Iterator[Swap]:
        seats = self.seats
        if len(seats.units[leaver]) > 1:
            return
        left = seats.without(row, leaver)
        for comer in bits(seats.who_may_join(left, among & ~row.mask)):
            other = seats.row_of[comer]
            if len(seats.units[comer]) > 1 or not self._fits(left, comer):
                continue
            if other >= 0 and not self._fits(seats.without(seats.row_at(other), comer), leaver):
                continue
            at = None if other < 0 else other
            yield Swap(leaves=seats.people[leaver].id, comes=seats.people[comer].id, other=at)

    def _fits(self, row: Row, person: int) -> bool:
        joined = self.seats.joined(row, (person,))
        return joined is not None and self.seats.has_right_size(joined.size, joined.students)
