"""A repair may move a cohort to another time where nothing else works, and can be taken back until its mails leave."""

from datetime import timedelta

import pytest

from dialogue.models import Cohort, Membership, OutboundMessage
from dialogue.services.cohorts import end_participation
from matching.models import Repair
from matching.services.locking import set_lock
from matching.services.repairing import MAILS_WAIT, RepairRefused, Trouble, apply_repair, offers
from matching.services.taking_back import repair_to_take_back
from sessions.models import Attendance, BusyTime
from sessions.services.taking_back import take_repair_back
from tests.factories import NOW, make_cohort, make_participation, make_person, make_session

pytestmark = pytest.mark.django_db
THURSDAY, SEVEN = 3, 19 * 60
LATER = NOW + timedelta(minutes=1)


def can_come_on(weekday, *owners, only=False):
    for one in owners:
        if only:
            one.windows.all().delete()
        one.windows.create(weekday=weekday, starts=19 * 60, ends=21 * 60)


@pytest.fixture
def cohort(term, aoi, takeshi, fumi) -> Cohort:
    """Aoi has left; those who stay, and Fumi, could meet on Thursdays too. Everybody knows of two sessions."""
    made = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi)
    first = make_session(made)
    make_session(made, starts_at=first.starts_at + timedelta(weeks=1))
    end_participation(participation_id=aoi.participations.get().pk, now=NOW)
    can_come_on(THURSDAY, *term.participations.filter(status="placed"), *term.facilitations.all())
    OutboundMessage.objects.all().delete()
    for session in made.sessions.all():
        for person in [*session.attendances.values_list("person", flat=True), fumi.pk]:
            OutboundMessage.objects.create(
                kind="invitation",
                recipient_id=person,
                subject_key=f"session:{session.pk}",
                dedupe_key=f"invitation:{session.pk}:{person}:0",
                message_id=f"<{session.pk}-{person}@example.org>",
                status="sent",
                sent_at=NOW - timedelta(days=1),
                due_at=NOW - timedelta(days=1),
                created_at=NOW - timedelta(days=1),
            )
    return made


@pytest.fixture
def haru(term, cohort):
    """Haru waits, and can come on Thursdays alone."""
    one = make_participation(term, make_person("はる"))
    can_come_on(THURSDAY, one, only=True)
    return one


def offered(term, cohort):
    return offers(term=term, trouble=Trouble(cohort_id=cohort.pk), now=NOW)[1]


def repaired(term, cohort):
    [offer, *_] = offered(term, cohort)
    apply_repair(term=term, trouble=Trouble(cohort_id=cohort.pk), key=offer.key, now=NOW)
    return Repair.objects.get()


def state_of(term, cohort):
    """Return all that a repair may change, but for versions of calendar entries and when rows were written."""
    cohort.refresh_from_db()
    return {
        "cohort": (cohort.status, cohort.facilitation_id, cohort.weekday, cohort.starts),
        "places": set(Membership.objects.values_list("cohort", "participation", "left_at")),
        "people": set(term.participations.values_list("pk", "status", "waiting_reason")),
        "sessions": set(cohort.sessions.values_list("pk", "starts_at", "ends_at", "status", "facilitator")),
        "hours": set(BusyTime.objects.values_list("session", "person", "quarter")),
        "asked": set(Attendance.objects.values_list("session", "person")),
    }


def told_at(moment):
    rows = OutboundMessage.objects.filter(created_at=moment, due_at__lte=moment + MAILS_WAIT, status="queued")
    return list(rows.values_list("recipient", "kind"))


def test_sessions_follow_their_cohort_and_everyone_is_told_once(term, cohort, haru, fumi, takeshi):
    repaired(term, cohort)

    cohort.refresh_from_db()
    starts = [one.starts_at for one in cohort.sessions.order_by("starts_at")]
    assert (cohort.weekday, cohort.starts, cohort.status) == (THURSDAY, SEVEN, "active")
    assert [at.isoformat() for at in starts] == ["2026-12-03T10:00:00+00:00", "2026-12-10T10:00:00+00:00"]
    people = {*Attendance.objects.filter(session__cohort=cohort).values_list("person", flat=True), fumi.pk}
    assert haru.person_id in people
    for session in cohort.sessions.all():
        assert set(BusyTime.objects.filter(session=session).values_list("person", flat=True)) == people
    told = told_at(NOW)
    assert [kind for who, kind in told if who == takeshi.pk].count("series_moved") == 1
    assert sorted(kind for who, kind in told if who == haru.person_id) == ["cohort_formed", "invitation", "invitation"]
    assert {who for who, kind in told if kind == "series_moved"} == people - {haru.person_id}


def test_no_time_changes_where_somebody_can_come_at_the_usual_one(term, cohort, haru):
    make_participation(term)

    assert not any(one.changes_a_time for one in offered(term, cohort))


def test_a_locked_time_is_not_changed(term, cohort, haru):
    set_lock(cohort_id=cohort.pk, kind="window", on=True, now=NOW)

    assert offered(term, cohort) == []


