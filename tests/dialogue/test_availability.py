"""What somebody can do for sure, and what only if need be: ○ and △ as two masks."""

import pytest

from dialogue.availability import availability, maybe_availability
from dialogue.core.grid import SLOTS_IN_WEEK
from dialogue.models import AvailabilityException, NamedSlot, Participation, SlotAnswer, Term
from dialogue.term_dates import dates_by_weekday
from tests.factories import make_facilitation, make_participation

pytestmark = pytest.mark.django_db

TUESDAY = 1


def slots(mask: int) -> list[int]:
    """The minutes after midnight of Tuesday at which free half hours begin."""
    return [slot % 48 * 30 for slot in range(SLOTS_IN_WEEK) if mask >> slot & 1 and slot // 48 == TUESDAY]


def sure_and_maybe(one: object, term: Term) -> tuple[list[int], list[int]]:
    dates = dates_by_weekday(term)
    return tuple(slots(read(one, term=term, dates=dates, booked=())) for read in (availability, maybe_availability))


@pytest.fixture
def one(term: Term) -> Participation:
    one = make_participation(term)
    one.windows.all().delete()
    return one


def answers(term: Term, one: object, answer: str, starts: int, ends: int) -> None:
    slot = NamedSlot.objects.create(term=term, weekday=TUESDAY, starts=starts, ends=ends)
    owner = "participation" if isinstance(one, Participation) else "facilitation"
    SlotAnswer.objects.create(slot=slot, answer=answer, **{owner: one})


def test_maybe_is_apart_from_yes(term: Term, one: Participation) -> None:
    answers(term, one, "yes", 1140, 1200)
    answers(term, one, "maybe", 1200, 1260)
    answers(term, one, "no", 1260, 1320)

    assert sure_and_maybe(one, term) == ([1140, 1170], [1200, 1230])


def test_a_slot_that_a_weekly_window_covers_is_sure_and_not_maybe(term: Term, one: Participation) -> None:
    one.windows.create(weekday=TUESDAY, starts=1140, ends=1200)
    answers(term, one, "maybe", 1140, 1230)

    assert sure_and_maybe(one, term) == ([1140, 1170], [1200])


def test_yes_and_maybe_that_meet_inside_a_half_hour_fill_it_if_need_be(term: Term, one: Participation) -> None:
    answers(term, one, "yes", 1140, 1185)
    answers(term, one, "maybe", 1185, 1230)

    assert sure_and_maybe(one, term) == ([1140], [1170, 1200])


def test_a_date_away_takes_the_maybe_too(term: Term, one: Participation) -> None:
    answers(term, one, "maybe", 1140, 1200)
    AvailabilityException.objects.create(participation=one, date=dates_by_weekday(term)[TUESDAY][0])

    assert sure_and_maybe(one, term) == ([], [])


def test_maybe_ends_at_nine_for_somebody_under_18(term: Term, one: Participation) -> None:
    one.under_18 = True
    answers(term, one, "maybe", 1200, 1320)

    assert sure_and_maybe(one, term) == ([], [1200, 1230])


def test_without_a_maybe_there_is_nothing_to_fall_back_on(term: Term, one: Participation) -> None:
    answers(term, one, "yes", 1140, 1200)

    assert sure_and_maybe(one, term) == ([1140, 1170], [])


def test_a_facilitator_may_come_if_need_be(term: Term) -> None:
    fumi = make_facilitation(term)
    fumi.windows.all().delete()
    answers(term, fumi, "maybe", 1140, 1200)

    assert sure_and_maybe(fumi, term) == ([], [1140, 1170])
