"""No cohort is formed that breaks a rule, and one that comes to break a rule is marked."""

import pytest

from dialogue.models import AuditEntry, Cohort, ConsentRecord, Membership, PairWish, Participation
from dialogue.services import cohorts
from dialogue.services.cohorts import CohortRefused, end_participation, form_cohort, mark_if_broken
from tests.factories import NOW, make_facilitation, make_participation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(term) -> list[Participation]:
    """Two students and two alumni who wait."""
    return [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")]


@pytest.fixture
def facilitation(term):
    return make_facilitation(term)


def form(term, facilitation, people) -> Cohort:
    return form_cohort(
        term=term,
        facilitation=facilitation,
        weekday=1,
        starts=19 * 60 + 30,
        participation_ids=[one.pk for one in people],
        shared_interests=["旅"],
        now=NOW,
    )


def test_four_of_two_generations_become_a_cohort(term, facilitation, people):
    cohort = form(term, facilitation, people)

    assert (cohort.number, cohort.status, cohort.memberships.count()) == (1, "active", 4)
    assert set(Participation.objects.values_list("status", "waiting_reason")) == {("placed", "")}


# Each rule: how to break it, and its code


def too_few(term, people):
    return people[:3]


def too_many(term, people):
    return [*people, *(make_participation(term, generation="alumni") for _ in range(3))]


def one_student_only(term, people):
    Participation.objects.filter(pk=people[0].pk).update(generation="alumni")
    return people


def no_alumni(term, people):
    Participation.objects.filter(term=term).update(generation="student")
    return people


def no_shared_language(term, people):
    Participation.objects.filter(pk=people[0].pk).update(languages=["en"])
    return people


def blocked(term, people):
    PairWish.objects.create(term=term, first=people[0], second=people[3], kind="blocked")
    return people


def kept_apart(term, people):
    PairWish.objects.create(term=term, first=people[1], second=people[2], kind="apart")
    return people


def one_placed_already(term, people):
    Participation.objects.filter(pk=people[0].pk).update(status="placed", waiting_reason="")
    return people


def one_left(term, people):
    end_participation(participation_id=people[0].pk, now=NOW)
    return people


def consent_never_given(term, people):
    ConsentRecord.objects.filter(participation=people[0]).delete()
    return people


def consent_taken_back(term, people):
    ConsentRecord.objects.filter(participation=people[0]).update(withdrawn_at=NOW)
    return people


BREACHES = [
    (too_few, "size"),
    (too_many, "size"),
    (one_student_only, "generation"),
    (no_alumni, "generation"),
    (no_shared_language, "language"),
    (blocked, "forbidden_pair"),
    (kept_apart, "forbidden_pair"),
    (one_placed_already, "not_waiting"),
    (one_left, "not_waiting"),
    (consent_never_given, "consent_missing"),
    (consent_taken_back, "consent_missing"),
]


@pytest.mark.parametrize(("breach", "rule"), BREACHES, ids=lambda one: getattr(one, "__name__", one))
def test_a_cohort_that_breaks_a_rule_is_refused_whole(term, facilitation, people, breach, rule):
    chosen = breach(term, people)
    before = list(Participation.objects.order_by("pk").values("status", "waiting_reason"))

    with pytest.raises(CohortRefused) as refused:
        form(term, facilitation, chosen)

    assert refused.value.rule == rule
    assert not Cohort.objects.exists()
    assert not Membership.objects.exists()
    assert list(Participation.objects.order_by("pk").values("status", "waiting_reason")) == before


@pytest.mark.parametrize(
    "breach", [too_few, one_student_only, no_shared_language, blocked, kept_apart], ids=lambda one: one.__name__
)
def test_without_the_guard_such_a_cohort_would_be_formed(term, facilitation, people, breach, monkeypatch):
    """The control: nothing but this guard refuses it, and the tests above notice when it is gone."""
    chosen = breach(term, people)
    monkeypatch.setattr(cohorts, "broken_rule", lambda **_: "")

    assert form(term, facilitation, chosen).memberships.count() == len(chosen)


def test_somebody_of_another_term_cannot_be_taken_along(term, facilitation, people):
    from_elsewhere = make_participation(facilitation.term.programme.terms.create(name="別の期", starts_on="2027-04-01"))

    with pytest.raises(CohortRefused) as refused:
        form(term, facilitation, [*people, from_elsewhere])

    assert refused.value.rule == "not_waiting"


def test_a_wish_to_be_together_forbids_nothing(term, facilitation, people):
    PairWish.objects.create(term=term, first=people[0], second=people[3], kind="together")

    assert form(term, facilitation, people).memberships.count() == 4


def test_cohorts_are_counted_on(term, people):
    first = form(term, make_facilitation(term), people)
    second = form(
        term,
        make_facilitation(term),
        [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")],
    )

    assert (first.number, second.number) == (1, 2)


def test_a_cohort_that_falls_below_the_rules_is_marked_at_once(term, cohort, aoi):
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    cohort.refresh_from_db()
    assert cohort.status == Cohort.Status.NEEDS_REPAIR
    assert cohort.memberships.get(participation__person=aoi).left_at == NOW


def test_a_cohort_that_keeps_the_rules_stays_active(term, facilitation, people):
    fifth = make_participation(term)
    cohort = form(term, facilitation, [*people, fifth])

    end_participation(participation_id=fifth.pk, now=NOW)

    cohort.refresh_from_db()
    assert cohort.status == Cohort.Status.ACTIVE


def test_ending_twice_changes_and_says_nothing_more(term, cohort, aoi, chika):
    one = Participation.objects.get(person=aoi)
    end_participation(participation_id=one.pk, now=NOW, actor=chika)
    before = list(Participation.objects.filter(pk=one.pk).values())
    entries = AuditEntry.objects.count()

    end_participation(participation_id=one.pk, now=NOW.replace(year=2027), actor=chika)

    assert list(Participation.objects.filter(pk=one.pk).values()) == before
    assert AuditEntry.objects.count() == entries


def test_whoever_waits_and_leaves_is_ended_and_no_longer_waits(term):
    one = make_participation(term, make_person())

    ended = end_participation(participation_id=one.pk, now=NOW)

    assert (ended.status, ended.waiting_reason, ended.ended_at) == ("ended", "", NOW)


def test_an_ended_cohort_is_not_marked(term, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")
    cohort.memberships.update(left_at=NOW)

    assert mark_if_broken(cohort_id=cohort.pk, now=NOW).status == "ended"
