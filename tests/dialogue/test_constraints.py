"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from dialogue.models import Cohort, Facilitation, Membership, PairWish, Participation
from sessions.models import BusyTime
from tests.factories import NOW, make_cohort, make_member, make_participation, make_session, make_term


def refused(make) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


def test_nobody_is_in_two_cohorts_of_a_term(term, cohort, aoi):
    other = make_cohort(term)
    participation = Participation.objects.get(term=term, person=aoi)

    refused(lambda: Membership.objects.create(cohort=other, participation=participation, joined_at=NOW))


def test_somebody_who_left_a_cohort_may_join_another(term, cohort, aoi):
    Membership.objects.filter(participation__person=aoi).update(left_at=NOW)
    participation = Participation.objects.get(term=term, person=aoi)

    Membership.objects.create(cohort=make_cohort(term), participation=participation, joined_at=NOW)

    assert participation.memberships.count() == 2


@pytest.mark.parametrize("status", ["applied", "accepted"])
def test_nobody_waits_without_a_reason(term, status):
    refused(lambda: make_participation(term, status=status, waiting_reason=""))


@pytest.mark.parametrize("status", ["placed", "relayed"])
def test_nobody_who_is_placed_has_a_reason_to_wait(term, status):
    refused(lambda: make_participation(term, status=status, waiting_reason="matching"))


def test_one_person_takes_part_once_in_a_term(term, aoi):
    make_participation(term, aoi)

    refused(lambda: make_participation(term, aoi))


def test_a_pair_has_one_wish_whichever_way_it_is_written(term):
    first, second = make_participation(term), make_participation(term)
    PairWish.objects.create(term=term, first=first, second=second, kind="apart")

    refused(lambda: PairWish.objects.create(term=term, first=second, second=first, kind="together"))
    refused(lambda: PairWish.objects.create(term=term, first=first, second=second, kind="together"))


def test_nobody_is_in_two_sessions_at_one_time(cohort, aoi):
    session = make_session(cohort)
    taken = BusyTime.objects.filter(person=aoi).first()
    other = make_session(make_cohort(make_term()))

    refused(lambda: BusyTime.objects.create(session=other, person=aoi, quarter=taken.quarter))
    assert BusyTime.objects.filter(session=session, person=aoi).count() == 6


def test_no_room_holds_two_sessions_at_one_time(cohort):
    one, other = make_session(cohort), make_session(make_cohort(make_term()))
    BusyTime.objects.create(session=one, room="https://meet.example.org/1", quarter=1)

    refused(lambda: BusyTime.objects.create(session=other, room="https://meet.example.org/1", quarter=1))


def test_busy_time_belongs_to_a_person_or_a_room(cohort, aoi):
    session = make_session(cohort)

    refused(lambda: BusyTime.objects.create(session=session, quarter=1))
    refused(lambda: BusyTime.objects.create(session=session, person=aoi, room="https://meet.example.org", quarter=1))


def test_a_session_ends_after_it_starts(cohort):
    refused(lambda: make_session(cohort, minutes=-90))


def test_cohort_numbers_are_counted_once(term, cohort):
    facilitation = Facilitation.objects.get(term=term)

    refused(
        lambda: Cohort.objects.create(
            term=term, number=cohort.number, facilitation=facilitation, weekday=1, starts=0, created_at=NOW
        )
    )


def test_member_of_two_terms_is_fine(cohort, aoi):
    make_member(make_cohort(make_term(), fill=False), aoi)

    assert Membership.objects.filter(participation__person=aoi, left_at__isnull=True).count() == 2
