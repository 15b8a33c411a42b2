"""What a coordinator locks of a running cohort, no repair changes."""

import pytest

from dialogue.models import AuditEntry, Cohort
from dialogue.services.cohorts import end_participation
from matching.models import CohortLock
from matching.services.locking import NotThere, set_lock
from matching.services.repairing import Trouble, offers
from tests.factories import NOW, make_cohort, make_participation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def generous(term, aoi, takeshi, fumi) -> Cohort:
    """A cohort that somebody left, beside one of three students who could spare one."""
    broken = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi, number=1)
    make_cohort(term, students=tuple(make_person() for _ in range(3)), number=2)
    end_participation(participation_id=aoi.participations.get().pk, now=NOW)
    return broken


def lock(cohort, kind, participation=None, *, on=True):
    return set_lock(cohort_id=cohort.pk, kind=kind, participation_id=participation, on=on, now=NOW)


def proposals(term, cohort):
    return [one.proposal for one in offers(term=term, trouble=Trouble(cohort_id=cohort.pk), now=NOW)[1]]


def test_a_locked_cohort_gives_nobody_away(term, generous):
    other = term.cohorts.get(number=2)
    assert proposals(term, generous) != []

    lock(other, "cohort")

    assert proposals(term, generous) == []


def test_a_locked_person_stays_where_they_are(term, generous):
    other = term.cohorts.get(number=2)
    students = other.memberships.filter(participation__generation="student").values_list("participation", flat=True)
    first, *others = sorted(students)
    for one in others:
        lock(other, "person", one)

    moved = {person for one in proposals(term, generous) for person in one.moved}

    assert moved == {str(first)}


def test_nothing_is_offered_for_what_is_locked_itself(term, generous):
    make_participation(term)
    lock(generous, "cohort")

    assert proposals(term, generous) == []


def test_locking_twice_and_unlocking_twice_changes_once(term, generous):
    assert [lock(generous, "window"), lock(generous, "window")] == [True, False]
    assert [lock(generous, "window", on=False), lock(generous, "window", on=False)] == [True, False]
    assert list(AuditEntry.objects.filter(action__startswith="cohort_").values_list("action", flat=True))[-2:] == [
        "cohort_locked",
        "cohort_unlocked",
    ]


def test_a_lock_of_somebody_ends_when_they_leave(term, generous, takeshi):
    lock(generous, "person", takeshi.participations.get().pk)
    end_participation(participation_id=takeshi.participations.get().pk, now=NOW)

    plan, _ = offers(term=term, trouble=Trouble(cohort_id=generous.pk), now=NOW)

    assert plan.locks.people == frozenset()


def test_only_who_is_in_a_cohort_that_meets_is_locked(term, generous):
    waiting = make_participation(term)
    with pytest.raises(NotThere):
        lock(generous, "person", waiting.pk)
    Cohort.objects.filter(pk=generous.pk).update(status="ended")
    with pytest.raises(NotThere):
        lock(generous, "cohort")
    assert not CohortLock.objects.exists()
