"""An adult whom nobody of the host has met shares no cohort with anyone under 18, where the term says so."""

from datetime import date, timedelta

import pytest

from dialogue.models import Cohort, IdentityCheck, Participation
from dialogue.services.cohorts import CohortRefused, broken_rule, form_cohort
from dialogue.services.guardians import answer_for_guardian, ask_guardian
from dialogue.services.identity import CheckRefused, record_check, withdraw_check
from tests.factories import NOW, make_cohort, make_facilitation, make_participation

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture
def careful(term):
    """Chika's term, in which adults are known before they meet anyone under 18."""
    term.checks_identity = True
    term.save()
    return term


@pytest.fixture
def people(careful) -> list[Participation]:
    """A young person, an adult student and two alumni who wait."""
    young = make_participation(careful, under_18=True)
    return [young, *(make_participation(careful, generation=name) for name in ("student", "alumni", "alumni"))]


def form(term, people) -> Cohort:
    return form_cohort(
        term=term,
        facilitation=make_facilitation(term),
        weekday=1,
        starts=19 * 60,
        participation_ids=[one.pk for one in people],
        shared_interests=[],
        now=NOW,
    )


def check(one, chika, **said) -> IdentityCheck:
    return record_check(participation=one, checked_by=chika, now=NOW, **({"method": "met", "checked_on": TODAY} | said))


def test_cohort_with_an_unchecked_adult_beside_a_young_person_is_refused(careful, people, chika):
    for adult in people[1:3]:
        check(adult, chika)

    with pytest.raises(CohortRefused) as refused:
        form(careful, people)

    assert refused.value.rule == "identity"


def test_cohort_whose_adults_are_all_known_is_formed(careful, people, chika):
    for adult in people[1:]:
        check(adult, chika)

    assert form(careful, people).status == "active"


def test_without_anyone_under_18_nobody_need_be_known(careful, people):
    Participation.objects.update(under_18=False)

    assert form(careful, people).status == "active"


def test_term_that_does_not_ask_forms_as_before(careful, people):
    careful.checks_identity = False
    careful.save()

    assert form(careful, people).status == "active"


@pytest.mark.parametrize("answer", [None, False])
def test_cohort_of_somebody_whose_guardian_has_not_agreed_is_refused(term, answer):
    people = [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")]
    asked = ask_guardian(participation=people[0], name="保護者", email="ren@example.org", now=NOW)
    Participation.objects.update(waiting_reason="matching")
    if answer is not None:
        type(asked).objects.update(agreed=answer, answered_at=NOW)

    with pytest.raises(CohortRefused) as refused:
        form(term, people)

    assert refused.value.rule == "guardian"
    assert people[0] not in term.participations.to_be_matched()


def test_cohort_is_formed_once_the_guardian_agrees(term):
    people = [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")]
    asked = ask_guardian(participation=people[0], name="保護者", email="ren@example.org", now=NOW)
    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    assert form(term, people).status == "active"


def test_check_withdrawn_marks_the_cohort_and_given_again_heals_it(careful, people, chika):
    for adult in people[1:]:
        check(adult, chika)
    cohort = form(careful, people)

    withdraw_check(participation=people[1], actor=chika, now=NOW)
    cohort.refresh_from_db()
    assert cohort.status == "needs_repair"

    check(people[1], chika)
    cohort.refresh_from_db()
    assert cohort.status == "active"


def test_same_check_again_changes_nothing_and_a_later_one_takes_its_place(careful, people, chika, fumi):
    check(people[1], chika)
    check(people[1], chika)
    later = check(people[1], fumi, method="document")

    assert IdentityCheck.objects.get() == later
    assert later.checked_by == fumi


def test_check_on_a_day_to_come_is_refused(careful, people, chika):
    with pytest.raises(CheckRefused):
        check(people[1], chika, checked_on=TODAY + timedelta(days=1))


def test_unknown_method_is_refused(careful, people, chika):
    with pytest.raises(ValueError, match="guess"):
        check(people[1], chika, method="guess")


def test_rule_holds_for_a_running_cohort_too(careful, chika):
    cohort = make_cohort(careful)
    members = list(Participation.objects.filter(memberships__cohort=cohort))
    Participation.objects.filter(pk=members[0].pk).update(under_18=True)
    members[0].refresh_from_db()

    assert broken_rule(term=careful, people=members) == "identity"
