"""What the engine is told of a term: who is free when, who may meet whom, and a digest of all of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dialogue.models import (
    AvailabilityException,
    AvailabilityWindow,
    Cohort,
    ConsentRecord,
    NamedSlot,
    PairWish,
    Participation,
    SlotAnswer,
)
from dialogue.services.guardians import ask_guardian
from dialogue.services.identity import record_check
from dialogue.term_dates import dates_by_weekday
from matching.inputs import read_input, slot_of_window, window_of_slot
from tests.factories import NOW, make_cohort, make_facilitation, make_participation, make_person, make_term

pytestmark = pytest.mark.django_db

IN_SUMMER = datetime(2026, 9, 1, tzinfo=UTC)
TUESDAY = 1
EVENING = 19 * 60


def free(participant) -> set[tuple[int, int]]:
    """The (weekday, minutes) of the slots in a mask, in the term's zone."""
    return {window_of_slot(slot) for slot in range(336) if participant.availability >> slot & 1}


def person_of(term, participation, now=NOW):
    return next(one for one in read_input(term, now=now).problem.participants if one.id == str(participation.pk))


def facilitator_of(term, facilitation):
    return next(one for one in read_input(term, now=NOW).problem.facilitators if one.id == str(facilitation.pk))


def evening(*starts: int, weekday: int = TUESDAY) -> set[tuple[int, int]]:
    return {(weekday, start) for start in starts}


def test_a_slot_and_a_window_are_two_words_for_one():
    assert all(
        slot_of_window(weekday=day, starts=start) == slot
        for slot in range(336)
        for day, start in [window_of_slot(slot)]
    )


def test_an_adult_is_free_as_they_say(term):
    one = make_participation(term)
    one.windows.update(starts=20 * 60, ends=22 * 60)

    assert free(person_of(term, one)) == evening(1200, 1230, 1260, 1290)


@pytest.mark.parametrize(
    ("starts", "ends", "kept"),
    [
        (19 * 60, 22 * 60, {1140, 1170, 1200, 1230}),
        (20 * 60 + 30, 26 * 60, {1230}),
        (21 * 60, 23 * 60, set()),
        (16 * 60, 21 * 60, set(range(960, 1260, 30))),
    ],
)
def test_for_somebody_under_18_no_window_goes_on_past_nine(term, starts, ends, kept):
    one = make_participation(term, under_18=True)
    one.windows.update(starts=starts, ends=ends)

    assert free(person_of(term, one)) == evening(*kept)


def test_nine_in_the_evening_is_by_the_clock_of_the_person_under_18(term):
    one = make_participation(term, make_person(zone="Asia/Ho_Chi_Minh"), under_18=True)
    one.windows.update(starts=19 * 60, ends=23 * 60)

    assert free(person_of(term, one)) == evening(1260, 1290, 1320, 1350)


def test_somebody_in_new_york_is_free_by_their_own_clock(term):
    """Eight in the evening in Tokyo is six in the morning in New York in winter time."""
    one = make_participation(term, make_person(zone="America/New_York"))
    one.windows.update(starts=5 * 60, ends=7 * 60)

    assert free(person_of(term, one)) == evening(1140, 1170, 1200, 1230)


def answered(term, one, answer: str, *, starts: int = 1200, ends: int = 1320) -> None:
    slot, _ = NamedSlot.objects.get_or_create(term=term, weekday=TUESDAY, starts=starts, ends=ends)
    SlotAnswer.objects.create(slot=slot, participation=one, answer=answer)


@pytest.mark.parametrize(("answer", "free_then"), [("yes", {1200, 1230, 1260, 1290}), ("maybe", set()), ("no", set())])
def test_a_named_slot_counts_where_it_was_answered_with_yes(term, answer, free_then):
    one = make_participation(term)
    one.windows.all().delete()
    answered(term, one, answer)

    assert free(person_of(term, one)) == evening(*free_then)


@pytest.mark.parametrize(("answer", "would_do"), [("yes", set()), ("maybe", {1200, 1230, 1260, 1290}), ("no", set())])
def test_a_named_slot_would_do_if_need_be_where_it_was_answered_so(term, answer, would_do):
    one = make_participation(term)
    one.windows.all().delete()
    answered(term, one, answer)

    mask = person_of(term, one).maybe
    assert {window_of_slot(slot) for slot in range(336) if mask >> slot & 1} == evening(*would_do)


def test_a_named_slot_is_by_the_clock_of_the_term_wherever_the_person_is(term):
    one = make_participation(term, make_person(zone="America/New_York"))
    one.windows.all().delete()
    answered(term, one, "yes")

    assert free(person_of(term, one)) == evening(1200, 1230, 1260, 1290)


