"""What waits for the coordinators of a term at the beginning of a week: each with the page on which it is solved."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from dialogue.models import Cohort, OutboundMessage, Term
from sessions.core.today import RECORD_PATIENCE
from sessions.models import DialogueSession, Gathering, Postponement
from sessions.quorum_reading import open_dangers
from sessions.term_messages import messages_of

LETTERS_REMEMBERED: Final = timedelta(days=14)
"""How long a letter that was given up is told of. One that waits for an address is told of for as long as it waits."""

Status = DialogueSession.Status


def terms_with_a_week(*, now: datetime, known_by: datetime, since: datetime | None = None) -> QuerySet[Term]:
    """Return the terms of which there is something to say: what they had by `known_by` that is not over.

    Those with sessions that end after `since` (`now` unless given), put-off ones, or a gathering without a date.
    """
    to_come = DialogueSession.objects.filter(created_at__lte=known_by).to_come(since or now)
    asking = Gathering.objects.filter(status=Gathering.Status.ASKING, created_at__lte=known_by)
    return Term.objects.filter(Q(pk__in=to_come.values("cohort__term")) | Q(pk__in=asking.values("term")))


def what_waits(term: Term, *, now: datetime) -> dict[str, Any]:
    """Return how many of each kind wait for somebody, with the addresses of the pages; `calm` when none does."""
    counts = {
        "dangers": len(open_dangers(term.pk, now=now)),
        "undated": Postponement.objects.filter(
            settled_at__isnull=True, session__status=Status.PROPOSED, session__cohort__term=term
        ).count(),
        "gatherings": term.gatherings.filter(status=Gathering.Status.ASKING).count(),
        "repairs": term.cohorts.filter(status=Cohort.Status.NEEDS_REPAIR).count(),
        "records": _without_record(term, now).count(),
        "letters": _letters(term, now).count(),
        "waiting": term.participations.waiting().count(),
    }
    pages = {
        "dangers_page": _page("term_quorum", term),
        "undated_page": _page("term_postponed", term),
        "gatherings_page": _page("term_gatherings", term),
        "repairs_page": _page("term_cohorts", term),
        "records_page": urljoin(settings.BASE_URL, reverse("today")),
        "letters_page": f"{_page('term_messages', term)}?show=trouble",
        "waiting_page": _page("term_waiting", term),
    }
    return {**counts, **pages, "calm": not any(counts.values())}


def _without_record(term: Term, now: datetime) -> QuerySet[DialogueSession]:
    unwritten = Q(record__isnull=True) | Q(record__finished_at__isnull=True)
    held = DialogueSession.objects.filter(unwritten, cohort__term=term, status__in=[Status.CONFIRMED, Status.HELD])
    return held.filter(joint_with__isnull=True, ends_at__lte=now - RECORD_PATIENCE)


def _letters(term: Term, now: datetime) -> QuerySet[OutboundMessage]:
    lost = Q(status__in=["dead", "uncertain"], due_at__gt=now - LETTERS_REMEMBERED)
    return messages_of(term).filter(lost | Q(status="held"))


def _page(route: str, term: Term) -> str:
    return urljoin(settings.BASE_URL, reverse(route, args=[term.pk]))
