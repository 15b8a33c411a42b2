"""The hard rules, checked one by one: what publishing and repairing must never break."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from matching.engine.problem import (
    Facilitator,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    Problem,
    Strictness,
)
from matching.engine.score import common_starts
from matching.engine.solution import PlannedCohort
from matching.engine.week import around, window_starts


class BrokenRule(StrEnum):
    """A closed list of what can be wrong with a plan."""

    UNKNOWN_PARTICIPANT = "unknown-participant"
    UNKNOWN_FACILITATOR = "unknown-facilitator"
    UNKNOWN_START = "unknown-start"
    PLACED_TWICE = "placed-twice"
    SIZE = "size"
    GENERATION_MINIMUM = "generation-minimum"
    MEMBER_NOT_FREE = "member-not-free"
    FACILITATOR_NOT_FREE = "facilitator-not-free"
    TOO_FEW_WINDOWS = "too-few-windows"
    NO_SHARED_LANGUAGE = "no-shared-language"
    BLOCKED_PAIR = "blocked-pair"
    MET_BEFORE = "met-before"
    SAME_AFFILIATION = "same-affiliation"
    TOGETHER_SPLIT = "together-split"
    FACILITATOR_OVERLOAD = "facilitator-overload"
    FACILITATOR_OVERLAP = "facilitator-overlap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One broken rule, the ids concerned, and the cohort's position (None: several cohorts)."""

    rule: BrokenRule
    ids: tuple[str, ...] = ()
    cohort: int | None = None


