"""Forming the rest of a plan anew while some of it is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.engine import ENGINE_VERSION, Options, PlannedCohort, Problem, Progress, Solution, solve
from matching.engine.problem import Facilitator, Participant, TogetherPair
from matching.engine.rules import Rulebook
from matching.engine.score import cohort_quality


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFrame:
    """A cohort of which the time and the facilitator are kept, and these of its people."""

    cohort: PlannedCohort
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What is kept of an earlier plan: whole cohorts, times with some of their people, pairs that stay together."""

    cohorts: tuple[PlannedCohort, ...] = ()
    frames: tuple[KeptFrame, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def solve_keeping(
    problem: Problem,
    keep: Keep,
    *,
    seed: int,
    options: Options | None = None,
    progress: Progress | None = None,
    version: str = ENGINE_VERSION,
) -> Solution:
    """Form cohorts of everybody whom nothing holds, and add what is kept.

    A kept cohort that breaks a rule by now is given up. Where the search finds no use for a kept time, or no room for
    its people, the whole cohort is kept as it was, and the rest is formed once more. The upper bound is one on plans
    that keep what is kept.
    """
    rules = Rulebook(problem)
    whole = [cohort for cohort in keep.cohorts if not rules.check_cohort(cohort)]
    frames = [frame for frame in keep.frames if not rules.check_cohort(frame.cohort)]
    if not whole and not frames and not keep.pairs:
        return solve(problem, seed=seed, options=options, progress=progress, version=version)
    while True:
        rest = _rest(problem, whole, frames, keep.pairs)
        found = solve(rest, seed=seed, options=options, progress=progress, version=version)
        lost = [frame for place, frame in enumerate(frames) if not _is_kept(frame, place, found.cohorts)]
        if not lost:
            return _together(problem, whole, found)
        whole += [frame.cohort for frame in lost]
        frames = [frame for frame in frames if frame not in lost]


def _rest(
    problem: Problem, whole: Sequence[PlannedCohort], frames: Sequence[KeptFrame], pairs: Iterable[tuple[str, str]]
) -> Problem:
    """Return the problem of everybody outside the whole cohorts, with what facilitators have left.

    Each kept time is led by a stand-in of its facilitator, free at that time only. It speaks languages of its own,
    which everybody speaks, too; whoever is kept in that cohort speaks nothing else, and so can be nowhere else.
    """
    params = problem.params
    gone = {member for cohort in whole for member in cohort.members}
    led: dict[str, list[int]] = {}
    for cohort in (*whole, *(frame.cohort for frame in frames)):
        led.setdefault(cohort.facilitator, []).append(cohort.start)
    place_of = {person: place for place, frame in enumerate(frames) for person in frame.people}

    def window(start: int) -> int:
        return sum(1 << (start + slot) % params.week_slots for slot in range(params.window_slots))

    def left(one: Facilitator) -> Facilitator:
        taken = led.get(one.id, [])
        free = one.availability
        for start in taken:
            free &= ~window(start)
        return replace(one, availability=free, max_load=max(0, one.max_load - len(taken)))

    def speaking(one: Participant) -> Participant:
        if one.id in place_of:
            return replace(one, languages=_of_frame(one.languages, place_of[one.id]))
        more = tuple(word for place in range(len(frames)) for word in _of_frame(one.languages, place))
        return replace(one, languages=(*one.languages, *more))

    facilitators = {one.id: one for one in problem.facilitators}
    stand_ins = tuple(
        Facilitator(
            id=_stand_in(frame, place),
            availability=window(frame.cohort.start),
            max_load=1,
            languages=_of_frame(facilitators[frame.cohort.facilitator].languages, place),
        )
        for place, frame in enumerate(frames)
    )
    people = tuple(speaking(one) for one in problem.participants if one.id not in gone)
    here = {one.id for one in people}
    known = {frozenset((pair.first, pair.second)) for pair in problem.together}
    more = tuple(TogetherPair(first=one, second=other) for one, other in pairs if frozenset((one, other)) not in known)
    return replace(
        problem,
        participants=people,
        facilitators=(*(left(one) for one in problem.facilitators), *stand_ins),
        forbidden=tuple(pair for pair in problem.forbidden if {pair.first, pair.second} <= here),
        together=tuple(pair for pair in (*problem.together, *more) if {pair.first, pair.second} <= here),
    )


def _of_frame(languages: Iterable[str], place: int) -> tuple[str, ...]:
    return tuple(f"{word}@{place}" for word in languages)


def _stand_in(frame: KeptFrame, place: int) -> str:
    return f"{frame.cohort.facilitator}@{place}"


def _is_kept(frame: KeptFrame, place: int, cohorts: Iterable[PlannedCohort]) -> bool:
    led = (cohort for cohort in cohorts if cohort.facilitator == _stand_in(frame, place))
    return any(set(frame.people) <= set(cohort.members) for cohort in led)


def _together(problem: Problem, whole: Sequence[PlannedCohort], found: Solution) -> Solution:
    formed = [replace(one, facilitator=one.facilitator.partition("@")[0]) for one in found.cohorts]
    cohorts = tuple(sorted((*whole, *formed), key=lambda one: (one.start, one.facilitator, one.members)))
    people = {person.id: person for person in problem.participants}
    placed = sum(len(cohort.members) for cohort in cohorts)
    quality = sum(
        len(cohort.members) * cohort_quality([people[one] for one in cohort.members], params=problem.params).total
        for cohort in cohorts
    )
    return replace(
        found,
        cohorts=cohorts,
        placed=placed,
        quality=quality / placed if placed else 0.0,
        quality_bound=None,
        upper_bound=found.upper_bound + sum(len(cohort.members) for cohort in whole),
    )