def test_a_named_slot_ends_at_nine_for_somebody_under_18_by_their_own_clock(term):
    """Tokyo is two hours ahead of Ho Chi Minh, one behind Sydney's winter and two behind its summer."""
    here = make_participation(term, under_18=True)
    ahead = make_participation(term, make_person(zone="Asia/Ho_Chi_Minh"), under_18=True)
    for one in (here, ahead):
        one.windows.all().delete()
        answered(term, one, "yes")

    assert free(person_of(term, here)) == evening(1200, 1230)
    assert free(person_of(term, ahead)) == evening(1200, 1230, 1260, 1290)


def test_a_date_on_which_somebody_is_away_takes_its_hours_from_every_week(term):
    one = make_participation(term)
    one.windows.update(starts=19 * 60, ends=22 * 60)
    day = dates_by_weekday(term)[TUESDAY][2]
    AvailabilityException.objects.create(participation=one, date=day, starts=0, ends=20 * 60)

    assert free(person_of(term, one)) == evening(1200, 1230, 1260, 1290)


def test_once_turns_have_passed_the_dates_that_come_in_their_place_count(term):
    one = make_participation(term)
    last = dates_by_weekday(term)[TUESDAY][-1]
    AvailabilityException.objects.create(participation=one, date=last + timedelta(days=7), starts=0, ends=1440)
    an_hour_before = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)  # of 19:30 in Tokyo, on the first Tuesday

    assert (TUESDAY, EVENING) in free(person_of(term, one))
    assert not free(person_of(term, one, an_hour_before + timedelta(minutes=1)))


def test_a_window_that_a_clock_change_shifts_counts_only_where_it_holds_on_every_date(chika):
    """New York leaves daylight saving on 1 November 2026: Tuesdays before it lie an hour earlier in Tokyo."""
    before = make_term(coordinator=chika, starts_on=date(2026, 10, 6), session_count=3)
    across = make_term(coordinator=chika, starts_on=date(2026, 10, 20), session_count=4)
    after = make_term(coordinator=chika, starts_on=date(2026, 11, 10), session_count=4)
    riley = make_person(zone="America/New_York")
    found = []
    for term in (before, across, after):
        one = make_participation(term, riley)
        one.windows.update(starts=5 * 60, ends=7 * 60)
        found.append(free(person_of(term, one, IN_SUMMER)))

    assert found[0] == evening(1080, 1110, 1140, 1170)
    assert found[2] == evening(1140, 1170, 1200, 1230)
    assert found[1] == found[0] & found[2] == evening(1140, 1170)


def test_a_closed_day_moves_the_last_date_and_with_it_what_a_clock_change_does(chika):
    """Four Tuesdays from 6 October end before the change; with one of them closed the fourth comes after it."""
    riley = make_person(zone="America/New_York")
    found = []
    for closed in ((), (date(2026, 10, 13),)):
        term = make_term(coordinator=chika, starts_on=date(2026, 10, 6), session_count=4)
        for day in closed:
            term.closed_days.create(date=day, reason="学園祭")
        one = make_participation(term, riley)
        one.windows.update(starts=5 * 60, ends=7 * 60)
        found.append(free(person_of(term, one, IN_SUMMER)))

    assert found == [evening(1080, 1110, 1140, 1170), evening(1140, 1170)]


def test_only_accepted_people_with_consent_are_in_it(term):
    there = make_participation(term)
    make_participation(term, consent=False)
    make_participation(term, status=Participation.Status.PLACED)
    taken_back = make_participation(term)
    ConsentRecord.objects.filter(participation=taken_back).update(withdrawn_at=taken_back.created_at)

    assert [one.id for one in read_input(term, now=NOW).problem.participants] == [str(there.pk)]


def test_a_facilitator_brings_what_their_running_cohorts_leave(term, fumi):
    facilitation = make_facilitation(term, fumi, max_cohorts=3)
    whole = free(facilitator_of(term, facilitation))
    make_cohort(term, facilitator=fumi)

    left = facilitator_of(term, facilitation)

    assert left.max_load == 2
    assert whole - free(left) == evening(1170, 1200, 1230)


def test_an_ended_cohort_takes_nothing_from_its_facilitator(term, fumi):
    facilitation = make_facilitation(term, fumi, max_cohorts=1)
    cohort = make_cohort(term, facilitator=fumi)
    assert facilitator_of(term, facilitation).max_load == 0
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")

    assert facilitator_of(term, facilitation).max_load == 1
    assert free(facilitator_of(term, facilitation)) >= evening(1170, 1200, 1230)


