"""From invited to finished: every number is true, and leads to exactly the people whom it counts."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dialogue.core.reception import Stage, stage_of
from dialogue.models import AvailabilityWindow, ConsentRecord, Membership, Participation, Person, Term
from sessions.funnel import REACHED, STANDS, funnel_of
from sessions.models import Attendance, DialogueSession
from sessions.roster import participants
from tests.factories import (
    NOW,
    make_cohort,
    make_facilitation,
    make_participation,
    make_person,
    make_session,
    make_term,
)

pytestmark = pytest.mark.django_db

WAITS = [("applied", reason) for reason in ("acceptance", "guardian", "consent", "asked_back", "held")]
WAITS += [("accepted", reason) for reason in ("matching", "consent", "no_availability", "cohort_ended")]
GONE = [("relayed", ""), ("ended", "declined"), ("ended", "withdrew"), ("ended", "guardian_refused"), ("ended", "left")]
PEOPLE = st.fixed_dictionaries({
    "stands": st.sampled_from([*WAITS, *GONE, ("placed", "")]),
    "generation": st.sampled_from(["student", "alumni"]),
    "consent": st.sampled_from(["none", "given", "withdrawn"]),
    "times": st.booleans(),
    "cohort": st.sampled_from([None, "running", "over"]),
    "left": st.booleans(),
    "answer": st.sampled_from(["none", "yes", "late", "no"]),
    "came": st.sampled_from([None, True, False]),
})  # fmt: skip
"""Somebody of a term: any state beside any past, also such as no service would leave behind."""


def make_random_term(people: list[dict]) -> Term:
    term = make_term()
    leads = make_facilitation(term)
    cohorts = {name: make_cohort(term, facilitator=leads.person, fill=False) for name in ("running", "over")}
    sessions = {
        "running": make_session(cohorts["running"], starts_at=NOW + timedelta(days=7)),
        "over": make_session(cohorts["over"], starts_at=NOW - timedelta(days=7), status="held"),
    }
    for one in people:
        _make(term, one, cohorts, sessions)
    return term


def _make(term, one, cohorts, sessions):
    status, reason = one["stands"]
    fields = {"status": status, "waiting_reason": reason if status in ("applied", "accepted") else ""}
    if status == "ended":
        fields |= {"ended_at": NOW, "end_reason": reason}
    place = make_participation(term, make_person(), one["generation"], consent=one["consent"] != "none", **fields)
    if one["consent"] == "withdrawn":
        place.consents.update(withdrawn_at=NOW)
    if not one["times"]:
        place.windows.all().delete()
    if one["cohort"]:
        left_at = NOW if one["left"] else None
        Membership.objects.create(cohort=cohorts[one["cohort"]], participation=place, joined_at=NOW, left_at=left_at)
        Attendance.objects.create(
            session=sessions[one["cohort"]],
            person=place.person,
            answer=one["answer"],
            answered_at=None if one["answer"] == "none" else NOW,
            came=one["came"],
        )


def by_hand(term: Term) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Return who has reached each stage and who stands where, found row by row without the funnel's own conditions."""
    reached: dict[str, set[int]] = {key: set() for key in REACHED}
    stands: dict[str, set[int]] = {key: set() for key in STANDS}
    for one in Participation.objects.filter(term=term):
        stage = stage_of(status=one.status, waiting_reason=one.waiting_reason, end_reason=one.end_reason)
        stands[f"now-{stage}"].add(one.pk)
        places = list(Membership.objects.filter(participation=one))
        met = list(Attendance.objects.filter(person=one.person_id, session__cohort__term=term))
        came = any(each.came for each in met)
        today = [place.cohort_id for place in places if place.left_at is None]
        ahead = DialogueSession.objects.filter(cohort__in=today, status="confirmed", ends_at__gt=NOW).exists()
        facts = {
            "known": True,
            "signed_up": stage is not Stage.INVITED,
            "consented": ConsentRecord.objects.filter(participation=one, withdrawn_at=None).exists(),
            "times": AvailabilityWindow.objects.filter(participation=one).exists(),
            "accepted": one.status in ("accepted", "placed") or bool(places),
            "placed": bool(places),
            "answered": any(each.answer != "none" for each in met),
            "came": came,
            "finished": came and bool(today) and not ahead and one.status == "placed",
        }
        for key, holds in facts.items():
            if holds:
                reached[key].add(one.pk)
    return reached, stands


def check(people: list[dict]) -> None:
    term = make_random_term(people)
    by_key = {**by_hand(term)[0], **by_hand(term)[1]}
    generations = dict(Participation.objects.filter(term=term).values_list("pk", "generation"))

    reached, stands = funnel_of(term, now=NOW)

    for line in (*reached, *stands):
        listed = set(participants(term, {"stage": line.key}, now=NOW).values_list("pk", flat=True))
        assert listed == by_key[line.key], line.key
        assert line.total == len(listed)
        assert dict(line.by_generation) == {
            value: Counter(generations[pk] for pk in listed)[value] for value in ("student", "alumni")
        }
    assert sum(line.total for line in stands) == len(people)


class TestRandomTerms(TestCase):
    @given(st.lists(PEOPLE, max_size=12))
    @settings(max_examples=3)
    def test_numbers_equal_direct_queries(self, people):
        check(people)

    @pytest.mark.slow
    @given(st.lists(PEOPLE, max_size=30))
    @settings(max_examples=200)
    def test_numbers_equal_direct_queries_on_200_terms(self, people):
        check(people)


@pytest.fixture
def shown(reading, chika: Person):
    browser = reading(chika)
    return lambda term: browser.get(reverse("term_funnel", args=[term.pk])).content.decode()


def test_each_number_leads_to_its_list(shown, cohort, reading, chika):
    session = make_session(cohort, starts_at=NOW - timedelta(days=7), status="held")
    first = session.attendances.first()
    Attendance.objects.filter(pk=first.pk).update(came=True)
    people = reverse("term_people", args=[cohort.term_id])

    assert f'<a href="{people}?stage=came">1<' in shown(cohort.term)
    [line] = reading(chika).get(people, {"stage": "came"}).context["lines"]
    assert line.person_id == first.person_id


def test_english_says_students_of_several(shown, cohort, reading, chika):
    Person.objects.filter(pk=chika.pk).update(language="en")
    chika.refresh_from_db()
    overview = reading(chika).get(reverse("term", args=[cohort.term_id])).content.decode()
    cohorts = reading(chika).get(reverse("term_cohorts", args=[cohort.term_id])).content.decode()

    assert 'data-label="Students"' in shown(cohort.term)
    assert ">Students</a>" in overview
    assert ">Students</span>" in cohorts


def test_term_without_people_says_so(shown, term):
    assert "この期には、まだだれもいません" in shown(term)


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_as_for_one(shown, term, number, django_assert_num_queries):
    for _ in range(number):
        make_session(make_cohort(term))

    with django_assert_num_queries(5):
        shown(term)


def test_others_do_not_find_the_page(reading, term, sam):
    assert reading(sam).get(reverse("term_funnel", args=[term.pk])).status_code == 404
