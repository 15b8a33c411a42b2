"""One press asks the person whose time would place somebody; a page asks them, and keeps what they say."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.models import Participation
from matching.board_views import run_or_404
from matching.explanation_words import hours_of, weekly_times
from matching.models import TimeAsk
from matching.services.asking import NotAskedAnyMore, NothingToAsk, answer_time, ask_for_time


@require_POST
@login_required
def run_ask(request: HttpRequest, pk: int, participation: int) -> HttpResponse:
    """Ask for the time that would place somebody whom a run left waiting."""
    run = run_or_404(request, pk)
    waiting = get_object_or_404(Participation, pk=participation, term=run.term_id)
    try:
        ask = ask_for_time(run_id=run.pk, participation_id=waiting.pk, now=clock.now(), actor=request.user)
    except NothingToAsk:
        messages.info(request, _("Nobody was asked: this time would place them no more."))
    else:
        name = ask.asked_person.full_name or ask.asked_person.preferred_name
        messages.success(request, _("Asked %(name)s by mail. The answer stands here.") % {"name": name})
    return redirect("run", pk=run.pk)


@never_cache
@login_required
def time_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody whether one time more would do; on POST keep the answer."""
    ask = get_object_or_404(
        TimeAsk.objects.to(request.user).select_related("participation__term__programme", "facilitation"), pk=pk
    )
    term = ask.participation.term
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        try:
            answer_time(ask_id=ask.pk, yes=request.POST["answer"] == "yes", now=clock.now())
        except NotAskedAnyMore:
            messages.info(request, _("This is settled by now. Nothing was changed."))
        else:
            messages.success(request, _("Thank you. We have your answer."))
        return redirect("time_ask", pk=ask.pk)
    return render(
        request,
        "matching/time_ask.html",
        {
            "ask": ask,
            "term": term,
            "when": weekly_times(term, ask.starts, show_zone=True),
            "times": len(hours_of(term, ask.starts)),
            "is_open": ask.answer == "" and ask.participation.status == Participation.Status.ACCEPTED,
        },
    )