class Rulebook:
    """A problem prepared for checking many cohorts.

    Each check returns the breaches in a fixed order; an empty list means that all rules hold.
    """

    def __init__(self, problem: Problem) -> None:
        self._params = problem.params
        self._people = {person.id: person for person in problem.participants}
        self._facilitators = {one.id: one for one in problem.facilitators}
        self._apart = {frozenset((pair.first, pair.second)): pair.reason for pair in problem.forbidden}
        self._apart.update(
            {
                frozenset((pair.first, pair.second)): pair.reason
                for pair in problem.forbidden
                if pair.reason == ForbiddenReason.BLOCKED
            }
        )
        self._together = [(pair.first, pair.second) for pair in problem.together]
        self._exempt = {frozenset(pair) for pair in self._together}

    def check_cohort(self, cohort: PlannedCohort) -> list[Breach]:
        """Return what is wrong inside one cohort."""
        broken: list[Breach] = []

        def note(rule: BrokenRule, *ids: str) -> None:
            broken.append(Breach(rule=rule, ids=ids))

        for rule, ids in self._unknown(cohort):
            note(rule, *ids)
        if broken:
            return broken

        facilitator = self._facilitators[cohort.facilitator]
        members = [self._people[member] for member in cohort.members]
        for rule, ids in _group_breaches(members, params=self._params):
            note(rule, *ids)
        for rule, ids in self._time_breaches(members, facilitator, cohort.start):
            note(rule, *ids)
        if self._params.common_language and not _shared_languages(members, facilitator):
            note(BrokenRule.NO_SHARED_LANGUAGE)
        for rule, ids in self._pair_breaches(members):
            note(rule, *ids)
        return broken

    def check_plan(self, cohorts: Sequence[PlannedCohort]) -> list[Breach]:
        """Return everything wrong with a whole plan; pairs that are split are named once."""
        broken: list[Breach] = []
        split: set[tuple[str, ...]] = set()
        for position, cohort in enumerate(cohorts):
            for breach in self.check_cohort(cohort):
                if breach.rule == BrokenRule.TOGETHER_SPLIT:
                    if breach.ids in split:
                        continue
                    split.add(breach.ids)
                broken.append(Breach(rule=breach.rule, ids=breach.ids, cohort=position))
        seats = [member for cohort in cohorts for member in sorted(set(cohort.members))]
        for member in _repeated(seats):
            broken.append(Breach(rule=BrokenRule.PLACED_TWICE, ids=(member,)))
        broken.extend(self._load_breaches(cohorts))
        return broken

    def pair_breach(self, one: Participant, other: Participant) -> BrokenRule | None:
        """Return the hard rule that keeps two people apart, if any."""
        pair = frozenset((one.id, other.id))
        reason = self._apart.get(pair)
        if reason == ForbiddenReason.BLOCKED:
            return BrokenRule.BLOCKED_PAIR
        if reason == ForbiddenReason.MET_BEFORE and self._params.met_before == Strictness.HARD:
            return BrokenRule.MET_BEFORE
        if (
            one.affiliation
            and one.affiliation == other.affiliation
            and pair not in self._exempt
            and self._params.affiliation_rule(one.generation, other.generation) == Strictness.HARD
        ):
            return BrokenRule.SAME_AFFILIATION
        return None

    def _unknown(self, cohort: PlannedCohort) -> Iterable[tuple[BrokenRule, tuple[str, ...]]]:
        strangers = [member for member in cohort.members if member not in self._people]
        if strangers:
            yield BrokenRule.UNKNOWN_PARTICIPANT, tuple(strangers)
        repeated = _repeated(cohort.members)
        if repeated:
            yield BrokenRule.PLACED_TWICE, tuple(repeated)
        if cohort.facilitator not in self._facilitators:
            yield BrokenRule.UNKNOWN_FACILITATOR, (cohort.facilitator,)
        if not 0 <= cohort.start < self._params.week_slots:
            yield BrokenRule.UNKNOWN_START, ()

    def _pair_breaches(self, members: Sequence[Participant]) -> Iterable[tuple[BrokenRule, tuple[str, ...]]]:
        for one, other in combinations(members, 2):
            rule = self.pair_breach(one, other)
            if rule is not None:
                yield rule, (one.id, other.id)
        present = {member.id for member in members}
        for first, second in self._together:
            if (first in present) != (second in present):
                yield BrokenRule.TOGETHER_SPLIT, (first, second)

    def _time_breaches(
        self, members: Sequence[Participant], facilitator: Facilitator, start: int
    ) -> Iterable[tuple[BrokenRule, tuple[str, ...]]]:
        for member in members:
            if not self._free_at(member, start):
                yield BrokenRule.MEMBER_NOT_FREE, (member.id,)
        if not self._free_at(facilitator, start):
            yield BrokenRule.FACILITATOR_NOT_FREE, (facilitator.id,)
        if members and common_starts(members, params=self._params, maybe=True).bit_count() < self._params.min_windows:
            yield BrokenRule.TOO_FEW_WINDOWS, ()

    def _free_at(self, one: Participant | Facilitator, start: int) -> bool:
        params = self._params
        slots = one.availability | one.maybe if isinstance(one, Participant) else one.availability
        starts = window_starts(slots, week_slots=params.week_slots, window_slots=params.window_slots)
        return bool(starts >> start & 1)

    def _load_breaches(self, cohorts: Sequence[PlannedCohort]) -> Iterable[Breach]:
        params = self._params
        led: dict[str, list[int]] = {}
        for cohort in cohorts:
            led.setdefault(cohort.facilitator, []).append(cohort.start)
        for name, starts in led.items():
            facilitator = self._facilitators.get(name)
            if facilitator is None:
                continue
            if len(starts) > facilitator.max_load:
                yield Breach(rule=BrokenRule.FACILITATOR_OVERLOAD, ids=(name,))
            for one, other in combinations(starts, 2):
                near = around(one, week_slots=params.week_slots, window_slots=params.window_slots)
                if near >> other % params.week_slots & 1:
                    yield Breach(rule=BrokenRule.FACILITATOR_OVERLAP, ids=(name,))


def _group_breaches(members: Sequence[Participant], *, params: Params) -> Iterable[tuple[BrokenRule, tuple[str, ...]]]:
    if not params.size_min <= len(members) <= params.size_max:
        yield BrokenRule.SIZE, ()
    for generation in Generation:
        if sum(member.generation == generation for member in members) < params.min_per_generation:
            yield BrokenRule.GENERATION_MINIMUM, (generation.value,)


def _shared_languages(members: Sequence[Participant], facilitator: Facilitator) -> set[str]:
    return set(facilitator.languages).intersection(*(member.languages for member in members))


def _repeated(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    twice: list[str] = []
    for one in ids:
        if one in seen and one not in twice:
            twice.append(one)
        seen.add(one)
    return twice
