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
            common = [
                s for s in range(week) if all(slots_free(p.availability | p.maybe, s, length, week) for p in group)
            ]
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
    """Decide person by person: left out, or in a group whose first member they are."""
    count, week, length = len(made.participants), made.params.week_slots, made.params.window_slots
    led_by_first = [[] for _ in range(count)]
    for mask, seats in sorted(valid_groups(made), key=lambda group: -group[0].bit_count()):
        led_by_first[(mask & -mask).bit_length() - 1].append((mask, seats))
    loads = sum(max(0, one.max_load) for one in made.facilitators)

    def may_lead(seat, taken):
        host, start = seat
        led = [at for one, at in taken if one == host]
        apart = all(min((start - other) % week, (other - start) % week) >= length for other in led)
        return apart and len(led) < made.facilitators[host].max_load

    @cache
    def best(person, used, taken):
        while used >> person & 1:
            person += 1
        if person == count:
            return 0
        # No more than who is left, and no more than the facilitators can still lead: then nothing is left to try.
        room = min(count - person - (used >> person).bit_count(), (loads - len(taken)) * made.params.size_max)
        top = 0
        for mask, options in led_by_first[person] if room else ():
            for seat in () if mask & used else (one for one in options if may_lead(one, taken)):
                rest = best(person + 1, used | mask, tuple(sorted((*taken, seat))))
                top = max(top, mask.bit_count() + rest)
                if top == room:
                    return top
        return max(top, best(person + 1, used | 1 << person, taken))

    return best(0, 0, ())
