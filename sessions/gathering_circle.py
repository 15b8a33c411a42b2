"""Who is invited to a gathering."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from dialogue.models import Facilitation, Participation, Term
from sessions.models import Gathering

Audience, Kind = Gathering.Audience, Gathering.Kind
LOOKS_BACK = (Kind.CLOSING, Kind.REUNION)
"""Kinds to which those come back whose cohort has ended."""


def invited_ids(term: Term, *, audience: str, kind: str) -> list[int]:
    """Return the people of a term who belong to an audience today, by primary key, in a stable order. Two queries.

    To an information meeting come those, too, who wait to be accepted; to a closing gathering and a reunion those, too,
    whose participation ended with their cohort and not because they left.
    """
    found: set[int] = set()
    if audience != Audience.FACILITATORS:
        found |= set(_participations(term, audience=audience, kind=kind).values_list("person", flat=True))
    if audience in (Audience.FACILITATORS, Audience.EVERYBODY):
        found |= set(Facilitation.objects.filter(term=term).values_list("person", flat=True))
    return sorted(found)


def has_young_among(term: Term, *, audience: str, kind: str) -> bool:
    """Return whether somebody under 18 or at 高校 belongs to the audience."""
    if audience == Audience.FACILITATORS:
        return False
    return _participations(term, audience=audience, kind=kind).filter(under_18=True).exists()


def _participations(term: Term, *, audience: str, kind: str) -> QuerySet[Participation]:
    Status = Participation.Status  # noqa: N806
    living = [Status.ACCEPTED, Status.PLACED]
    if kind == Kind.BRIEFING:
        living.append(Status.APPLIED)
    wanted = Q(status__in=living)
    if kind in LOOKS_BACK:
        wanted |= Q(status=Status.ENDED, end_reason="")
    rows = Participation.objects.filter(wanted, term=term)
    return rows if audience == Audience.EVERYBODY else rows.filter(generation=audience)


def still_invited(gathering: Gathering) -> Collection[int]:
    """Return the people who are invited to a gathering, by primary key, in a stable order."""
    return list(gathering.answers.order_by("person").values_list("person", flat=True))
