"""Form cohorts: start a run, wait for it, look at what it proposes, set it aside."""

import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dialogue import clock
from dialogue.models import Term
from dialogue.views.paging import page_of
from matching.board_views import tell_meanwhile, version
from matching.board_words import words_of
from matching.boards import history_of
from matching.evenness import described, evenness_of
from matching.explanation_words import new_faces_of_all
from matching.forms import RunForm
from matching.held import held
from matching.models import CohortProposal, MatchRun
from matching.proof_words import proof_of
from matching.proposal_cards import Help, cards_of, help_of, unplaced_of
from matching.rule_words import trouble_sentence
from matching.services.arranging import ChangedMeanwhile, set_aside
from matching.services.runs import NobodyToMatch, RunUnderWay, start_run
from matching.usual_wishes import usual_wishes
from matching.wish_words import words_of_wishes
from matching.wishes import Wishes

RUNS_ON_A_PAGE = 20
CARDS_ON_A_PAGE = 20
RUNS_TO_COMPARE = 5
UNDER_WAY = (MatchRun.Status.QUEUED, MatchRun.Status.RUNNING)


@login_required
def term_runs(request: HttpRequest, pk: int) -> HttpResponse:
    """List the runs of a term; on POST start one."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme", "usual_wishes"), pk=pk)
    usual = usual_wishes(term)
    brought_along = usual != Wishes()
    form = RunForm(
        request.POST if request.method == "POST" else None,
        initial=RunForm.answers_of(usual) if brought_along else None,
    )
    if form.is_valid():
        seed = form.cleaned_data["seed"]
        try:
            run = start_run(
                term=term,
                seed=secrets.randbelow(1_000_000) if seed is None else seed,
                wishes=form.wishes(),
                actor=request.user,
                now=clock.now(),
            )
        except RunUnderWay:
            form.add_error(None, _("Cohorts are being formed already. Look at that run first."))
        except NobodyToMatch:
            form.add_error(None, _("Nobody waits who has been accepted and has given consent."))
        else:
            return redirect("run", pk=run.pk)
    runs = page_of(request, term.match_runs.select_related("asked_by").order_by("-pk"), size=RUNS_ON_A_PAGE)
    return render(
        request,
        "matching/term_runs.html",
        {
            "term": term,
            "tab": "matching",
            "form": form,
            "brought_along": brought_along,
            "wishes_open": brought_along or bool(form.errors),
            "stress_open": form.is_stressed or bool(form.errors),
            "runs": runs,
            "under_way": next((run for run in runs if run.status in UNDER_WAY), None),
            "matchable": term.participations.to_be_matched().count(),
            "facilitators": term.facilitations.count(),
        },
    )


@login_required
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run: how far it is, or what it proposes."""
    found = _run_or_404(request, pk)
    context = {"term": found.term, "tab": "matching", "run": found}
    if found.status in UNDER_WAY:
        return render(request, "matching/run_under_way.html", context)
    if found.status == MatchRun.Status.FAILED:
        return render(request, "matching/run_failed.html", {**context, "trouble": trouble_sentence(found.trouble)})
    proposals = page_of(request, _with_people(found), size=CARDS_ON_A_PAGE)
    cohorts = described(found) if proposals.number == 1 else ()
    history = history_of(found)
    words = words_of(history, history.steps)
    return render(
        request,
        "matching/run.html",
        {
            **context,
            "proposals": proposals,
            "cards": cards_of(proposals, term=found.term),
            "waiting": unplaced_of(found) if proposals.number == 1 else [],
            "help": help_of(found) if proposals.number == 1 and not history.is_rearranged else Help(),
            "proof": proof_of(found),
            "history": history,
            "last": [(step, words.told(step, history.steps)) for step in history.steps[-1:]],
            "locked": history.locked,
            "locks": [(f"{lock.kind} {' '.join(lock.of)}", words.locked(lock)) for lock in sorted(history.locks)],
            "others": _others(found),
            "may_arrange": found.status == MatchRun.Status.READY,
            "new_faces": new_faces_of_all(one.explanation for one in cohorts),
            "evenness": evenness_of(cohorts),
            "wishes": words_of_wishes(Wishes.of_row(found.wishes)),
            "waiting_total": found.people - found.placed,
            "held": held(found, now=clock.now()),
        },
    )


@login_required
@never_cache
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Return how far a run is, as a part of its page; when it is over, ask the browser for the whole page."""
    found = _run_or_404(request, pk)
    response = render(request, "matching/run_progress.html", {"run": found})
    if found.status not in UNDER_WAY:
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
def run_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then set a finished run aside."""
    found = _run_or_404(request, pk)
    if found.status not in (MatchRun.Status.READY, MatchRun.Status.FAILED):
        messages.info(request, _("This run cannot be set aside: it is published, set aside already or under way."))
        return redirect("run", pk=found.pk)
    if request.method == "POST":
        try:
            set_aside(run_id=found.pk, version=version(request), actor=request.user, now=clock.now())
        except ChangedMeanwhile as error:
            tell_meanwhile(request, found, error)
            return redirect("run", pk=found.pk)
        messages.success(request, _("The run is set aside. Nobody was told anything."))
        return redirect("term_runs", pk=found.term_id)
    context = {"term": found.term, "tab": "matching", "run": found, "version": found.board_steps.count()}
    return render(request, "matching/run_discard.html", context)


def _run_or_404(request: HttpRequest, pk: int) -> MatchRun:
    return get_object_or_404(
        MatchRun.objects.managed_by(request.user).select_related("term__programme", "asked_by"), pk=pk
    )


def _others(found: MatchRun) -> list[MatchRun]:
    """Return the runs to compare a run with: the one whose rest it formed anew, then the latest of the term."""
    runs = MatchRun.objects.finished().filter(term=found.term_id).exclude(pk=found.pk)
    first = Case(When(pk=found.rerun_of_id, then=0), default=1)
    return list(runs.order_by(first, "-pk")[:RUNS_TO_COMPARE])


def _with_people(found: MatchRun) -> QuerySet[CohortProposal]:
    return (
        found.proposals.select_related("facilitation__person")
        .prefetch_related("members__participation__person")
        .order_by("number")
    )
