"""Ending somebody's place in a term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.models import Participation
from dialogue.services.cohorts import end_participation


@login_required
def participation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then end one person's place in a term."""
    participation = get_object_or_404(
        Participation.objects.managed_by(request.user).select_related("person", "term__programme"), pk=pk
    )
    if request.method == "POST":
        end_participation(participation_id=participation.pk, actor=request.user, now=clock.now())
        messages.success(
            request, _("%(name)s has left the term.") % {"name": participation.person.full_name or participation.person}
        )
        return redirect("term_people", pk=participation.term_id)
    membership = participation.memberships.filter(left_at__isnull=True).select_related("cohort").first()
    return render(
        request,
        "dialogue/participation_end.html",
        {
            "term": participation.term,
            "tab": "participations",
            "participation": participation,
            "cohort": membership.cohort if membership else None,
        },
    )
