"""The problem as integers: units, starts, languages and conflicts as bit masks.

A unit is a person, or people who must stay together; it moves as one. Units are
numbered by scarcity, so that the lowest bit of any set of units is the one with
the fewest chances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
from matching.engine.week import around, bits, window_starts


@dataclass(slots=True)
class Model:
    """Units by scarcity; `at[s]` is the set of units free for the window at s.

    `host_mask_at[s]` is the set of facilitators free at s, `host_speakers[l]` of those who speak a language.
    `members` holds indices into the problem's participants; `barred[u]` is the set of
    units that may not share a cohort with u. Units that could never be in a cohort are left out.
    """

    params: Params
    members: list[tuple[int, ...]]
    size: list[int]
    students: list[int]
    alumni: list[int]
    starts: list[int]
    languages: list[int]
    barred: list[int]
    at: list[int]
    speakers: list[int]
    student_units: int
    alumni_units: int
    hosts_at: list[list[int]]
    host_starts: list[int]
    host_languages: list[int]
    host_load: list[int]
    host_mask_at: list[int]
    host_speakers: list[int]
    hosted: int
    near: list[int]

    @property
    def everyone(self) -> int:
        return (1 << len(self.members)) - 1

    def people_in(self, units: int) -> int:
        return sum(self.size[unit] for unit in bits(units))


def starts_of(availability: int, *, params: Params) -> int:
    return window_starts(availability, week_slots=params.week_slots, window_slots=params.window_slots)


def together_units(problem: Problem) -> list[tuple[int, ...]]:
    """Return the people (indices) who move as one, ordered by their first person."""
    index = {person.id: position for position, person in enumerate(problem.participants)}
    root = list(range(len(problem.participants)))

    def find(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for pair in problem.together:
        one, other = sorted((find(index[pair.first]), find(index[pair.second])))
        root[other] = one
    units: dict[int, list[int]] = {}
    for position in range(len(root)):
        units.setdefault(find(position), []).append(position)
    return [tuple(people) for people in units.values()]


def held_pairs(problem: Problem, *, strictness: Strictness) -> list[tuple[int, int]]:
    """Return the pairs (indices, in order) that the rules hold with this strictness."""
    index = {person.id: position for position, person in enumerate(problem.participants)}
    exempt = {_pair(index[pair.first], index[pair.second]) for pair in problem.together}
    held: set[tuple[int, int]] = set()
    for apart in problem.forbidden:
        rule = Strictness.HARD if apart.reason == ForbiddenReason.BLOCKED else problem.params.met_before
        if rule == strictness:
            held.add(_pair(index[apart.first], index[apart.second]))
    by_affiliation: dict[str, list[int]] = {}
    for position, person in enumerate(problem.participants):
        if person.affiliation:
            by_affiliation.setdefault(person.affiliation, []).append(position)
    rules = {(one, other): problem.params.affiliation_rule(one, other) for one in Generation for other in Generation}
    if strictness in rules.values():
        for group in by_affiliation.values():
            for one, other in combinations(group, 2):
                generations = (problem.participants[one].generation, problem.participants[other].generation)
                if rules[generations] == strictness and (one, other) not in exempt:
                    held.add((one, other))
    return sorted(held)


def language_masks(problem: Problem) -> tuple[list[int], list[int], int]:
    """Return the languages of participants and facilitators as masks, and how many there are."""
    if not problem.params.common_language:
        return [1] * len(problem.participants), [1] * len(problem.facilitators), 1
    people: tuple[Participant | Facilitator, ...] = (*problem.participants, *problem.facilitators)
    names = sorted({name for one in people for name in one.languages})
    bit = {name: 1 << position for position, name in enumerate(names)}
    masks = [sum(bit[name] for name in set(one.languages)) for one in people]
    return masks[: len(problem.participants)], masks[len(problem.participants) :], max(1, len(names))


def compile_model(problem: Problem) -> Model:
    """Return the model of a problem; nothing in it depends on the order of sets."""
    params = problem.params
    spoken, host_spoken, language_count = language_masks(problem)
    host_starts = [
        starts_of(one.availability, params=params) if one.max_load > 0 else 0 for one in problem.facilitators
    ]
    hosts_at: list[list[int]] = [[] for _ in range(params.week_slots)]
    for host, mask in enumerate(host_starts):
        for start in bits(mask):
            hosts_at[start].append(host)
    hosted = sum(1 << start for start, hosts in enumerate(hosts_at) if hosts)
    hard = set(held_pairs(problem, strictness=Strictness.HARD))

    found: list[tuple[int, int, tuple[int, ...], int, int]] = []
    for people in together_units(problem):
        mask, languages = (1 << params.week_slots) - 1, (1 << language_count) - 1
        for person in people:
            mask &= starts_of(problem.participants[person].availability, params=params)
            languages &= spoken[person]
        possible = (
            mask & hosted
            and mask.bit_count() >= params.min_windows
            and languages
            and len(people) <= params.size_max
            and not any(pair in hard for pair in combinations(people, 2))
        )
        if possible:
            chances = sum(len(hosts_at[start]) for start in bits(mask))
            found.append((chances, people[0], people, mask, languages))
    found.sort()

    members = [people for _, _, people, _, _ in found]
    unit_of = {person: unit for unit, people in enumerate(members) for person in people}
    barred = [0] * len(members)
    for one, other in sorted(hard):
        if one in unit_of and other in unit_of:
            barred[unit_of[one]] |= 1 << unit_of[other]
            barred[unit_of[other]] |= 1 << unit_of[one]
    starts = [mask for _, _, _, mask, _ in found]
    languages_of = [languages for _, _, _, _, languages in found]
    students = [_count(people, problem.participants, Generation.STUDENT) for people in members]
    alumni = [len(people) - count for people, count in zip(members, students, strict=True)]
    at = [0] * params.week_slots
    for unit, mask in enumerate(starts):
        for start in bits(mask & hosted):
            at[start] |= 1 << unit
    return Model(
        params=params,
        members=members,
        size=[len(people) for people in members],
        students=students,
        alumni=alumni,
        starts=starts,
        languages=languages_of,
        barred=barred,
        at=at,
        speakers=[
            sum(1 << unit for unit, mask in enumerate(languages_of) if mask >> language & 1)
            for language in range(language_count)
        ],
        student_units=sum(1 << unit for unit, count in enumerate(students) if count),
        alumni_units=sum(1 << unit for unit, count in enumerate(alumni) if count),
        hosts_at=hosts_at,
        host_starts=host_starts,
        host_languages=host_spoken,
        host_load=[max(0, one.max_load) for one in problem.facilitators],
        host_mask_at=[sum(1 << host for host in hosts) for hosts in hosts_at],
        host_speakers=[
            sum(1 << host for host, mask in enumerate(host_spoken) if mask >> language & 1)
            for language in range(language_count)
        ],
        hosted=hosted,
        near=[
            around(start, week_slots=params.week_slots, window_slots=params.window_slots)
            for start in range(params.week_slots)
        ],
    )


def part_of(model: Model, units: Sequence[int], *, host_starts: list[int], host_load: list[int]) -> Model:
    """Return the model of some of its units (ascending) with other starts and loads of its facilitators."""
    place = {unit: number for number, unit in enumerate(units)}
    inside = sum(1 << unit for unit in units)
    slots, languages = model.params.week_slots, range(len(model.speakers))
    hosts_at: list[list[int]] = [[] for _ in range(slots)]
    for host, mask in enumerate(host_starts):
        for start in bits(mask):
            hosts_at[start].append(host)

    def renumbered(whole: int) -> int:
        return sum(1 << place[unit] for unit in bits(whole & inside))

    return Model(
        params=model.params,
        members=[model.members[unit] for unit in units],
        size=[model.size[unit] for unit in units],
        students=[model.students[unit] for unit in units],
        alumni=[model.alumni[unit] for unit in units],
        starts=[model.starts[unit] for unit in units],
        languages=[model.languages[unit] for unit in units],
        barred=[renumbered(model.barred[unit]) for unit in units],
        at=[renumbered(model.at[start]) if hosts else 0 for start, hosts in enumerate(hosts_at)],
        speakers=[renumbered(model.speakers[language]) for language in languages],
        student_units=renumbered(model.student_units),
        alumni_units=renumbered(model.alumni_units),
        hosts_at=hosts_at,
        host_starts=host_starts,
        host_languages=model.host_languages,
        host_load=host_load,
        host_mask_at=[sum(1 << host for host in hosts) for hosts in hosts_at],
        host_speakers=model.host_speakers,
        hosted=sum(1 << start for start, hosts in enumerate(hosts_at) if hosts),
        near=model.near,
    )


def _count(people: Sequence[int], participants: Sequence[Participant], generation: Generation) -> int:
    return sum(participants[person].generation == generation for person in people)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
