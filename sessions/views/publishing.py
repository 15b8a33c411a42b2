"""Publish a run: say exactly what will happen, then do it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from matching.models import MatchRun
from matching.rule_words import rule_sentences
from matching.services.publish import CHANGED_MEANWHILE, PublishRefused, publish_run
from sessions.publish_preview import publish_preview
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
            published = publish_run(run_id=run.pk, actor=request.user, now=now, version=version)
        except PublishRefused as refused:
            if refused.rules == (CHANGED_MEANWHILE,):
                messages.info(
                    request,
                    _("Nothing was published: somebody has changed these cohorts meanwhile. Look at them once more."),
                )
                return redirect("run", pk=run.pk)
            rules = rule_sentences(refused.rules)
            return render(request, "sessions/coordinator/publish_refused.html", {**context, "rules": rules}, status=409)
        messages.success(
            request,
            _("Published: %(number)s cohorts. Their sessions are being booked, and the mails go out.")
            % {"number": len(published.cohorts)},
        )
        return redirect("term_cohorts", pk=run.term_id)
    preview = publish_preview(run, now=now)
    plans = [(plan, [(day, reason_words(why)) for day, why in plan.passed_over]) for plan in preview.plans]
    return render(
        request,
        "sessions/coordinator/publish.html",
        {**context, "preview": preview, "plans": plans, "version": run.board_steps.count()},
    )
