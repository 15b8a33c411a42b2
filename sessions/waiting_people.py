"""Everybody of a term who waits: why, since when, and the one change that would place them where a run found one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from dialogue.addresses import address_of
from dialogue.models import Generation, Participation, Term
from dialogue.reception_words import full_name_of
from matching.explanation_words import Words
from matching.models import MatchRun, Unplaced

LOOKED_AT: Final = (MatchRun.Status.READY, MatchRun.Status.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """One person who waits. `days` counts midnights by the term's calendar. `change` is empty where none is known."""

    name: str
    url: str
    generation: str
    reason: str
    since: datetime
    days: int
    change: str
    place_url: str
    """Where a place is looked for; empty before the person is accepted and consent is there."""
    consent_url: str
    """Where consent that came by mail or on paper is written down; empty for whoever waits for something else."""


def waiting_in(term: Term) -> QuerySet[Participation]:
    """Return who waits in a term, the longest wait first; `since` is when they signed up, or lost their cohort."""
    rows = term.participations.waiting().select_related("person").defer("crossroads", "note", "asked", "replied")
    since = Coalesce(Max("memberships__left_at"), "created_at")
    return rows.annotate(since=since).order_by("since", "pk")


def waiting_lines(people: Sequence[Participation], *, term: Term, now: datetime, zone: ZoneInfo) -> list[WaitingLine]:
    """Return these people as lines. Costs up to four queries, however many they are."""
    changes = _changes(people, term)
    generations, reasons = dict(Generation.choices), dict(Participation.WaitingReason.choices)
    today = now.astimezone(zone).date()
    return [
        WaitingLine(
            name=full_name_of(one),
            url=address_of("reception_person", one.pk),
            generation=str(generations[one.generation]),
            reason=str(reasons[one.waiting_reason]),
            since=one.since,
            days=(today - one.since.astimezone(zone).date()).days,
            change=changes.get(one.pk, ""),
            place_url=address_of("participation_place", one.pk) if _may_be_placed(one) else "",
            consent_url=_consent_url(one, term),
        )
        for one in people
    ]


def _consent_url(one: Participation, term: Term) -> str:
    if (one.status, one.waiting_reason) != (Participation.Status.ACCEPTED, Participation.WaitingReason.CONSENT):
        return ""  # whoever was handed on to this term answers for themselves
    return f"{address_of('term_for_several', term.pk)}?do=consent&from=waiting&who={one.pk}-0"


def _may_be_placed(one: Participation) -> bool:
    reason = Participation.WaitingReason
    return one.status == Participation.Status.ACCEPTED and one.waiting_reason not in (reason.GUARDIAN, reason.CONSENT)


def _changes(people: Iterable[Participation], term: Term) -> Mapping[int, str]:
    """Return, by participation, what the latest run says would place them, while they wait for what it said."""
    run = MatchRun.objects.filter(term=term, status__in=LOOKED_AT).order_by("-pk").first()
    if run is None:
        return {}
    reasons = {one.pk: one.waiting_reason for one in people}
    fresh = run.status == MatchRun.Status.READY
    rows = [
        one
        for one in Unplaced.objects.filter(run=run, participation__in=list(reasons)).exclude(change={})
        if fresh or reasons[one.participation_id] == one.reason
    ]
    words = Words(
        term,
        people=[one.change["partner"] for one in rows],
        facilitators=[one.change["who"] for one in rows if one.change["kind"].startswith("facilitator")],
    )
    return {one.participation_id: words.change(one.change) for one in rows}
