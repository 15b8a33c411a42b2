"""Sessions in danger: what is missing, what helps, and one click to decide."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.context_processors import nav_of
from dialogue.models import Term
from sessions.forms import QuorumForm
from sessions.models import DialogueSession, QuorumDanger, QuorumSetting, Standby, StandInAsk
from sessions.quorum_reading import least_of, open_dangers, rescues_for, verdict_of
from sessions.reading import glance_at
from sessions.rescue_words import DECIDED, ways_in_words, what_is_wrong
from sessions.rescuers import standbys_so_far
from sessions.services.quorum_settings import set_quorum
from sessions.services.rescuing import AlreadyDecided, NoLongerPossible, decide
from sessions.services.standing_in import NotNeeded, say_away


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_rescue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a session in danger lacks and every way out, best first; a POST takes one."""
    rows = DialogueSession.objects.looked_after_by(request.user).select_related(
        "cohort__term__programme", "cohort__facilitation", "facilitator", "joint_with"
    )
    session = get_object_or_404(rows, pk=pk)
    now = clock.now()
    if request.method == "POST":
        _decide(request, session, now)
        return redirect("session_rescue", pk=session.pk)
    danger = session.dangers.select_related("decided_by").order_by("-pk").first()
    is_open = danger is not None and danger.status == QuorumDanger.Status.OPEN and session.starts_at > now
    verdict = verdict_of(session)
    asks = StandInAsk.objects.filter(session=session, starts_at=session.starts_at)
    return render(
        request,
        "sessions/rescue.html",
        {
            "glance": glance_at(session=session, now=now),
            "danger": danger,
            "is_open": is_open,
            "decided": DECIDED.get(danger.rescue, "") if danger else "",
            "wrong": what_is_wrong(verdict),
            "verdict": verdict,
            "least": least_of(session),
            "ways": ways_in_words(rescues_for(session, verdict, now=now), length=session.ends_at - session.starts_at)
            if is_open
            else [],
            "asks": asks.select_related("person").order_by("position"),
            "standbys": standbys_so_far(session),
            "coordinates": nav_of(request).runs(session.cohort.term.programme_id),
        },
    )


def _decide(request: HttpRequest, session: DialogueSession, now: datetime) -> None:
    danger_id = request.POST.get("danger", "")
    try:
        way = decide(
            session_id=session.pk,
            key=request.POST.get("way", ""),
            danger_id=int(danger_id) if danger_id.isdecimal() and len(danger_id) < 12 else 0,
            actor=request.user,
            now=now,
        )
    except AlreadyDecided as error:
        if error.danger is not None and error.danger.rescue:
            said = _("Somebody was quicker. %(decided)s Nothing else was changed.")
            messages.warning(request, said % {"decided": DECIDED[error.danger.rescue]})
        else:
            messages.info(request, _("This session is no longer in danger. Nothing was changed."))
    except NoLongerPossible:
        messages.warning(request, _("This way is no longer open: something changed meanwhile. Nothing was decided."))
    else:
        messages.success(request, DECIDED[way.kind])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the facilitator cannot lead a session, or can after all. A GET shows the button: mails lead here."""
    led = DialogueSession.objects.facilitated_by(request.user)
    session = get_object_or_404(led.select_related("cohort__term__programme", "facilitator"), pk=pk)
    if request.method != "POST":
        return render(request, "sessions/away.html", {"glance": glance_at(session=session, now=clock.now())})
    away = request.POST.get("do") != "back"
    try:
        say_away(session_id=session.pk, person=request.user, away=away, now=clock.now())
    except NotNeeded:
        messages.info(request, _("This session takes no more changes: it is over or was cancelled."))
        return redirect("session", pk=session.pk)
    if away:
        messages.success(request, _("Thank you for telling us. The coordinators know. Here is what can be done."))
        return redirect("session_rescue", pk=session.pk)
    messages.success(request, _("Good to have you back. You lead this session."))
    return redirect("session", pk=session.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_quorum(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a term that are in danger, and set how many people are needed and who decides."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    setting = QuorumSetting.objects.filter(term=term).first() or QuorumSetting(term=term)
    now = clock.now()
    form = QuorumForm(request.POST or None, initial={"least": setting.least, "decides": setting.decides})
    if form.is_valid():
        set_quorum(term=term, **form.cleaned_data, actor=request.user, now=now)
        messages.success(request, _("Kept. It counts from the next look at each session."))
        return redirect("term_quorum", pk=term.pk)
    return render(
        request,
        "sessions/coordinator/term_quorum.html",
        {
            "term": term,
            "tab": "sessions",
            "form": form,
            "sessions": open_dangers(term.pk, now=now),
            "standbys": Standby.objects.filter(participation__term=term, participation__status="placed").count(),
        },
    )
