"""The figures of several terms at once, each kind in one query however many terms there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from dialogue.models import Cohort, Facilitation, Participation, Term
from matching.models import MatchRun
from sessions.core.next_step import Step, TermFigures, TermState, next_step, state_of
from sessions.models import DialogueSession, QuorumDanger, SessionSeries

SOON = timedelta(days=7)
NO_SESSIONS = (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermOverview:
    """A term with what its pages say of it."""

    term: Term
    figures: TermFigures
    run_id: int | None
    by_generation: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    sessions_soon: int = 0

    @property
    def state(self) -> TermState:
        return state_of(self.figures)

    @property
    def next_step(self) -> Step:
        return next_step(self.figures)


def overviews_of(terms: Iterable[Term], *, now: datetime) -> list[TermOverview]:
    """Return the overview of each term, in the order given. Costs seven queries."""
    terms = list(terms)
    ids = [term.pk for term in terms]
    people, waiting = _people(ids)
    matchable = _counts(Participation.objects.filter(term__in=ids).to_be_matched(), "term")
    facilitators = _counts(Facilitation.objects.filter(term__in=ids), "term")
    runs = _latest_runs(ids)
    cohorts = _by_status(Cohort.objects.filter(term__in=ids), "term")
    series = _by_status(SessionSeries.objects.filter(cohort__term__in=ids), "cohort__term")
    ahead = _sessions(ids, now)
    return [
        TermOverview(
            term=term,
            figures=TermFigures(
                people=sum(people[term.pk].values()),
                matchable=matchable.get(term.pk, 0),
                facilitators=facilitators.get(term.pk, 0),
                run=runs[term.pk][1] if term.pk in runs else "",
                cohorts_running=cohorts[term.pk]["active"] + cohorts[term.pk]["needs_repair"],
                cohorts_ended=cohorts[term.pk]["ended"],
                cohorts_to_repair=cohorts[term.pk]["needs_repair"],
                series_refused=series[term.pk]["refused"],
                series_waiting=series[term.pk]["queued"],
                sessions_ahead=ahead.get(term.pk, NO_SESSIONS)[0],
                sessions_in_danger=ahead.get(term.pk, NO_SESSIONS)[2],
            ),
            run_id=runs[term.pk][0] if term.pk in runs else None,
            by_generation=people[term.pk],
            waiting=waiting[term.pk],
            sessions_soon=ahead.get(term.pk, NO_SESSIONS)[1],
        )
        for term in terms
    ]


def _people(ids: list[int]) -> tuple[dict[int, Counter[str]], dict[int, Counter[str]]]:
    """Return, for each term, the people who have not left by generation, and those who wait by reason."""
    by_generation: dict[int, Counter[str]] = defaultdict(Counter)
    waiting: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Participation.objects.filter(term__in=ids).here().order_by()
    for term, generation, reason, number in rows.values_list("term", "generation", "waiting_reason").annotate(
        number=Count("pk")
    ):
        by_generation[term][generation] += number
        if reason:
            waiting[term][reason] += number
    return by_generation, waiting


def _counts(rows: QuerySet[Any], column: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(number=Count("pk")))


def _by_status(rows: QuerySet[Any], column: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for term, status, number in rows.order_by().values_list(column, "status").annotate(number=Count("pk")):
        found[term][status] = number
    return found


def _latest_runs(ids: list[int]) -> dict[int, tuple[int, str]]:
    """Return the latest run of each term that was not set aside."""
    standing = MatchRun.objects.exclude(status=MatchRun.Status.DISCARDED)
    latest = standing.filter(term__in=ids).order_by().values("term").annotate(latest=Max("pk")).values("latest")
    return {
        term: (pk, status) for term, pk, status in standing.filter(pk__in=latest).values_list("term", "pk", "status")
    }


def takes_place_soon(now: datetime) -> Q:
    """Return what holds for a session of the next seven days. One that was put off has no date, be its old one near."""
    return Q(status=DialogueSession.Status.CONFIRMED, ends_at__gt=now, starts_at__lt=now + SOON)


def _sessions(ids: list[int], now: datetime) -> dict[int, tuple[int, int, int]]:
    """Return, for each term, how many sessions are still to come, those within seven days, and those in danger."""
    # One that was put off has no date yet, and is still to come.
    coming = Q(status=DialogueSession.Status.CONFIRMED, ends_at__gt=now) | Q(status=DialogueSession.Status.PROPOSED)
    rows = DialogueSession.objects.filter(coming, cohort__term__in=ids)
    danger = QuorumDanger.objects.filter(session=OuterRef("pk"), status=QuorumDanger.Status.OPEN, starts_at__gt=now)
    return {
        term: (ahead, soon, endangered)
        for term, ahead, soon, endangered in rows.order_by()
        .values_list("cohort__term")
        .annotate(
            ahead=Count("pk"),
            soon=Count("pk", filter=takes_place_soon(now)),
            in_danger=Count("pk", filter=Exists(danger)),
        )
    }
