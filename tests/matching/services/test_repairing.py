"""A repair at work: places, hours, answers, mails and calendars follow, or nothing changes at all."""

from datetime import timedelta

import pytest

from dialogue.delivery import deliver_due
from dialogue.models import Cohort, Membership, OutboundMessage, PairWish, Participation
from dialogue.services.cohorts import end_participation
from matching.services.repairing import RepairRefused, Trouble, apply_repair, offers
from sessions.announcing import announce_booked_series
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.services.refitting import refit_sessions
from tests.factories import (
    NOW,
    make_cohort,
    make_facilitation,
    make_member,
    make_participation,
    make_person,
    make_session,
    make_term,
)
from tests.races import all_at_once


@pytest.fixture
def at_work(term, aoi, takeshi, fumi) -> Cohort:
    """Aoi's cohort with two sessions to come, from which somebody leaves."""
    cohort = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi)
    first = make_session(cohort)
    make_session(cohort, starts_at=first.starts_at + timedelta(weeks=2))
    return cohort


def leave(person):
    end_participation(participation_id=person.participations.get().pk, now=NOW)


def first_offer(term, **trouble):
    _, found = offers(term=term, trouble=Trouble(**trouble), now=NOW)
    return found[0]


def repair(term, **trouble):
    offer = first_offer(term, **trouble)
    return apply_repair(term=term, trouble=Trouble(**trouble), key=offer.key, now=NOW)


def invited(cohort) -> set[int]:
    """Invite everybody in the cohort to its sessions, and return which messages that were."""
    before = set(OutboundMessage.objects.values_list("pk", flat=True))
    announce_booked_series(cohort=cohort, sessions=list(cohort.sessions.order_by("starts_at")), now=NOW)
    deliver_due(now=NOW)
    return set(OutboundMessage.objects.values_list("pk", flat=True)) - before


def people_of(cohort) -> set[int]:
    return set(
        Membership.objects.filter(cohort=cohort, left_at__isnull=True).values_list("participation__person", flat=True)
    )


@pytest.mark.django_db
def test_who_waits_takes_the_place_of_who_left_and_all_rows_follow(term, at_work, aoi):
    haru = make_participation(term)
    leave(aoi)
    OutboundMessage.objects.all().delete()

    repair(term, cohort_id=at_work.pk)

    at_work.refresh_from_db()
    haru.refresh_from_db()
    assert (at_work.status, haru.status, haru.waiting_reason) == ("active", "placed", "")
    assert haru.person_id in people_of(at_work)
    assert Attendance.objects.filter(person=haru.person).count() == 2
    assert BusyTime.objects.filter(person=haru.person).count() == 12
    told = OutboundMessage.objects.values_list("recipient", flat=True)
    assert set(told) - {at_work.facilitation.person_id} == {haru.person_id}
    kinds = list(OutboundMessage.objects.filter(recipient=haru.person).values_list("kind", flat=True))
    assert (kinds.count("cohort_formed"), kinds.count("invitation")) == (1, 2)


@pytest.mark.django_db
def test_what_a_cohort_is_told_it_shares_follows_who_leaves_and_who_comes(term, at_work, aoi, takeshi):
    def shared() -> list[str]:
        at_work.refresh_from_db()
        return at_work.shared_interests

    aoi.participations.update(interests={"旅": 3, "音楽": 3})
    takeshi.participations.update(interests={"旅": 3, "写真": 3})
    at_work.shared_interests = ["旅"]
    at_work.save()
    make_participation(term, interests={"写真": 3})

    leave(aoi)
    assert shared() == []

    repair(term, cohort_id=at_work.pk)
    assert shared() == ["写真"]