def test_a_late_joiner_may_bring_another_cohort_to_another_time_and_it_is_said(term, cohort, haru):
    other = make_cohort(term)
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")
    can_come_on(THURSDAY, *term.participations.filter(status="placed"), other.facilitation)

    _, [offer, *_] = offers(term=term, trouble=Trouble(participation_id=haru.pk), now=NOW)

    assert offer.proposal.other_times == (0,)


def test_a_sound_cohort_is_not_moved_for_the_sake_of_moving(term, cohort, haru):
    other = make_cohort(term)
    can_come_on(THURSDAY, *term.participations.filter(status="placed"), other.facilitation)

    assert offered(term, other) == []


def test_a_session_on_a_date_of_its_own_stays_there(term, cohort, haru):
    own = make_session(cohort, starts_at=cohort.sessions.earliest("starts_at").starts_at + timedelta(days=11, hours=1))

    repaired(term, cohort)

    before = own.starts_at
    own.refresh_from_db()
    assert (own.starts_at, own.sequence) == (before, 0)
    assert BusyTime.objects.filter(session=own, person=haru.person).exists()


def test_an_hour_that_is_taken_refuses_the_whole_repair(term, cohort, haru, takeshi):
    [offer, *_] = offered(term, cohort)
    other = make_session(
        make_cohort(term), starts_at=cohort.sessions.earliest("starts_at").starts_at + timedelta(days=2)
    )
    quarter = BusyTime.objects.filter(session=other).values_list("quarter", flat=True)[0]
    before = state_of(term, cohort)
    BusyTime.objects.create(session=other, person=takeshi, quarter=quarter)

    with pytest.raises(RepairRefused):
        apply_repair(term=term, trouble=Trouble(cohort_id=cohort.pk), key=offer.key, now=NOW)

    assert {**state_of(term, cohort), "hours": 0} == {**before, "hours": 0}
    assert not Repair.objects.exists()


def test_mails_of_a_repair_wait_until_it_can_no_longer_be_taken_back(term, cohort, haru):
    repair = repaired(term, cohort)

    said = OutboundMessage.objects.filter(created_at=NOW)
    assert min(said.values_list("due_at", flat=True)) == repair.mails_at == NOW + MAILS_WAIT
    assert repair_to_take_back(term=term, now=LATER) == repair
    assert repair_to_take_back(term=term, now=repair.mails_at) is None


def test_taken_back_all_is_as_it_was_and_nobody_hears_of_it(term, cohort, haru):
    before = state_of(term, cohort)
    repair = repaired(term, cohort)

    take_repair_back(repair_id=repair.pk, now=LATER)

    assert state_of(term, cohort) == before
    assert told_at(NOW) == told_at(LATER) == []
    assert repair_to_take_back(term=term, now=LATER) is None


def test_what_was_taken_back_can_be_done_again_and_is_told_then(term, cohort, haru):
    take_repair_back(repair_id=repaired(term, cohort).pk, now=LATER)
    again = LATER + timedelta(minutes=1)

    [offer, *_] = offers(term=term, trouble=Trouble(cohort_id=cohort.pk), now=again)[1]
    apply_repair(term=term, trouble=Trouble(cohort_id=cohort.pk), key=offer.key, now=again)

    kinds = [kind for who, kind in told_at(again) if who == haru.person_id]
    assert sorted(kinds) == ["cohort_formed", "invitation", "invitation"]


def it_was_taken_back(term, cohort, repair):
    take_repair_back(repair_id=repair.pk, now=LATER)


def a_mail_has_left(term, cohort, repair):
    one = OutboundMessage.objects.filter(created_at=NOW)[0]
    OutboundMessage.objects.filter(pk=one.pk).update(status="sent", sent_at=LATER)


def somebody_left_since(term, cohort, repair):
    last = Membership.objects.filter(cohort=cohort, left_at__isnull=True).earliest("pk")
    end_participation(participation_id=last.participation_id, now=LATER)


@pytest.mark.parametrize("change", [it_was_taken_back, a_mail_has_left, somebody_left_since])
def test_what_somebody_has_heard_of_or_has_changed_since_is_not_taken_back(term, cohort, haru, change):
    repair = repaired(term, cohort)
    change(term, cohort, repair)
    before = state_of(term, cohort)
    messages = OutboundMessage.objects.count()

    with pytest.raises(RepairRefused, match="changed_meanwhile"):
        take_repair_back(repair_id=repair.pk, now=LATER + timedelta(minutes=1))

    assert state_of(term, cohort) == before
    assert OutboundMessage.objects.count() == messages


def test_somebody_who_came_from_another_cohort_goes_back_to_it_at_the_same_hour(term, cohort):
    other = make_cohort(term, students=tuple(make_person() for _ in range(3)))
    make_session(other)
    before = state_of(term, cohort)
    repair = repaired(term, cohort)
    assert state_of(term, cohort) != before

    take_repair_back(repair_id=repair.pk, now=LATER)

    assert state_of(term, cohort) == before
