"""Upper bounds on how many people any plan can place.

Reachable people: whoever belongs to at least one valid group, by exact search. Capacity: what
the facilitators' loads and windows, the largest size and the generations allow.
"""

from matching.engine.model import Model
from matching.engine.problem import Params
from matching.engine.solution import BoundMethod
from matching.engine.week import bits


def valid_group(model: Model, unit: int, *, pool: int, start: int, language: int) -> list[int] | None:
    """Return a valid group with `unit` at a start in a language, or None after exact search."""
    params = model.params
    least = params.min_per_generation
    widest = max(model.size)

    def extend(group: list[int], pool: int, size: int, students: int, alumni: int, common: int) -> list[int] | None:
        if size >= params.size_min and students >= least and alumni >= least:
            return group
        in_reach = (pool & model.student_units).bit_count(), (pool & model.alumni_units).bit_count()
        if in_reach[0] * widest < least - students or in_reach[1] * widest < least - alumni:
            return None
        if students < least:
            pick = pool & model.student_units
        elif alumni < least:
            pick = pool & model.alumni_units
        else:
            pick = pool
        # Whoever was tried at this level is in no solution of the rest, so the pool shrinks.
        for other in bits(pick):
            pool &= ~(1 << other)
            new_size = size + model.size[other]
            new_students = students + model.students[other]
            new_alumni = alumni + model.alumni[other]
            if new_size + max(0, least - new_students) + max(0, least - new_alumni) > params.size_max:
                continue
            shared = common & model.starts[other]
            if shared.bit_count() < params.min_windows:
                continue
            found = extend([*group, other], pool & ~model.barred[other], new_size, new_students, new_alumni, shared)
            if found is not None:
                return found
        return None

    pool &= model.at[start] & model.speakers[language] & ~model.barred[unit] & ~(1 << unit)
    return extend([unit], pool, model.size[unit], model.students[unit], model.alumni[unit], model.starts[unit])


def reachable_units(model: Model) -> int:
    """Return the units that belong to at least one valid group."""
    reached = 0
    for unit in range(len(model.members)):
        if reached >> unit & 1:
            continue
        for start, language in hosted_starts(model, unit):
            group = valid_group(model, unit, pool=model.everyone, start=start, language=language)
            if group is not None:
                for one in group:
                    reached |= 1 << one
                break
    return reached


def hosted_starts(model: Model, unit: int) -> list[tuple[int, int]]:
    """Return each start and language in which a unit and some facilitator could be."""
    found = []
    for start in bits(model.starts[unit] & model.hosted):
        spoken = 0
        for host in model.hosts_at[start]:
            spoken |= model.host_languages[host]
        found += [(start, language) for language in bits(spoken & model.languages[unit])]
    return found


def cohort_capacity(model: Model, *, possible: int) -> int:
    """Return how many cohorts the facilitators can lead at starts where somebody could come."""
    useful = sum(1 << start for start, units in enumerate(model.at) if units & possible)
    return sum(
        min(load, most_disjoint(starts & useful, model))
        for load, starts in zip(model.host_load, model.host_starts, strict=True)
    )


def most_disjoint(starts: int, model: Model) -> int:
    """Return how many windows at the given starts can be held without overlap, at most."""
    if not starts:
        return 0
    slots, length = model.params.week_slots, model.params.window_slots
    best = 0
    # Greedy by end is exact on a line; on a circle some window covers or follows each cut.
    first = (starts & -starts).bit_length() - 1
    for cut in bits(starts):
        if cut >= first + length:
            break
        count, free_from, end = 0, cut, cut + slots
        ordered = [s for s in bits(starts) if s >= cut] + [s + slots for s in bits(starts) if s < cut]
        for start in ordered:
            if start >= free_from and start + length <= end:
                count += 1
                free_from = start + length
        best = max(best, count)
    return best


def upper_bound(model: Model, *, possible: int) -> tuple[int, BoundMethod]:
    """Return the bound on placed people and the part of it that was decisive."""
    students = sum(model.students[unit] for unit in bits(possible))
    alumni = sum(model.alumni[unit] for unit in bits(possible))
    best = most_placed(
        model.params, students=students, alumni=alumni, cohorts=cohort_capacity(model, possible=possible)
    )
    return best, BoundMethod.REACHABLE if best == students + alumni else BoundMethod.CAPACITY


def most_placed(params: Params, *, students: int, alumni: int, cohorts: int) -> int:
    """Return how many people at most sit in at most so many cohorts, by sizes and generations alone."""
    least = params.min_per_generation
    most_of_one = params.size_max - least
    best = 0
    for count in range(1, cohorts + 1):
        if count * least > min(students, alumni) or count * params.size_min > students + alumni:
            break
        placed = min(students, count * most_of_one) + min(alumni, count * most_of_one)
        best = max(best, min(placed, count * params.size_max))
    return best
