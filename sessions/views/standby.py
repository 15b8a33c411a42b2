"""Stepping in for other cohorts: where somebody says that they can, and the page behind the link that asks them."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.models import Participation
from sessions.forms import StandbyAskForm, StandbyForm
from sessions.models import DialogueSession, Standby, StandbyAsk
from sessions.quorum_reading import verdict_of
from sessions.reading import glance_at
from sessions.services.booking import TimeTaken
from sessions.services.link_signing import key_behind
from sessions.services.standing_by import answer_standby, choose_standby
from sessions.services.standing_in import NotNeeded

_READ = ("participation__person", "session__facilitator", "session__cohort__term__programme", "session__joint_with")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standby(request: HttpRequest) -> HttpResponse:
    """Let somebody say, for each of their terms, whether they can step in for other cohorts. Nothing is ticked."""
    rows = Participation.objects.of(request.user).filter(ended_at__isnull=True).select_related("term__programme")
    places = [(one.pk, f"{one.term.programme.title} {one.term.name}") for one in rows.order_by("term__starts_on", "pk")]
    chosen = Standby.objects.filter(participation__in=[pk for pk, _name in places])
    initial = {"places": [str(pk) for pk in chosen.values_list("participation", flat=True)]}
    form = StandbyForm(request.POST if request.method == "POST" else None, places=places, initial=initial)
    if form.is_valid():
        choose_standby(person=request.user, terms=form.cleaned_data["places"], now=clock.now())
        messages.success(request, _("Your choice is kept."))
        return redirect("standby")
    return render(request, "sessions/standby.html", {"form": form, "places": places})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standby_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a member of another cohort to step in at one session, and keep the answer. A look writes nothing."""
    rows = StandbyAsk.objects.select_related(*_READ).filter(participation__person__is_active=True)
    ask = rows.exclude(status="waiting").filter(pk=key_behind("standby", token)).first()
    if ask is None or ask.participation.ended_at is not None:
        raise Http404
    now = clock.now()
    person, session = ask.participation.person, ask.session
    if not _stands(ask, now):
        return render(request, "sessions/asked_gone.html", status=410)
    with timezone.override(person.zone):
        form = StandbyAskForm(request.POST or None)
        if form.is_valid():
            _keep(request, ask, form.cleaned_data["comes"], now)
            return redirect("standby_ask", token=token)
        verdict = verdict_of(session)
        asked = ask.status in {"asked", "lapsed", "no"}
        return render(
            request,
            "sessions/standby_ask.html",
            {
                "ask": ask,
                "glance": glance_at(session=session, now=now),
                "steps_in": ask.status == "yes" and session.attendances.filter(guest=ask.participation_id).exists(),
                "needed": asked and verdict.helped_by(ask.participation.generation),
                "offers": Standby.objects.filter(participation=ask.participation).exists(),
            },
        )


def _keep(request: HttpRequest, ask: StandbyAsk, said: str, now: datetime) -> None:
    if said == "never":
        person = ask.participation.person
        others = Standby.objects.filter(participation__person=person).exclude(participation=ask.participation)
        choose_standby(person=person, terms=list(others.values_list("participation", flat=True)), now=now)
        messages.success(request, _("We will not ask you again. What you have said yes to stands."))
        return
    try:
        answer_standby(ask_id=ask.pk, comes=said == "yes", now=now)
    except NotNeeded:
        messages.info(request, _("Thank you. It is settled already: you need do nothing."))
    except TimeTaken:
        messages.warning(request, _("You are booked elsewhere at this time, so nothing was changed."))
    else:
        thanks = _("Thank you for stepping in.") if said == "yes" else _("Thank you for the answer.")
        messages.success(request, thanks)


def _stands(ask: StandbyAsk, now: datetime) -> bool:
    session = ask.session
    confirmed = session.status == DialogueSession.Status.CONFIRMED
    return confirmed and session.starts_at == ask.starts_at and session.starts_at > now
