"""Who could be asked to save a session, and how far the asking has come. Reads only."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Q, QuerySet

from dialogue.availability import READ_OF_FACILITATIONS, READ_OF_PARTICIPATIONS
from dialogue.models import Facilitation, Participation
from sessions.circle import guest_ids, member_ids
from sessions.company import is_at_home, languages_of, may_meet, people_of
from sessions.core.slots import quarters
from sessions.models import BusyTime, DialogueSession, StandbyAsk, StandInAsk

MOST_IN_LINE = 12
"""People of other cohorts who are asked about one session at most: their favour is not to be worn out."""


def somebody_is_asked(session: DialogueSession) -> bool:
    """Return whether other facilitators are being asked to lead this session."""
    asks = StandInAsk.objects.filter(session=session, starts_at=session.starts_at)
    return asks.filter(status__in=[StandInAsk.Status.WAITING, StandInAsk.Status.ASKED]).exists()


def facilitators_for(session: DialogueSession) -> list[int]:
    """Return the facilitators of the term who could lead this session, by person, who is asked first comes first.

    They are free of bookings then, share a language with all members, are no member themselves, and were not asked for
    this time yet. First those whose given times hold it, then those with the fewest sessions in the term.
    """
    term = session.cohort.term
    members = member_ids(session.cohort)
    asked = StandInAsk.objects.filter(session=session, starts_at=session.starts_at).values("person")
    rows = (
        Facilitation.objects.filter(term=term, person__is_active=True)
        .exclude(person__in=[*members, session.facilitator_id])
        .exclude(person__in=asked)
        .exclude(person__in=_busy_then(session))
        .select_related("person")
        .prefetch_related(*READ_OF_FACILITATIONS)
        .annotate(
            leads=Count("person__facilitated_sessions", filter=Q(person__facilitated_sessions__cohort__term=term))
        )
    )
    spoken = languages_of(session.cohort_id)

    def rank(one: Facilitation) -> tuple[bool, int, int]:
        return not is_at_home(one, session), one.leads, one.pk

    return [one.person_id for one in sorted(rows, key=rank) if spoken & set(one.languages)]


def standbys_for(session: DialogueSession) -> list[Participation]:
    """Return the members of other cohorts who could step in at this session, who is asked first comes first.

    They said that they can, their given times hold it, they are free of bookings then, share a language with all
    members, and nothing keeps them from anybody there; and they were not asked for this time yet. Whoever has stepped
    in least often comes first. None where two cohorts are together already.
    """
    if session.joint_with_id:
        return []
    there = [*member_ids(session.cohort), *guest_ids(session), session.facilitator_id]
    asked = StandbyAsk.objects.filter(session=session, starts_at=session.starts_at).values("participation")
    rows = (
        Participation.objects.with_consent()
        .filter(term=session.cohort.term, status="placed", standby__isnull=False, person__is_active=True)
        .exclude(person__in=there)
        .exclude(pk__in=asked)
        .exclude(person__in=_busy_then(session))
        .select_related("person", "term")
        .prefetch_related(*READ_OF_PARTICIPATIONS)
        .annotate(times=Count("guest_attendances", distinct=True))
        .order_by("times", "pk")
    )
    spoken, expected = languages_of(session.cohort_id), people_of(session)
    could = (
        one for one in rows if spoken & set(one.languages) and is_at_home(one, session) and may_meet([one], expected)
    )
    return list(islice(could, MOST_IN_LINE))


def standbys_in_line(session: DialogueSession) -> int:
    """Return how many people of other cohorts are being asked, or wait to be, whether they step in at this session."""
    asks = StandbyAsk.objects.filter(session=session, starts_at=session.starts_at)
    return asks.filter(status__in=[StandbyAsk.Status.WAITING, StandbyAsk.Status.ASKED]).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandbysSoFar:
    """How far the asking of other cohorts has come. No names: a no is nobody's business but theirs."""

    asked: int
    waiting: int
    coming: int
    answer_by: datetime | None


def standbys_so_far(session: DialogueSession) -> StandbysSoFar:
    """Return how far the asking about this session at its present time has come."""
    rows = StandbyAsk.objects.filter(session=session, starts_at=session.starts_at)
    found = list(rows.values_list("status", "asked_at", "answer_by"))
    said = Counter(status for status, _asked, _by in found)
    open_until = [by for status, _asked, by in found if status == StandbyAsk.Status.ASKED]
    return StandbysSoFar(
        asked=sum(asked is not None for _status, asked, _by in found),
        waiting=said[StandbyAsk.Status.WAITING],
        coming=said[StandbyAsk.Status.YES],
        answer_by=open_until[0] if open_until else None,
    )


def _busy_then(session: DialogueSession) -> QuerySet:
    """Return the people who are booked at the time of a session."""
    span = quarters(session.starts_at, session.ends_at)
    rows = BusyTime.objects.filter(person__isnull=False, quarter__range=(span.start, span.stop - 1))
    return rows.values("person")
