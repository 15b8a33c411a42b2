"""Every number of a term's pages is true, and leads to a list of as many rows: on random terms, counted by hand."""

from collections import Counter
from datetime import timedelta

import pytest
from django.http import QueryDict
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dialogue.models import ConsentRecord, Membership, Participation, Term
from dialogue.reception_lists import SHOWS, counts_of, signed_up_in
from sessions.list_files import sheet_of
from sessions.models import Attendance, DialogueSession
from sessions.roster import participants
from sessions.term_attendance import attendance_of
from sessions.term_cohorts import cohorts_of
from sessions.term_figures import overviews_of
from sessions.term_lines import sessions_of
from sessions.years import years_of
from tests.factories import NOW, make_facilitation, make_session
from tests.sessions.views.test_funnel import PEOPLE, make_random_term

pytestmark = pytest.mark.django_db

MEETINGS = st.fixed_dictionaries({
    "cohort": st.integers(0, 1),
    "days": st.integers(-30, 30),
    "status": st.sampled_from(["proposed", "confirmed", "held", "missed", "cancelled"]),
    "answers": st.lists(st.sampled_from(["none", "yes", "late", "no"]), min_size=4, max_size=4),
    "came": st.lists(st.sampled_from([None, True, False]), min_size=4, max_size=4),
})  # fmt: skip
"""A session of a cohort at any time, with any answers; also such as no service would leave behind."""

TERMS = st.fixed_dictionaries({
    "people": st.lists(PEOPLE, max_size=12),
    "meetings": st.lists(MEETINGS, max_size=8, unique_by=lambda one: one["days"]),
    "leaders": st.integers(0, 3),
    "ended": st.booleans(),
})  # fmt: skip
HERE = ("applied", "accepted", "placed")


def make_term_of(drawn: dict) -> Term:
    term = make_random_term(drawn["people"])
    cohorts = list(term.cohorts.order_by("pk"))
    for one in drawn["meetings"]:
        at = NOW + timedelta(days=one["days"], hours=6)
        session = make_session(cohorts[one["cohort"]], starts_at=at, status=one["status"])
        for row, answer, came in zip(session.attendances.order_by("pk"), one["answers"], one["came"], strict=False):
            row.answer, row.answered_at, row.came = answer, NOW if answer != "none" else None, came
            row.save()
    for _ in range(drawn["leaders"]):
        make_facilitation(term)
    if drawn["ended"]:
        term.cohorts.filter(pk=cohorts[0].pk).update(status="ended")
    return term


def check(drawn: dict) -> None:
    term = make_term_of(drawn)
    people = list(term.participations.all())
    sessions = list(DialogueSession.objects.filter(cohort__term=term))
    the_overview(term, people, sessions)
    the_reception(term, people)
    the_attendance(term, sessions)
    the_sessions(term, sessions)
    the_year(term, people, sessions)
    the_files(term, people, sessions)


def the_overview(term: Term, people: list[Participation], sessions: list[DialogueSession]) -> None:
    [overview] = overviews_of([term], now=NOW)
    here = [one for one in people if one.status in HERE]
    for generation in ("student", "alumni"):
        listed = participants(term, {"status": "here", "generation": generation}, now=NOW)
        theirs = [one for one in here if one.generation == generation]
        assert overview.by_generation.get(generation, 0) == listed.count() == len(theirs)
    reasons = Counter(one.waiting_reason for one in here if one.waiting_reason)
    assert overview.waiting == reasons
    for reason, number in reasons.items():
        assert participants(term, {"status": f"waiting-{reason}"}, now=NOW).count() == number
    soon = [
        one for one in sessions
        if one.status == "confirmed" and one.ends_at > NOW and one.starts_at < NOW + timedelta(days=7)
    ]  # fmt: skip
    assert overview.sessions_soon == sessions_of(term, show="soon", now=NOW).count() == len(soon)
    running = sum(one.status != "ended" for one in term.cohorts.all())
    assert overview.figures.cohorts_running == cohorts_of(term, now=NOW).running().count() == running
    assert overview.figures.facilitators == term.facilitations.count()


