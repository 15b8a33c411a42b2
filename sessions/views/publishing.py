"""Publish a run: say exactly what will happen, then do it; and take it back while nothing has left."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from matching.board_views import told_since
from matching.models import MatchRun
from matching.rule_words import rule_sentences
from matching.services.publish import CHANGED_MEANWHILE, PublishRefused, publish_run
from sessions.publish_preview import publish_preview
from sessions.services.unpublishing import NotTakenBack, take_back
from sessions.unpublish_words import NOT_TAKEN_BACK
from sessions.views.series import reason_words


@login_required
def run_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then make cohorts of a run's proposals."""
    run = get_object_or_404(MatchRun.objects.managed_by(request.user).select_related("term__programme"), pk=pk)
    if run.status != MatchRun.Status.READY:
        messages.info(request, _("This run cannot be published: it is published already, set aside or under way."))
        return redirect("run", pk=run.pk)
    if not run.proposals.exists():
        messages.info(request, _("This run proposes no cohort, so that there is nothing to publish."))
        return redirect("run", pk=run.pk)
    now = clock.now()
    context = {"term": run.term, "tab": "matching", "run": run}
    if request.method == "POST":
        try:
            seen = request.POST.get("version", "")
            version = int(seen) if seen.isascii() and seen.isdecimal() else None
            hold = timedelta(seconds=settings.PUBLISH_HOLD_SECONDS)
            published = publish_run(run_id=run.pk, actor=request.user, now=now, version=version, hold=hold)
        except PublishRefused as refused:
            if refused.rules == (CHANGED_MEANWHILE,):
                told = told_since(run, version or 0)
                words = _(
                    "Nothing was published: somebody has changed these cohorts meanwhile. Look at them once more."
                )
                messages.info(request, f"{words} {told}")
                return redirect("run", pk=run.pk)
            rules = rule_sentences(refused.rules)
            return render(request, "sessions/coordinator/publish_refused.html", {**context, "rules": rules}, status=409)
        messages.success(
            request,
            _("Published: %(number)s cohorts. Their sessions are being booked.") % {"number": len(published.cohorts)},
        )
        return redirect("term_cohorts", pk=run.term_id)
    preview = publish_preview(run, now=now)
    plans = [(plan, [(day, reason_words(why)) for day, why in plan.passed_over]) for plan in preview.plans]
    return render(
        request,
        "sessions/coordinator/publish.html",
        {
            **context,
            "preview": preview,
            "plans": plans,
            "version": run.board_steps.count(),
            "hold": settings.PUBLISH_HOLD_SECONDS,
            "hold_minutes": settings.PUBLISH_HOLD_SECONDS // 60,
        },
    )


@require_POST
@login_required
def run_unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a publication back, or say why it can no longer be taken back."""
    run = get_object_or_404(MatchRun.objects.managed_by(request.user), pk=pk)
    try:
        take_back(run_id=run.pk, actor=request.user, now=clock.now())
    except NotTakenBack as refused:
        messages.warning(request, NOT_TAKEN_BACK[refused.why])
        return redirect("term_cohorts", pk=run.term_id)
    messages.success(request, _("Taken back. Nobody was told anything, and everything is as it was before."))
    return redirect("run", pk=run.pk)
