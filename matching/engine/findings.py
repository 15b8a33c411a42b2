"""What in the input keeps cohorts from forming: reported, never a crash."""

from collections.abc import Iterator

from matching.engine.model import held_pairs, starts_of, together_units
from matching.engine.problem import Generation, Problem, Strictness
from matching.engine.score import common_starts
from matching.engine.solution import Finding, InputFinding


def input_findings(problem: Problem) -> tuple[InputFinding, ...]:
    """Return every finding, in a fixed order."""
    return (*_about_sides(problem), *_about_facilitators(problem), *_about_people(problem), *_about_pairs(problem))


def _about_sides(problem: Problem) -> Iterator[InputFinding]:
    generations = {person.generation for person in problem.participants}
    if not generations:
        yield InputFinding(finding=Finding.NO_PARTICIPANTS)
    elif problem.params.min_per_generation:
        if Generation.STUDENT not in generations:
            yield InputFinding(finding=Finding.NO_STUDENTS)
        if Generation.ALUMNI not in generations:
            yield InputFinding(finding=Finding.NO_ALUMNI)


def _about_facilitators(problem: Problem) -> Iterator[InputFinding]:
    if not problem.facilitators:
        yield InputFinding(finding=Finding.NO_FACILITATORS)
    for one in problem.facilitators:
        if one.max_load <= 0:
            yield InputFinding(finding=Finding.FACILITATOR_WITHOUT_LOAD, ids=(one.id,))
        elif not starts_of(one.availability, params=problem.params):
            yield InputFinding(finding=Finding.FACILITATOR_WITHOUT_WINDOW, ids=(one.id,))


def _about_people(problem: Problem) -> Iterator[InputFinding]:
    for person in problem.participants:
        if not person.availability:
            yield InputFinding(finding=Finding.PARTICIPANT_WITHOUT_AVAILABILITY, ids=(person.id,))


def _about_pairs(problem: Problem) -> Iterator[InputFinding]:
    people, params = problem.participants, problem.params
    hard = set(held_pairs(problem, strictness=Strictness.HARD))
    for unit in together_units(problem):
        if len(unit) == 1:
            continue
        ids = tuple(people[index].id for index in unit)
        if len(unit) > params.size_max:
            yield InputFinding(finding=Finding.TOGETHER_TOO_MANY, ids=ids)
        for place, one in enumerate(unit):
            for other in unit[place + 1 :]:
                if (one, other) in hard:
                    pair = (people[one].id, people[other].id)
                    yield InputFinding(finding=Finding.TOGETHER_BUT_FORBIDDEN, ids=pair)
        shared = common_starts([people[index] for index in unit], params=params)
        if shared.bit_count() < params.min_windows:
            yield InputFinding(finding=Finding.TOGETHER_WITHOUT_COMMON_WINDOW, ids=ids)
        spoken = set.intersection(*(set(people[index].languages) for index in unit))
        if params.common_language and not spoken:
            yield InputFinding(finding=Finding.TOGETHER_WITHOUT_COMMON_LANGUAGE, ids=ids)
