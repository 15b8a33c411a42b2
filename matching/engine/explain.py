"""Reasons in words that screens can render: why this cohort, and why somebody is in none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matching.engine.bounds import hosted_starts, valid_group
from matching.engine.model import Model, compile_model, held_pairs, starts_of, together_units
from matching.engine.problem import Generation, Participant, Problem, Strictness
from matching.engine.score import Quality, cohort_quality, common_starts
from matching.engine.solution import PlannedCohort, Unplaced, UnplacedReason
from matching.engine.week import bits


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedInterest:
    """A tag that at least one member of each generation holds. `weight` is the sum over members."""

    tag: str
    students: tuple[str, ...]
    alumni: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortExplanation:
    """What speaks for a cohort.

    `windows` are all starts at which every member is free; `hosted_windows` those at which the
    cohort's facilitator is free too; `other_facilitators` could lead it at its own start.
    `wishes_missed` are pairs together against a soft rule.
    """

    windows: tuple[int, ...]
    hosted_windows: tuple[int, ...]
    other_facilitators: tuple[str, ...]
    languages: tuple[str, ...]
    interests: tuple[SharedInterest, ...]
    quality: Quality
    wishes_missed: tuple[tuple[str, str], ...]


def explain_cohort(problem: Problem, cohort: PlannedCohort) -> CohortExplanation:
    """Explain one cohort of known people.

    Raises:
        KeyError: the cohort names somebody who is not in the problem.
    """
    return explain_cohorts(problem, [cohort])[0]


def explain_cohorts(problem: Problem, cohorts: Sequence[PlannedCohort]) -> list[CohortExplanation]:
    """Explain several cohorts of one problem, preparing the problem once.

    Raises:
        KeyError: a cohort names somebody who is not in the problem.
    """
    people = {person.id: person for person in problem.participants}
    position = {person.id: index for index, person in enumerate(problem.participants)}
    facilitators = {one.id: one for one in problem.facilitators}
    host_starts = {one.id: starts_of(one.availability, params=problem.params) for one in problem.facilitators}
    wishes = set(held_pairs(problem, strictness=Strictness.SOFT))
    explained = []
    for cohort in cohorts:
        members = [people[member] for member in cohort.members]
        starts = common_starts(members, params=problem.params)
        spoken = set.intersection(*(set(member.languages) for member in members))
        host = facilitators[cohort.facilitator]
        explained.append(
            CohortExplanation(
                windows=tuple(bits(starts)),
                hosted_windows=tuple(bits(starts & host_starts[host.id])),
                other_facilitators=tuple(
                    one.id
                    for one in problem.facilitators
                    if one.id != host.id
                    and one.max_load > 0
                    and host_starts[one.id] >> cohort.start & 1
                    and (spoken & set(one.languages) or not problem.params.common_language)
                ),
                languages=tuple(sorted(spoken & set(host.languages))),
                interests=shared_interests(sorted(members, key=lambda one: position[one.id])),
                quality=cohort_quality(members, params=problem.params),
                wishes_missed=tuple(
                    (one, other)
                    for place, one in enumerate(cohort.members)
                    for other in cohort.members[place + 1 :]
                    if tuple(sorted((position[one], position[other]))) in wishes
                ),
            )
        )
    return explained


def shared_interests(members: Sequence[Participant]) -> tuple[SharedInterest, ...]:
    """Return the interests that bridge the generations of a cohort: most holders first, then weight, then tag."""
    found = []
    for tag in sorted({tag for member in members for tag in member.interests}):
        holders = [member for member in members if member.interests.get(tag, 0) > 0]
        students = tuple(one.id for one in holders if one.generation == Generation.STUDENT)
        alumni = tuple(one.id for one in holders if one.generation == Generation.ALUMNI)
        if students and alumni:
            weight = sum(one.interests[tag] for one in holders)
            found.append(SharedInterest(tag=tag, students=students, alumni=alumni, weight=weight))
    found.sort(key=lambda one: (-len(one.students) - len(one.alumni), -one.weight, one.tag))
    return tuple(found)


def explain_unplaced(problem: Problem, model: Model, *, placed: set[str], possible: int) -> tuple[Unplaced, ...]:
    """Return exactly one reason for everybody who is in no cohort, in the problem's order.

    `possible` are the units of the model known to belong to some valid group.
    """
    reachable = {person for unit in bits(possible) for person in model.members[unit]}
    partners = {person: unit for unit in together_units(problem) for person in unit if len(unit) > 1}
    alone: Model | None = None
    unspoken: Model | None = None
    found = []
    for index, person in enumerate(problem.participants):
        if person.id in placed:
            continue
        starts = starts_of(person.availability, params=problem.params)
        if not person.availability:
            reason = UnplacedReason.NO_AVAILABILITY
        elif starts.bit_count() < problem.params.min_windows:
            reason = UnplacedReason.NO_LONG_ENOUGH_WINDOW
        elif not starts & model.hosted:
            reason = UnplacedReason.NO_FACILITATOR_IN_WINDOWS
        elif index in reachable:
            reason = UnplacedReason.NOT_ENOUGH_PLACES
        else:
            alone = alone or compile_model(_without(problem, together=True))
            if index in partners and _has_group(alone, index):
                reason = UnplacedReason.TOGETHER_PAIR_SPLIT
            else:
                unspoken = unspoken or compile_model(_without(problem, together=False))
                reason = (
                    UnplacedReason.NO_SHARED_LANGUAGE if _has_group(unspoken, index) else UnplacedReason.NO_VALID_COHORT
                )
        found.append(Unplaced(participant=person.id, reason=reason))
    return tuple(found)


def _without(problem: Problem, *, together: bool) -> Problem:
    """Return the problem without its together pairs, or else without the language rule."""
    if together:
        return replace(problem, together=())
    return replace(problem, params=replace(problem.params, common_language=False))


def _has_group(model: Model, person: int) -> bool:
    unit = next((unit for unit, people in enumerate(model.members) if person in people), None)
    return unit is not None and any(
        valid_group(model, unit, pool=model.everyone, start=start, language=language) is not None
        for start, language in hosted_starts(model, unit)
    )
