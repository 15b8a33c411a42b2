"""What came of the terms of a fiscal year (April to March): counts of each term, never of a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dialogue.core.term_names import fiscal_year_of
from dialogue.models import Cohort, Membership, Participation, Term
from sessions.models import Attendance, DialogueSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One term, or several together.

    `people` were given a cohort at some time, and `stayed` of them have one today or had one to the end. `came` of
    `expected` answers of records say that somebody came, over all sessions that were held.
    """

    people: int = 0
    stayed: int = 0
    cohorts: int = 0
    held: int = 0
    came: int = 0
    expected: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            people=self.people + other.people,
            stayed=self.stayed + other.stayed,
            cohorts=self.cohorts + other.cohorts,
            held=self.held + other.held,
            came=self.came + other.came,
            expected=self.expected + other.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A fiscal year with its terms, the earliest first, and all of them together."""

    year: int
    terms: Sequence[tuple[Term, Figures]]
    total: Figures


def year_of(term: Term) -> int:
    """Return the fiscal year that a term says it belongs to, or else that of its first day."""
    return term.fiscal_year or fiscal_year_of(term.starts_on)


def years_of(terms: Iterable[Term]) -> list[Year]:
    """Return the years of these terms, the latest first. Five queries, however many terms there are."""
    terms = sorted(terms, key=lambda term: (term.starts_on, term.pk))
    figures = _figures([term.pk for term in terms])
    years = []
    for year in sorted({year_of(term) for term in terms}, reverse=True):
        its = [(term, figures[term.pk]) for term in terms if year_of(term) == year]
        years.append(Year(year=year, terms=its, total=sum((each for _term, each in its), Figures())))
    return years


def _figures(ids: Sequence[int]) -> dict[int, Figures]:
    ever = Exists(Membership.objects.filter(participation=OuterRef("pk")))
    placed = Participation.objects.filter(ever, term__in=ids)
    people = _counts(placed, "term")
    stayed = _counts(placed.filter(status=Participation.Status.PLACED), "term")
    cohorts = _counts(Cohort.objects.filter(term__in=ids), "term")
    sessions = DialogueSession.objects.filter(cohort__term__in=ids, status=DialogueSession.Status.HELD)
    held = _counts(sessions, "cohort__term")
    own = Attendance.objects.filter(session__in=sessions, guest__isnull=True, came__isnull=False).order_by()
    attended = {
        term: (came, expected)
        for term, came, expected in own.values_list("session__cohort__term").annotate(
            came=Count("pk", filter=Q(came=True)), expected=Count("pk")
        )
    }
    return {
        pk: Figures(
            people=people.get(pk, 0),
            stayed=stayed.get(pk, 0),
            cohorts=cohorts.get(pk, 0),
            held=held.get(pk, 0),
            came=attended.get(pk, (0, 0))[0],
            expected=attended.get(pk, (0, 0))[1],
        )
        for pk in ids
    }


def _counts(rows: QuerySet[Any], column: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(number=Count("pk")))