def the_reception(term: Term, people: list[Participation]) -> None:
    counts, rows = counts_of(term), signed_up_in(term)
    given = set(
        ConsentRecord.objects.filter(participation__term=term, withdrawn_at=None, purpose="take_part").values_list(
            "participation", flat=True
        )
    )
    by_hand = {
        "": lambda one: one.status == "applied",
        "new": lambda one: one.status == "applied" and one.waiting_reason in ("acceptance", "guardian"),
        "replied": lambda one: False,
        "asked": lambda one: one.status == "applied" and one.waiting_reason == "asked_back",
        "held": lambda one: one.status == "applied" and one.waiting_reason == "held",
        "guardian": lambda one: False,
        "consent": lambda one: one.status in ("applied", "accepted") and one.pk not in given,
        "accepted": lambda one: one.status == "accepted",
        "closed": lambda one: one.status in ("ended", "relayed"),
    }
    for name, (_word, condition) in SHOWS.items():
        number = sum(map(by_hand[name], people))
        assert counts[name or "all"] == rows.filter(condition).count() == number, name


def the_attendance(term: Term, sessions: list[DialogueSession]) -> None:
    columns, rows = attendance_of(list(term.cohorts.order_by("number")), now=NOW)
    cells = {(row.number, column): cell for row in rows for column, cell in zip(columns, row.cells, strict=True)}
    standing = {(one.cohort.number, one.number): one for one in sessions if one.status != "cancelled"}
    assert {place for place, cell in cells.items() if cell} == set(standing)
    for place, session in standing.items():
        met = list(Attendance.objects.filter(session=session))
        over = session.ends_at <= NOW and session.status != "proposed"
        came = sum(bool(one.came) for one in met) if over else sum(one.answer in ("yes", "late") for one in met)
        cell = cells[place]
        assert (cell.number, cell.expected, cell.over) == (came, len(met), over)


def the_sessions(term: Term, sessions: list[DialogueSession]) -> None:
    shown = {one.pk: one for one in sessions_of(term, show="all", now=NOW)}
    assert set(shown) == {one.pk for one in sessions}
    for session in sessions:
        answers = Counter(Attendance.objects.filter(session=session).values_list("answer", flat=True))
        row = shown[session.pk]
        assert (row.yes, row.late, row.no, row.unanswered) == tuple(
            answers[each] for each in ("yes", "late", "no", "none")
        )


def the_year(term: Term, people: list[Participation], sessions: list[DialogueSession]) -> None:
    [year] = years_of([term])
    ever = {one.participation_id for one in Membership.objects.filter(cohort__term=term)}
    held = [one.pk for one in sessions if one.status == "held"]
    known = list(Attendance.objects.filter(session__in=held, came__isnull=False).values_list("came", flat=True))
    total = year.total
    assert (total.people, total.cohorts, total.held) == (len(ever), term.cohorts.count(), len(held))
    assert total.stayed == sum(one.pk in ever and one.status == "placed" for one in people)
    assert (total.came, total.expected) == (sum(known), len(known))


def the_files(term: Term, people: list[Participation], sessions: list[DialogueSession]) -> None:
    waiting = sum(one.status in ("applied", "accepted") for one in people)
    wanted = {
        "people": len(people), "facilitators": term.facilitations.count(), "cohorts": term.cohorts.count(),
        "sessions": len(sessions), "waiting": waiting, "attendance": term.cohorts.count(),
    }  # fmt: skip
    every = QueryDict("show=all")
    assert len(list(sheet_of("runs", term, every, now=NOW).rows)) == term.match_runs.count()
    for name, (_word, condition) in SHOWS.items():
        rows = list(sheet_of("reception", term, QueryDict(f"show={name}"), now=NOW).rows)
        assert len(rows) == signed_up_in(term).filter(condition).count(), name
    assert {what: len(list(sheet_of(what, term, every, now=NOW).rows)) for what in wanted} == wanted


# Shrinking would take minutes: each try makes a whole term.


class TestRandomTerms(TestCase):
    @given(TERMS)
    @settings(max_examples=2, phases=[Phase.generate])
    def test_numbers_equal_direct_queries_and_their_lists(self, drawn):
        check(drawn)

    @pytest.mark.slow
    @pytest.mark.timeout(1800)
    @given(TERMS)
    @settings(max_examples=200, phases=[Phase.generate])
    def test_numbers_equal_direct_queries_and_their_lists_on_200_terms(self, drawn):
        check(drawn)