@pytest.mark.django_db
def test_somebody_spared_by_another_cohort_leaves_its_calendar_and_enters_the_new_one(term, at_work, aoi):
    other = make_cohort(term, students=(make_person(), make_person(), make_person()))
    theirs = make_session(other, starts_at=make_session_start(at_work))
    leave(aoi)
    OutboundMessage.objects.all().delete()
    before = invited(other)

    repair(term, cohort_id=at_work.pk)

    [mover] = Membership.objects.filter(left_at__isnull=False, cohort=other).values_list(
        "participation__person", flat=True
    )
    assert mover in people_of(at_work)
    assert not Attendance.objects.filter(session=theirs, person=mover).exists()
    assert set(BusyTime.objects.filter(person=mover).values_list("session__cohort", flat=True)) == {at_work.pk}
    mails = OutboundMessage.objects.filter(recipient=mover).exclude(pk__in=before)
    assert mails.filter(kind="session_cancelled", subject_key=f"session:{theirs.pk}").count() == 1
    assert mails.filter(kind="invitation").count() == 2
    stayed = people_of(other) | (people_of(at_work) - {mover})
    assert not OutboundMessage.objects.filter(recipient__in=stayed).exclude(pk__in=before).exists()


def make_session_start(cohort):
    return cohort.sessions.order_by("starts_at").first().starts_at


@pytest.mark.django_db
def test_a_late_joiner_gets_a_free_seat(term, at_work):
    late = make_participation(term, generation="alumni")

    told = repair(term, participation_id=late.pk)

    assert told.moved == ()
    assert late.person_id in people_of(at_work)


@pytest.mark.django_db
def test_somebody_who_cannot_come_at_this_time_goes_to_another_cohort(term, at_work, aoi):
    make_member(at_work, make_person())
    other = make_cohort(term)
    Cohort.objects.filter(pk=other.pk).update(weekday=2)
    for weekday in (1, 2):
        for one in term.participations.all():
            one.windows.create(weekday=weekday, starts=19 * 60, ends=21 * 60)
    make_session(other, starts_at=make_session_start(at_work) + timedelta(days=1))

    repair(term, participation_id=aoi.participations.get().pk)

    assert aoi.pk in people_of(other)
    assert set(BusyTime.objects.filter(person=aoi).values_list("session__cohort", flat=True)) == {other.pk}


@pytest.mark.django_db
def test_another_facilitator_takes_a_cohort_over_with_all_its_sessions(term, at_work, fumi):
    rei = make_facilitation(term)
    invited(at_work)

    repair(term, cohort_id=at_work.pk, lost_facilitator=True)

    at_work.refresh_from_db()
    assert at_work.facilitation == rei
    assert set(at_work.sessions.values_list("facilitator", flat=True)) == {rei.person_id}
    assert not BusyTime.objects.filter(person=fumi).exists()
    assert not Attendance.objects.filter(person=rei.person).exists()
    assert OutboundMessage.objects.filter(recipient=fumi, kind="session_cancelled").count() == 2
    assert OutboundMessage.objects.filter(recipient=rei.person, kind="invitation").count() == 2


@pytest.mark.django_db
def test_somebody_who_stands_in_for_the_facilitator_at_one_session_keeps_it(term, at_work, aoi, fumi):
    rei = make_person()
    second = at_work.sessions.order_by("starts_at").last()
    at_work.sessions.filter(pk=second.pk).update(facilitator=rei)
    BusyTime.objects.filter(session=second, person=fumi).update(person=rei)
    make_participation(term)
    leave(aoi)

    repair(term, cohort_id=at_work.pk)

    second.refresh_from_db()
    assert second.facilitator == rei
    assert BusyTime.objects.filter(session=second, person=rei).exists()


@pytest.mark.django_db
def test_what_is_over_stays_as_it_was(term, at_work, aoi):
    over = make_session(at_work, starts_at=NOW - timedelta(days=7))
    before = set(over.attendances.values_list("person", flat=True))
    haru = make_participation(term)
    leave(aoi)

    repair(term, cohort_id=at_work.pk)

    assert set(over.attendances.values_list("person", flat=True)) == before
    assert haru.person_id not in before


def it_was_repaired(term, cohort):
    repair(term, cohort_id=cohort.pk)


