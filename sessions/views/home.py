"""The first page: who are you, and what is next for you."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.models import Participation, Person, Term
from sessions.models import DialogueSession
from sessions.reading import Glance, expected_at, glance_at, prompts_of
from sessions.waiting import WORDS

LOOKS_BACK: Final = timedelta(weeks=26)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a stranger what Madoi is; show everybody else one next thing to do, then what comes later."""
    if not request.user.is_authenticated:
        return render(request, "sessions/welcome.html")
    now = clock.now()
    glances = _glances(request.user, now)
    coming = [one for one in glances if not one.over]
    hero = next((one for one in coming if not one.cancelled), None)
    context = {
        "hero": hero,
        "people": expected_at(hero.session) if hero else [],
        "prompts": prompts_of(hero.session) if hero and hero.shows_prompts else [],
        "later": [one for one in coming if one is not hero],
        "finished": [one for one in reversed(glances) if one.over and one.session.attends and not one.cancelled],
        "records_due": [one for one in glances if _record_is_due(one, request.user)],
        "standings": _standings(request.user, glances),
    }
    if not glances and not context["standings"]:
        context |= _of_a_coordinator(request.user, now)
    return render(request, "sessions/home.html", context)


def _glances(reader: Person, now: datetime) -> list[Glance]:
    rows = DialogueSession.objects.of(reader).as_seen_by(reader).filter(ends_at__gt=now - LOOKS_BACK)
    return [glance_at(session=session, now=now) for session in rows.order_by("starts_at", "pk")]


def _record_is_due(one: Glance, reader: Person) -> bool:
    facilitates = one.session.facilitator_id == reader.pk
    return facilitates and one.over and not one.cancelled and one.session.recorded_at is None


def _standings(reader: Person, glances: Sequence[Glance]) -> list[dict[str, object]]:
    """Return where the person stands in each term that holds no session to come for them."""
    sorted_by_term = sorted(glances, key=lambda one: one.session.cohort.term_id)
    terms = {pk: list(those) for pk, those in groupby(sorted_by_term, key=lambda one: one.session.cohort.term_id)}
    found: list[dict[str, object]] = []
    rows = Participation.objects.of(reader).filter(ended_at__isnull=True).select_related("term__programme")
    for one in rows.order_by("term__starts_on", "pk"):
        its_sessions = terms.get(one.term_id, [])
        if any(not glance.over and not glance.cancelled for glance in its_sessions):
            continue
        found.append(
            {
                "programme": one.term.programme.title,
                "term": one.term.name,
                "contact": one.term.contact,
                "words": WORDS.get(one.waiting_reason),
                "status": one.status,
                "has_met": bool(its_sessions),
            }
        )
    return found


def _of_a_coordinator(reader: Person, now: datetime) -> dict[str, object]:
    """Return the next session that this person coordinates, for somebody with nothing of their own."""
    if not Term.objects.managed_by(reader).exists():
        return {}
    rows = DialogueSession.objects.managed_by(reader).standing().not_over_at(now)
    session = rows.select_related("cohort__term__programme").order_by("starts_at", "pk").first()
    return {"coordinates": True, "next_of_all": glance_at(session=session, now=now) if session else None}
