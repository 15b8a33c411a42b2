"""Repair a term at work: what can be done for a cohort, or for one person, each at one press, and the way back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.models import Cohort, Participation, Term
from matching.lock_words import locked_in
from matching.models import Repair
from matching.repair_words import OfferCard, offer_cards, what_would_seat
from matching.rule_words import rule_sentences
from matching.services.repairing import RepairRefused, Trouble, apply_repair, is_locked, offers
from sessions.services.following_window import dates_of_move
from sessions.services.taking_back import take_repair_back


@login_required
def cohort_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer repairs of a cohort, or with `for=facilitator` others to lead it; on POST carry one out."""
    cohort = get_object_or_404(
        Cohort.objects.managed_by(request.user).running().select_related("term__programme"), pk=pk
    )
    of_facilitator = request.GET.get("for") == "facilitator"
    trouble = Trouble(cohort_id=cohort.pk, lost_facilitator=of_facilitator)
    context = {"cohort": cohort, "of_facilitator": of_facilitator, "own_locks_url": _locks_of(cohort.pk)}
    return _page(request, cohort.term, trouble, context)


@login_required
def participation_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer places in running cohorts to somebody who waits, or other cohorts to somebody who has one."""
    one = get_object_or_404(
        Participation.objects.managed_by(request.user)
        .filter(status__in=["accepted", "placed"])
        .select_related("person", "term__programme"),
        pk=pk,
    )
    here = one.memberships.filter(left_at__isnull=True).values_list("cohort", flat=True).first()
    context = {"participation": one, "own_locks_url": _locks_of(here) if here else ""}
    return _page(request, one.term, Trouble(participation_id=one.pk), context)


def _locks_of(cohort_id: int) -> str:
    return reverse("cohort_locks", args=[cohort_id])


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
                _(
                    "Done. Whoever comes, goes or meets at another time gets a mail in ten minutes, and all calendars "
                    "follow. Nobody else hears of it. Until then you can take it back."
                ),
            )
            return redirect("term_cohorts", pk=term.pk)
    plan, found = offers(term=term, trouble=trouble, now=now)
    page = {
        **context,
        "term": term,
        "tab": "cohorts",
        "offers": [(card, _dates(card, now)) for card in offer_cards(plan, found)],
        "would_seat": "" if found else what_would_seat(plan, trouble),
        "changes_times": any(one.changes_a_time for one in found),
        "refused": refused,
        "is_locked": is_locked(plan, trouble),
        "locked": locked_in(term),
    }
    return render(request, "sessions/coordinator/repair.html", page, status=409 if refused else 200)


def _dates(card: OfferCard, now: datetime) -> list[tuple[int, list[tuple[Any, datetime]]]]:
    """Return the cohorts of a card that meet at another time, by number, each with its sessions and their new start."""
    return [(cohort.number, dates_of_move(cohort, window=window, now=now)) for cohort, window in card.times]


@require_POST
@login_required
def repair_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a repair back whose mails have not left."""
    repair = get_object_or_404(Repair.objects.managed_by(request.user), pk=pk)
    try:
        take_repair_back(repair_id=repair.pk, now=clock.now(), actor=request.user)
    except RepairRefused as error:
        if error.rule == "changed_meanwhile":
            messages.info(
                request,
                _("This repair can no longer be taken back: its mails have left, or the cohorts have changed since."),
            )
        else:
            for sentence in rule_sentences([error.rule]):
                messages.error(request, sentence)
    else:
        messages.success(request, _("Taken back. Everything is as it was before, and nobody has heard of it."))
    return redirect("term_cohorts", pk=repair.term_id)
