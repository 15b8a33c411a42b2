"""When people can come, hour by hour, and which time is missing most."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.grid import SLOTS_IN_DAY, SLOTS_IN_WEEK
from sessions.core.seen_times import Party, by_hour, missing_time, without_a_time

LENGTH, LEAST = 3, 2
MASKS = st.lists(st.integers(0, (1 << SLOTS_IN_WEEK) - 1), max_size=4)


def free(day: int, first: int, last: int) -> int:
    """The half hours of a day from `first` up to, not including, `last`, both in half hours after midnight."""
    return sum(1 << day * SLOTS_IN_DAY + slot for slot in range(first, last))


EVENING, NOON = free(1, 38, 42), free(5, 24, 28)


def found(students=(), alumni=(), facilitators=()):
    people = {Party.STUDENTS: students, Party.ALUMNI: alumni, Party.FACILITATORS: facilitators}
    return missing_time(people, length=LENGTH, least=LEAST), without_a_time(people, length=LENGTH, least=LEAST)


def test_an_hour_counts_who_is_free_through_all_of_it():
    counts = by_hour([free(1, 38, 41), free(1, 39, 42)])

    assert counts[1][19:22] == [1, 1, 0]
    assert sum(map(sum, counts)) == 2


@given(masks=MASKS)
def test_every_cell_says_how_many_have_both_its_half_hours(masks):
    counts = by_hour(masks)

    for day in range(7):
        for hour in range(24):
            wanted = free(day, hour * 2, hour * 2 + 2)
            assert counts[day][hour] == sum(mask & wanted == wanted for mask in masks)


def test_a_facilitator_is_missing_where_both_generations_could_meet():
    missing, number = found([EVENING] * 3, [EVENING] * 2, [NOON])

    assert (missing.start, missing.party, missing.gain) == (SLOTS_IN_DAY + 38, Party.FACILITATORS, 5)
    assert missing.here == {Party.STUDENTS: 3, Party.ALUMNI: 2, Party.FACILITATORS: 0}
    assert number == 5


def test_a_generation_is_missing_where_the_others_could_meet():
    missing, _number = found([EVENING] * 3, [NOON | EVENING, NOON], [EVENING | NOON])

    assert (missing.party, missing.gain) == (Party.ALUMNI, 4)


def test_nothing_is_missing_where_everybody_shares_a_time_that_works():
    assert found([EVENING, EVENING | NOON], [EVENING] * 2, [EVENING]) == (None, 0)


def test_a_time_too_short_for_a_session_is_none():
    assert found([free(1, 38, 40)] * 2, [free(1, 38, 40)] * 2, [EVENING]) == (None, 0)


@given(students=MASKS, alumni=MASKS, facilitators=MASKS)
def test_what_is_named_would_help_as_many_as_it_says(students, alumni, facilitators):
    missing, number = found(students, alumni, facilitators)

    if missing is not None:
        one = free(0, 0, LENGTH) << missing.start
        session = (one | one >> SLOTS_IN_WEEK) & (1 << SLOTS_IN_WEEK) - 1
        more = {Party.STUDENTS: [session] * LEAST, Party.ALUMNI: [session] * LEAST, Party.FACILITATORS: [session]}
        people = {Party.STUDENTS: students, Party.ALUMNI: alumni, Party.FACILITATORS: facilitators}
        people[missing.party] = [*people[missing.party], *more[missing.party]]
        after = without_a_time(people, length=LENGTH, least=LEAST)
        assert after <= number - missing.gain
