"""Pages behind links that one person was sent: a private question, and a request to lead one session."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from sessions.forms import AloneForm, StandInForm
from sessions.models import DialogueSession, LoneAsk, StandInAsk
from sessions.reading import glance_at
from sessions.services.alone import answer_alone
from sessions.services.answering import AnswerRefused
from sessions.services.booking import TimeTaken
from sessions.services.link_signing import key_behind
from sessions.services.standing_in import NotNeeded, answer_stand_in

_READ = ("person", "session__facilitator", "session__cohort__term__programme", "session__joint_with")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alone(request: HttpRequest, token: str) -> HttpResponse:
    """Ask somebody privately whether they mind being the only one of their generation, and keep the answer."""
    rows = LoneAsk.objects.select_related(*_READ).filter(person__is_active=True)
    ask = rows.filter(pk=key_behind("alone", token)).first()
    if ask is None or not ask.session.attendances.filter(person=ask.person).exists():
        raise Http404
    now = clock.now()
    if not _still(ask.session, ask.starts_at, now):
        return render(request, "sessions/asked_gone.html", status=410)
    with timezone.override(ask.person.zone):
        answered = ask.choice if ask.choice in {"join", "another_day", "rest"} else ""
        form = AloneForm(request.POST or None, initial={"choice": answered})
        if form.is_valid():
            try:
                answer_alone(ask_id=ask.pk, choice=form.cleaned_data["choice"], now=now)
            except AnswerRefused:
                return redirect("alone", token=token)
            messages.success(request, _("Thank you. We have your answer, and nobody else was told of the question."))
            return redirect("alone", token=token)
        glance = glance_at(session=ask.session, now=now)
        return render(
            request, "sessions/alone.html", {"ask": ask, "glance": glance, "form": form, "answered": answered}
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stand_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask another facilitator to lead one session, and keep the answer. The first yes wins."""
    rows = StandInAsk.objects.select_related(*_READ).filter(person__is_active=True).exclude(status="waiting")
    ask = rows.filter(pk=key_behind("stand_in", token)).first()
    if ask is None:
        raise Http404
    now = clock.now()
    if not _still(ask.session, ask.starts_at, now):
        return render(request, "sessions/asked_gone.html", status=410)
    with timezone.override(ask.person.zone):
        form = StandInForm(request.POST or None)
        if form.is_valid():
            leads = form.cleaned_data["leads"] == "yes"
            try:
                answer_stand_in(ask_id=ask.pk, leads=leads, now=now)
            except NotNeeded:
                messages.info(request, _("Thank you. It is settled already: you need do nothing."))
            except TimeTaken:
                messages.warning(request, _("You are booked elsewhere at this time, so nothing was changed."))
            else:
                said = (
                    _("Thank you. You lead this session; an invitation follows.")
                    if leads
                    else _("Thank you for the answer.")
                )
                messages.success(request, said)
            return redirect("stand_in", token=token)
        glance = glance_at(session=ask.session, now=now)
        needed = ask.status in {"asked", "lapsed", "no"} and ask.session.facilitator_away_at is not None
        return render(request, "sessions/stand_in.html", {"ask": ask, "glance": glance, "form": form, "needed": needed})


def _still(session: DialogueSession, asked_about: datetime, now: datetime) -> bool:
    confirmed = session.status == DialogueSession.Status.CONFIRMED
    return confirmed and session.starts_at == asked_about and session.starts_at > now
