"""The most people any plan can place, found by trying everything. Shares no code with the engine."""

from functools import cache
from itertools import combinations


def slots_free(mask, start, length, week):
    return all(mask >> (start + step) % week & 1 for step in range(length))


def affiliation_is_hard(made, one, other, exempt):
    if not one.affiliation or one.affiliation != other.affiliation or frozenset((one.id, other.id)) in exempt:
        return False
    rules = {"student": made.params.student_affiliation, "alumni": made.params.alumni_affiliation}
    return rules[one.generation] == rules[other.generation] == "hard"


def valid_groups(made):
    """Every set of people (a mask) with the (facilitator, start) seats at which it may meet."""
    params, people = made.params, made.participants
    week, length = params.week_slots, params.window_slots
    apart = {
        frozenset((pair.first, pair.second))
        for pair in made.forbidden
        if pair.reason == "blocked" or params.met_before == "hard"
    }
    exempt = {frozenset((pair.first, pair.second)) for pair in made.together}
    for size in range(params.size_min, params.size_max + 1):
        for chosen in combinations(range(len(people)), size):
            group = [people[index] for index in chosen]
            names = {person.id for person in group}
            if any(sum(p.generation == g for p in group) < params.min_per_generation for g in ("student", "alumni")):
                continue
            if any((pair.first in names) != (pair.second in names) for pair in made.together):
                continue
            if any(
                frozenset((a.id, b.id)) in apart or affiliation_is_hard(made, a, b, exempt)
                for a, b in combinations(group, 2)
            ):
                continue
            common = [s for s in range(week) if all(slots_free(p.availability, s, length, week) for p in group)]
            if len(common) < params.min_windows:
                continue
            seats = [
                (host, start)
                for host, one in enumerate(made.facilitators)
                for start in common
                if slots_free(one.availability, start, length, week)
                and (
                    not params.common_language
                    or set(one.languages).intersection(*(set(person.languages) for person in group))
                )
            ]
            if seats:
                yield sum(1 << index for index in chosen), seats


def most_placed(made):
    groups = list(valid_groups(made))
    week, length = made.params.week_slots, made.params.window_slots

    @cache
    def best(first, used, seats):
        top = 0
        for position in range(first, len(groups)):
            mask, options = groups[position]
            if mask & used:
                continue
            for host, start in options:
                led = [taken for one, taken in seats if one == host]
                if len(led) >= made.facilitators[host].max_load:
                    continue
                if any(min((start - other) % week, (other - start) % week) < length for other in led):
                    continue
                rest = best(position + 1, used | mask, tuple(sorted((*seats, (host, start)))))
                top = max(top, mask.bit_count() + rest)
        return top

    return best(0, 0, ())
