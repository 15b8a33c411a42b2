"""The first page: who are you, and what is next for you."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.models import Participation, Person, Term
from dialogue.prepared import Prepared
from dialogue.views.paging import page_of
from matching.models import MatchRun
from sessions.models import DialogueSession, Gathering
from sessions.people_reading import Expected, expected_at, has_notebook
from sessions.reading import Glance, glances_at, prompts_of, step_before
from sessions.waiting import WORDS

LOOKS_BACK: Final = timedelta(weeks=26)
DATES_ON_A_PAGE: Final = 30
STANDING_COLUMNS: Final = (
    "term_id",
    "term__name",
    "term__contact",
    "term__programme__name",
    "term__programme__name_en",
    "waiting_reason",
    "status",
    "pk",
    "asked",
    "waited_for",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show a stranger what Madoi is; show everybody else one next thing to do, then what comes later."""
    if not request.user.is_authenticated:
        return render(request, "sessions/welcome.html")
    now = clock.now()
    glances = _glances(request.user, now)
    coming = [one for one in glances if not one.over]
    hero = next((one for one in coming if not one.cancelled), None)
    later = [one for one in coming if one is not hero]
    listed = page_of(request, [*later, *_finished(request.user, glances)], size=DATES_ON_A_PAGE)
    circle = expected_at(hero.seen) if hero else []
    sits = hero is not None and any(one.person_id == request.user.pk for one in circle)
    context = {
        "hero": hero,
        "names": [one.name for one in circle],
        "says_hello": _says_hello(request.user, hero, circle, glances),
        "has_notebook": hero is not None and has_notebook(request.user, hero.seen, circle),
        "prompts": prompts_of(hero.seen) if hero and hero.shows_prompts else [],
        # From the eve on the prompts stand in its place; it is in the room again, at the check-in.
        "step": step_before(request.user, hero) if hero and sits and not hero.shows_prompts else None,
        "later": [one for one in listed if not one.over],
        "finished": [one for one in listed if one.over],
        "page": listed,
        "records_due": [one for one in glances if one.record_is_due and one.seen.facilitator_id == request.user.pk],
    }
    context["gatherings"] = [
        (pk, Gathering.Kind(kind).label, *times, _needs_answer(times[0], answer, chose_at, closes_at, now))
        for pk, kind, *times, answer, chose_at, closes_at in _GATHERINGS.rows(reader=request.user.pk, now=now)
    ]
    context |= _standings(request.user, glances, now)
    if not glances and not context["standings"]:
        context |= _of_a_coordinator(request.user, now)
    return render(request, "sessions/home.html", context)


def _says_hello(reader: Person, hero: Glance | None, circle: Sequence[Expected], glances: Sequence[Glance]) -> bool:
    """Return whether to offer the card to say hello: to a member without one, until the cohort has first met."""
    me = next((one for one in circle if one.person_id == reader.pk), None)
    if hero is None or hero.begun or me is None or me.steps_in or me.shows_card:
        return False
    return not any(one.begun and not one.cancelled for one in glances if one.seen.cohort_id == hero.seen.cohort_id)


def _needs_answer(
    starts_at: datetime | None, answer: str, chose_at: datetime | None, closes_at: datetime | None, now: datetime
) -> bool:
    """Tell whether somebody has yet to say when, and still may, or whether, they come to a gathering."""
    if starts_at is not None:
        return answer == "none"
    return chose_at is None and closes_at is not None and now < closes_at


def _sessions(reader: int, after: datetime, now: datetime) -> QuerySet[DialogueSession, Any]:
    """Those of the last months and to come; of a cohort that is held nobody is told yet, here neither."""
    person = Person(pk=reader)
    rows = DialogueSession.objects.of(person).filter(ends_at__gt=after).exclude(cohort__held_until__gt=now)
    return rows.order_by("starts_at", "pk").seen_by(person)