def pairs(term) -> set[tuple[str, str, str]]:
    return {(pair.first, pair.second, str(pair.reason)) for pair in read_input(term, now=NOW).problem.forbidden}


def test_people_who_shared_a_cohort_of_the_programme_have_met(term, aoi, takeshi, chika):
    earlier = make_term(programme=term.programme)
    make_cohort(earlier, students=(aoi,), alumni=(takeshi,))
    one, other = make_participation(term, aoi), make_participation(term, takeshi, "alumni")

    assert pairs(term) == {(str(one.pk), str(other.pk), "met-before")}


def test_a_cohort_of_another_programme_is_no_ones_business(term, aoi, takeshi):
    make_cohort(make_term(), students=(aoi,), alumni=(takeshi,))
    make_participation(term, aoi)
    make_participation(term, takeshi, "alumni")

    assert pairs(term) == set()


def test_a_pair_that_is_blocked_and_has_met_is_blocked(term, aoi, takeshi):
    make_cohort(make_term(programme=term.programme), students=(aoi,), alumni=(takeshi,))
    one, other = make_participation(term, aoi), make_participation(term, takeshi, "alumni")
    PairWish.objects.create(term=term, first=one, second=other, kind="apart")

    assert pairs(term) == {(str(one.pk), str(other.pk), "blocked")}


def test_the_digest_stays_while_nothing_changes(term):
    make_participation(term, interests={"旅": 5, "星": 3})
    make_facilitation(term)

    assert read_input(term, now=NOW).digest == read_input(term, now=NOW).digest


def test_interests_reach_over_to_related_topics_and_the_answers_stay_as_given(term):
    one = make_participation(term, interests={"子育て": 3, "町のジャズ喫茶": 2})
    read = read_input(term, now=NOW)

    [participant] = read.problem.participants
    assert participant.interests["子育て"] > participant.interests["親と子"] > 0
    assert read.answers == {str(one.pk): {"子育て": 3, "町のジャズ喫茶": 2}}


def more_people(term):
    make_participation(term)


def other_hours(term):
    AvailabilityWindow.objects.filter(participation__term=term).update(ends=20 * 60)


def other_interests(term):
    term.participations.update(interests={"海": 1})


def other_rules(term):
    term.size_max = 5
    term.save()


def other_load(term):
    term.facilitations.update(max_cohorts=1)


@pytest.mark.parametrize("change", [more_people, other_hours, other_interests, other_rules, other_load])
def test_the_digest_changes_with_the_input(term, change):
    make_participation(term, interests={"旅": 5})
    make_facilitation(term)
    before = read_input(term, now=NOW).digest

    change(term)
    term.refresh_from_db()

    assert read_input(term, now=NOW).digest != before


def test_what_no_engine_sees_leaves_the_digest_alone(term, chika):
    one = make_participation(term)
    before = read_input(term, now=NOW).digest

    term.contact = "03-1111-1111"
    term.save()
    one.person.preferred_name = "別の名"
    one.person.save()

    assert read_input(term, now=NOW).digest == before


def test_reading_costs_as_many_queries_for_many_as_for_few(term, django_assert_max_num_queries):
    for _ in range(12):
        make_participation(term)
        make_facilitation(term)

    with django_assert_max_num_queries(13):
        read_input(term, now=NOW)


def test_engine_never_puts_a_young_person_beside_an_adult_whom_nobody_has_met(term):
    term.checks_identity = True
    term.save()
    young, unknown, known = make_participation(term, under_18=True), make_participation(term), make_participation(term)
    record_check(participation=known, method="met", checked_on=NOW.date(), checked_by=make_person(), now=NOW)

    pairs = {(pair.first, pair.second, pair.reason.value) for pair in read_input(term, now=NOW).problem.forbidden}

    assert pairs == {(str(young.pk), str(unknown.pk), "blocked")}


def test_pair_that_is_blocked_and_unchecked_is_told_once(term):
    term.checks_identity = True
    term.save()
    young, unknown = make_participation(term, under_18=True), make_participation(term)
    PairWish.objects.create(term=term, first=young, second=unknown, kind=PairWish.Kind.BLOCKED)

    assert len(read_input(term, now=NOW).problem.forbidden) == 1


def test_nobody_whose_guardian_is_asked_is_matched(term):
    young = make_participation(term, under_18=True)
    ask_guardian(participation=young, name="保護者", email="guardian@example.org", now=NOW)

    assert read_input(term, now=NOW).problem.participants == ()
