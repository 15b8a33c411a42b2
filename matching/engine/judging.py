"""What a change of the board breaks or improves, before it is made."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from matching.engine.board import Board, Change, Lock
from matching.engine.company import Part, parts_of
from matching.engine.model import held_pairs
from matching.engine.problem import Generation, Problem, Strictness
from matching.engine.rules import Breach, BrokenRule, Rulebook
from matching.engine.score import cohort_quality
from matching.engine.solution import PlannedCohort

NOTABLE = 0.005
"""How much a part of the quality has to change (of at most .50, .20, .15 and .15) before it is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A cohort before and after. `parts` are those that change notably, with what they bring in more (or less)."""

    number: int
    before: PlannedCohort
    after: PlannedCohort
    parts: tuple[tuple[Part, float], ...]
    wishes_missed: tuple[tuple[str, str], ...]
    if_need_be: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a change would do. It may be made while nothing is `broken` and nothing `locked` is in the way.

    `broken` are (number of the cohort, breach) that were not there before; `gain` is what the company of all touched
    cohorts gains together; `placed` how many people more have a place.
    """

    broken: tuple[tuple[int, Breach], ...]
    locked: tuple[Lock, ...]
    touched: tuple[Touched, ...]
    gain: float
    placed: int

    @property
    def may_be(self) -> bool:
        return not self.broken and not self.locked


def soft_pairs(problem: Problem) -> frozenset[frozenset[str]]:
    """Return the pairs of people whom a soft rule would keep apart."""
    ids = [person.id for person in problem.participants]
    pairs = held_pairs(problem, strictness=Strictness.SOFT)
    return frozenset(frozenset((ids[one], ids[other])) for one, other in pairs)


def against_soft_rules(
    members: Sequence[str], soft: Set[frozenset[str]], *, comers: Set[str]
) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a cohort that go against a soft rule and are new: one of the two has just come."""
    return tuple(
        (one, other) for one, other in combinations(members, 2) if comers & {one, other} and {one, other} in soft
    )


class Judge:
    """A board prepared for judging many changes. People who have left the term break the rules of their cohort."""

    def __init__(self, problem: Problem, board: Board) -> None:
        self.problem = problem
        self.board = board
        self.cohorts = board.cohorts()
        self._rules = Rulebook(problem)
        self._people = {person.id: person for person in problem.participants}
        self._before: dict[int, frozenset[tuple[BrokenRule, tuple[str, ...]]]] = {}
        self._parts_before: dict[int, dict[Part, float]] = {}
        self._soft = soft_pairs(problem)

    def refused(self, change: Change) -> bool:
        """Return whether a change may not be made."""
        return bool(self.board.in_the_way(change) or self._broken(self._after(change), first_only=True))

    def verdict(self, change: Change) -> Verdict:
        """Return what a change does to each cohort that it touches."""
        after = self._after(change)
        touched = tuple(self._touched(number, cohort) for number, cohort in after.items())
        placed = sum(isinstance(end, int) - isinstance(begin, int) for _person, begin, end in change.seats)
        return Verdict(
            broken=self._broken(after),
            locked=self.board.in_the_way(change),
            touched=touched,
            gain=sum(value for one in touched for _part, value in one.parts),
            placed=placed,
        )

    def best(self, changes: list[tuple[str, Change]]) -> list[str]:
        """Return the keys of the changes that may be made, the one that serves the company best first."""
        good = [(key, change) for key, change in changes if not self.refused(change)]
        gains = {key: self._gain(change) for key, change in good}
        return sorted(gains, key=lambda key: -gains[key])

    def _gain(self, change: Change) -> float:
        """Return the `gain` of a change's verdict without the rest of it."""
        touched = self._after(change).items()
        return sum(value for number, cohort in touched for _part, value in self._notable(number, cohort))

    def _after(self, change: Change) -> dict[int, PlannedCohort]:
        """Return the cohorts that a change touches, as they are after it."""
        found: dict[int, PlannedCohort] = {}
        for number in sorted({seat for _, *seats in change.seats for seat in seats if isinstance(seat, int)}):
            cohort = self.cohorts[number]
            gone = {one for one, begin, _ in change.seats if begin == number}
            come = [one for one, _, end in change.seats if end == number]
            members = [one for one in cohort.members if one not in gone] + come
            order = sorted(members, key=lambda one: (int(one), one) if one.isdecimal() else (0, one))
            found[number] = PlannedCohort(members=tuple(order), facilitator=cohort.facilitator, start=cohort.start)
        return found

    def _broken(self, after: dict[int, PlannedCohort], *, first_only: bool = False) -> tuple[tuple[int, Breach], ...]:
        found: list[tuple[int, Breach]] = []
        split: set[tuple[str, ...]] = set()
        for number, cohort in after.items():
            for breach in self._rules.check_cohort(cohort):
                if self._was_there(number, breach) and not self._is_worse(number, cohort, breach):
                    continue
                if breach.rule == BrokenRule.TOGETHER_SPLIT:
                    if breach.ids in split:
                        continue
                    split.add(breach.ids)
                found.append((number, breach))
                if first_only:
                    return tuple(found)
        return tuple(found)

    def _was_there(self, number: int, breach: Breach) -> bool:
        if number not in self._before:
            broken = self._rules.check_cohort(self.cohorts[number])
            self._before[number] = frozenset((one.rule, one.ids) for one in broken)
        return (breach.rule, breach.ids) in self._before[number]

    def _is_worse(self, number: int, cohort: PlannedCohort, breach: Breach) -> bool:
        """Return whether a cohort that was too small, too large or one-sided before would be more so."""
        before = self.cohorts[number]
        if breach.rule == BrokenRule.SIZE:
            return self._off(len(cohort.members)) > self._off(len(before.members))
        if breach.rule == BrokenRule.GENERATION_MINIMUM:
            side = Generation(breach.ids[0])
            return self._count(cohort, side) < self._count(before, side)
        return False

    def _off(self, size: int) -> int:
        params = self.problem.params
        return max(params.size_min - size, size - params.size_max, 0)

    def _count(self, cohort: PlannedCohort, side: Generation) -> int:
        return sum(one in self._people and self._people[one].generation == side for one in cohort.members)

    def _touched(self, number: int, after: PlannedCohort) -> Touched:
        before = self.cohorts[number]
        window = self._window(after)
        comers = set(after.members) - set(before.members)
        return Touched(
            number=number,
            before=before,
            after=after,
            parts=self._notable(number, after),
            wishes_missed=against_soft_rules(after.members, self._soft, comers=comers),
            if_need_be=tuple(
                one
                for one in after.members
                if one in comers and one in self._people and window & ~self._people[one].availability
            ),
        )

    def _notable(self, number: int, after: PlannedCohort) -> tuple[tuple[Part, float], ...]:
        if number not in self._parts_before:
            self._parts_before[number] = dict(self._parts(self.cohorts[number]))
        old, new = self._parts_before[number], dict(self._parts(after))
        changes = ((part, new.get(part, 0.0) - old.get(part, 0.0)) for part in Part if old and new)
        return tuple((part, value) for part, value in changes if abs(value) >= NOTABLE)

    def _parts(self, cohort: PlannedCohort) -> tuple[tuple[Part, float], ...]:
        known = [self._people[one] for one in cohort.members if one in self._people]
        return parts_of(cohort_quality(known, params=self.problem.params)) if known else ()

    def _window(self, cohort: PlannedCohort) -> int:
        params = self.problem.params
        return sum(1 << (cohort.start + slot) % params.week_slots for slot in range(params.window_slots))
