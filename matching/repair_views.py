"""Repair a term at work: what can be done for a cohort, or for one person, each at one press."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.models import Cohort, Participation, Term
from matching.repair_words import offer_cards
from matching.rule_words import rule_sentences
from matching.services.repairing import RepairRefused, Trouble, apply_repair, offers


@login_required
def cohort_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer repairs of a cohort, or with `for=facilitator` others to lead it; on POST carry one out."""
    cohort = get_object_or_404(
        Cohort.objects.managed_by(request.user).running().select_related("term__programme"), pk=pk
    )
    of_facilitator = request.GET.get("for") == "facilitator"
    trouble = Trouble(cohort_id=cohort.pk, lost_facilitator=of_facilitator)
    return _page(request, cohort.term, trouble, {"cohort": cohort, "of_facilitator": of_facilitator})


@login_required
def participation_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer places in running cohorts to somebody who waits, or other cohorts to somebody who has one."""
    one = get_object_or_404(
        Participation.objects.managed_by(request.user)
        .filter(status__in=["accepted", "placed"])
        .select_related("person", "term__programme"),
        pk=pk,
    )
    return _page(request, one.term, Trouble(participation_id=one.pk), {"participation": one})


def _page(request: HttpRequest, term: Term, trouble: Trouble, context: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    refused: list[Any] = []
    if request.method == "POST":
        try:
            apply_repair(term=term, trouble=trouble, key=request.POST.get("offer", ""), now=now, actor=request.user)
        except RepairRefused as error:
            refused = rule_sentences([error.rule])
        else:
            messages.success(
                request,
                _("Done. Whoever comes or goes gets a mail, and all calendars follow. Nobody else hears of it."),
            )
            return redirect("term_cohorts", pk=term.pk)
    plan, found = offers(term=term, trouble=trouble, now=now)
    page = {**context, "term": term, "tab": "cohorts", "offers": offer_cards(plan, found), "refused": refused}
    return render(request, "matching/repair.html", page, status=409 if refused else 200)
