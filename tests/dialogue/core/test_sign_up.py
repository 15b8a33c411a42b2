"""The order of a sign-up's pages, what is missing, the half hours of a week, and how well times fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.grid import SLOTS_IN_WEEK
from dialogue.core.sign_up import Page, is_under, missing, next_page, number_of, page_before, pages_for, same_mailbox
from dialogue.core.sign_up_fit import Fit, best_addition, fit_of, mask_of, told
from dialogue.core.sign_up_week import (
    EVERY_DAY,
    WEEKDAYS,
    HalfHour,
    alike,
    copied,
    half_hours,
    shifted,
    switched,
    ticked_of,
    windows_of,
)
from dialogue.core.week import WeeklyWindow, merged

TEXTS = {"rules": "agreements-v1", "take_part": "sign-up-take-part-v1"}
WHOLE = {
    "name": {"email": "aoi@example.org"},
    "generation": {"adult": "yes"},
    "interests": {},
    "times": {},
    "agreements": {"texts": TEXTS},
}
HALF_HOURS = st.builds(HalfHour, st.integers(0, 6), st.integers(0, 47).map(lambda number: number * 30))
WINDOWS = st.builds(
    lambda day, starts, length: WeeklyWindow(day, starts, starts + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)


# Pages


def test_pages_come_one_after_the_other_and_count_to_six():
    met, answers = [], {}
    while (page := next_page(answers, texts=TEXTS)) is not Page.CHECK:
        met.append(number_of(page))
        answers[page.value] = WHOLE[page.value]

    assert [*met, number_of(Page.CHECK)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("adult", ["no", "unsure", "anything"])
def test_all_but_a_clear_yes_count_as_under_18_and_meet_the_guardians_page(adult):
    answers = WHOLE | {"generation": {"adult": adult}}

    assert is_under(answers)
    assert missing(answers, texts=TEXTS) == (Page.GUARDIAN,)
    assert page_before(Page.INTERESTS, answers) is Page.GUARDIAN
    assert number_of(Page.GUARDIAN) == number_of(Page.GENERATION)


def test_adults_never_meet_the_guardians_page():
    assert Page.GUARDIAN not in pages_for(WHOLE)
    assert page_before(Page.INTERESTS, WHOLE) is Page.GENERATION
    assert page_before(Page.NAME, WHOLE) is None


def test_guardians_address_that_became_ones_own_does_not_count():
    under = WHOLE | {"generation": {"adult": "no"}, "guardian": {"email": "mother@example.org"}}
    assert missing(under, texts=TEXTS) == ()

    own = under | {"name": {"email": "Mother+me@example.org"}}
    assert missing(own, texts=TEXTS) == (Page.GUARDIAN,)


def test_another_version_of_a_text_is_agreed_to_anew():
    assert missing(WHOLE, texts=TEXTS | {"take_part": "sign-up-take-part-v2"}) == (Page.AGREEMENTS,)
    assert missing(WHOLE, texts=TEXTS | {"share_with_partner": "share-with-partner-v1"}) == (Page.AGREEMENTS,)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a@example.org", "a@example.org", True),
        ("a+x@example.org", "a@example.org", True),
        ("a@example.org", "a@example.com", False),
        ("ab@example.org", "a@example.org", False),
    ],
)
def test_mailboxes_are_compared_without_what_follows_a_plus(one, other, same):
    assert same_mailbox(one, other) is same


# The week


@given(st.frozensets(HALF_HOURS))
def test_what_was_ticked_comes_back_from_its_windows(ticked):
    assert ticked_of(windows_of(ticked)) == ticked


@given(st.lists(WINDOWS, max_size=6), st.integers(-14 * 60, 14 * 60))
def test_windows_by_another_clock_and_back_are_the_same_times(windows, minutes):
    there = shifted(windows, minutes=minutes)
    back = shifted(there, minutes=-minutes)

    def minutes_of(some):
        return {(one.weekday * 1440 + at) % 10080 for one in some for at in range(one.starts, one.ends)}

    assert minutes_of(back) == minutes_of(merged(windows))


def test_half_hour_is_ticked_only_when_it_lies_whole_inside():
    assert ticked_of([WeeklyWindow(1, 19 * 60 + 10, 21 * 60)]) == half_hours(weekdays=[1], starts=1170, ends=1260)


def test_sunday_night_runs_on_into_monday():
    assert HalfHour(0, 0) in ticked_of([WeeklyWindow(6, 23 * 60, 25 * 60)])


def test_button_ticks_what_is_not_ticked_and_takes_out_what_is():
    part = half_hours(weekdays=[0, 1], starts=1140, ends=1320)
    some = half_hours(weekdays=[0], starts=1140, ends=1200)

    assert switched(some, part) == part
    assert switched(part, part) == frozenset()


def test_copy_gives_other_days_the_very_same_hours():
    monday = half_hours(weekdays=[0], starts=600, ends=720)
    before = monday | half_hours(weekdays=[2, 6], starts=900, ends=960)

    after = copied(before, weekday=0, to=WEEKDAYS)

    assert {one for one in after if one.weekday == 6} == {one for one in before if one.weekday == 6}
    assert windows_of(after)[:5] == tuple(WeeklyWindow(day, 600, 720) for day in WEEKDAYS)
    assert copied(frozenset(), weekday=0, to=EVERY_DAY) == frozenset()


def test_days_of_the_same_hours_are_said_together():
    windows = [WeeklyWindow(0, 600, 720), WeeklyWindow(2, 600, 720), WeeklyWindow(1, 600, 660)]

    assert [days for days, _some in alike(windows)] == [(0, 2), (1,)]


# How well times fit


@pytest.mark.parametrize(("count", "said"), [(0, 0), (2, 0), (3, 3), (4, 3), (5, 5), (19, 10), (30, 30), (400, 50)])
def test_numbers_are_told_in_steps(count, said):
    assert told(count) == said


def test_others_count_only_where_a_whole_session_fits():
    mine = mask_of(range(10, 20))
    others = [mask_of(range(17, 30))] * 3 + [mask_of(range(18, 30))] * 5

    assert fit_of(mine=mine, others=others, facilitators=[], length=3) == Fit(others=3, facilitators=0)


def test_times_across_the_end_of_the_week_fit():
    mine = mask_of([SLOTS_IN_WEEK - 1, 0, 1])

    assert fit_of(mine=mine, others=[mine] * 3, facilitators=[mine] * 3, length=3) == Fit(others=3, facilitators=3)


def test_best_addition_is_the_one_that_most_people_could_meet():
    additions = {"few": mask_of(range(50, 53)), "many": mask_of(range(60, 63)), "none": mask_of(range(70, 73))}
    others = [additions["few"]] * 3 + [additions["many"]] * 5

    found = best_addition(mine=0, additions=additions, others=others, facilitators=[], length=3)

    assert found == ("many", Fit(others=5, facilitators=0))


@given(st.integers(0, (1 << SLOTS_IN_WEEK) - 1), st.integers(0, (1 << SLOTS_IN_WEEK) - 1))
def test_one_person_more_or_less_never_shows_below_three(mine, other):
    nobody = fit_of(mine=mine, others=[], facilitators=[], length=2)

    assert fit_of(mine=mine, others=[other, other], facilitators=[other], length=2) == nobody
    assert best_addition(mine=mine, additions={"x": other}, others=[other] * 2, facilitators=[], length=2) is None