def the_one_who_waits_left(term, cohort):
    for one in term.participations.filter(status="accepted"):
        end_participation(participation_id=one.pk, now=NOW)


def the_two_were_kept_apart(term, cohort):
    haru = term.participations.get(status="accepted")
    member = cohort.memberships.filter(left_at__isnull=True).first().participation
    first, second = sorted((haru.pk, member.pk))
    PairWish.objects.create(term=term, first_id=first, second_id=second, kind="blocked")


def consent_was_taken_back(term, cohort):
    term.participations.get(status="accepted").consents.update(withdrawn_at=NOW)


CHANGES = [it_was_repaired, the_one_who_waits_left, the_two_were_kept_apart, consent_was_taken_back]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_an_offer_that_stands_no_more_is_refused_and_changes_nothing(term, at_work, aoi, change):
    make_participation(term)
    leave(aoi)
    offer = first_offer(term, cohort_id=at_work.pk)
    change(term, at_work)
    before = list(Membership.objects.order_by("pk").values("participation", "left_at"))

    with pytest.raises(RepairRefused) as refused:
        apply_repair(term=term, trouble=Trouble(cohort_id=at_work.pk), key=offer.key, now=NOW)

    assert refused.value.rule == "changed_meanwhile"
    assert list(Membership.objects.order_by("pk").values("participation", "left_at")) == before


@pytest.mark.django_db
def test_somebody_booked_elsewhere_at_one_session_is_refused_whole(term, at_work, aoi):
    """The session was moved by hand to an hour at which the one who waits leads another dialogue."""
    haru = make_participation(term)
    leave(aoi)
    offer = first_offer(term, cohort_id=at_work.pk)
    on_friday = make_session_start(at_work) + timedelta(days=3)
    elsewhere = make_session(make_cohort(make_term()), starts_at=on_friday)
    hour = BusyTime.objects.filter(session__cohort=at_work).order_by("quarter").first().quarter
    BusyTime.objects.create(session=elsewhere, person=haru.person, quarter=hour)

    with pytest.raises(RepairRefused, match="time_taken"):
        apply_repair(term=term, trouble=Trouble(cohort_id=at_work.pk), key=offer.key, now=NOW)

    assert haru.person_id not in people_of(at_work)
    assert Participation.objects.get(pk=haru.pk).status == "accepted"


@pytest.mark.django_db
def test_nobody_under_18_comes_beside_an_adult_whom_nobody_has_met(term, at_work, aoi):
    term.checks_identity = True
    term.save()
    make_participation(term, under_18=True)
    leave(aoi)

    assert offers(term=term, trouble=Trouble(cohort_id=at_work.pk), now=NOW)[1] == []


@pytest.mark.django_db
def test_refitting_twice_changes_and_sends_nothing(term, at_work, aoi):
    make_participation(term)
    leave(aoi)
    repair(term, cohort_id=at_work.pk)
    before = (OutboundMessage.objects.count(), BusyTime.objects.count(), Attendance.objects.count())

    refit_sessions(cohort_id=at_work.pk, now=NOW)

    assert (OutboundMessage.objects.count(), BusyTime.objects.count(), Attendance.objects.count()) == before
    assert DialogueSession.objects.filter(sequence=0).count() == 2


@pytest.mark.postgres
def test_of_two_coordinators_who_repair_at_once_the_second_is_told(term, aoi, takeshi, fumi):
    cohort = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi)
    make_session(cohort)
    make_participation(term)
    leave(aoi)
    offer = first_offer(term, cohort_id=cohort.pk)
    trouble = Trouble(cohort_id=cohort.pk)

    found = all_at_once([lambda: apply_repair(term=term, trouble=trouble, key=offer.key, now=NOW)] * 2)

    assert sorted(type(one).__name__ for one in found) == ["Proposal", "RepairRefused"]
    assert Membership.objects.filter(cohort=cohort, left_at__isnull=True).count() == 4