def _places(reader: int, now: datetime) -> QuerySet[Participation, Any]:
    """Places that have not ended, each with why people of its term waited before the publication that is held there."""
    rows = Participation.objects.of(Person(pk=reader)).filter(ended_at__isnull=True).order_by("term__starts_on", "pk")
    held = MatchRun.objects.filter(term=OuterRef("term"), held_until__gt=now).order_by("-pk")
    return rows.annotate(waited_for=Subquery(held.values("waited_for")[:1])).values_list(*STANDING_COLUMNS)


def _gatherings(reader: int, now: datetime) -> QuerySet[Gathering, Any]:
    """Those to come, those that look for a date, and no others."""
    rows = Gathering.objects.of(Person(pk=reader)).exclude(status=Gathering.Status.CANCELLED)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("starts_at", "pk")
    mine = ("answers__answer", "answers__chose_at")
    return rows.values_list("pk", "kind", "starts_at", "ends_at", "term__zone", *mine, "closes_at")


_GATHERINGS: Final = Prepared(_gatherings, reader=int, now=datetime)
_SESSIONS: Final = Prepared(_sessions, reader=int, after=datetime, now=datetime)
_PLACES: Final = Prepared(_places, reader=int, now=datetime)


def _glances(reader: Person, now: datetime) -> list[Glance]:
    return glances_at(rows=_SESSIONS.rows(reader=reader.pk, after=now - LOOKS_BACK, now=now), now=now)


def _finished(reader: Person, glances: Sequence[Glance]) -> list[Glance]:
    """Return what this person took part in, the latest first: that is, not what they only facilitated."""
    over = [one for one in reversed(glances) if one.over and not one.cancelled]
    unsure = [one.seen.pk for one in over if one.seen.facilitator_id == reader.pk and one.seen.my_answer]
    both = set()
    if unsure:
        both = set(DialogueSession.objects.attended_by(reader).filter(pk__in=unsure).values_list("pk", flat=True))
    return [one for one in over if one.seen.facilitator_id != reader.pk or one.seen.pk in both]


def _standings(reader: Person, glances: Sequence[Glance], now: datetime) -> dict[str, list[dict[str, object]]]:
    """Return each place that the person has in a term, and where they stand if it holds no session to come for them.

    While a publication is held they stand where they stood before it.
    """
    terms: dict[int, list[Glance]] = defaultdict(list)
    for glance in glances:
        terms[glance.seen.term_id].append(glance)
    found: list[dict[str, object]] = []
    places: list[dict[str, object]] = []
    is_japanese = get_language() == "ja"
    for term_id, term, contact, programme, programme_en, reason_now, status, pk, asked, waited_for in _PLACES.rows(
        reader=reader.pk, now=now
    ):
        reason = (waited_for or {}).get(str(pk), reason_now)
        its_sessions = terms[term_id]
        title = programme if is_japanese else programme_en or programme
        places.append({"pk": pk, "programme": title, "term": term})
        if any(glance.postponed or not (glance.over or glance.cancelled) for glance in its_sessions):
            continue
        found.append(
            {
                "programme": title,
                "term": term,
                "contact": contact,
                "words": WORDS.get(reason),
                "status": status,
                "has_met": bool(its_sessions),
                "question": {
                    "pk": pk,
                    "words": asked if reason == Participation.WaitingReason.ASKED_BACK else "",
                    "invited": status == Participation.Status.APPLIED and reason == Participation.WaitingReason.CONSENT,
                },
            }
        )
    return {"standings": found, "places": places}


def _of_a_coordinator(reader: Person, now: datetime) -> dict[str, object]:
    """Return the next session that this person coordinates, for somebody with nothing of their own."""
    if not Term.objects.managed_by(reader).exists():
        return {}
    rows = DialogueSession.objects.managed_by(reader).with_a_date().not_over_at(now)
    rows = rows.order_by("starts_at", "pk").seen()[:1]
    return {"coordinates": True, "next_of_all": next(iter(glances_at(rows=rows, now=now)), None)}
