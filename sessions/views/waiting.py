"""Everybody of a term who waits, for its coordinators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.waiting_people import waiting_in, waiting_lines

PEOPLE_ON_A_PAGE = 50


@login_required
@require_safe
def term_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """List who waits, the longest wait first."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    people = page_of(request, waiting_in(term), size=PEOPLE_ON_A_PAGE)
    lines = waiting_lines(list(people), term=term, now=clock.now(), zone=zone_named(term.zone))
    return render(
        request,
        "sessions/coordinator/term_waiting.html",
        {"term": term, "tab": "participations", "page": people, "lines": lines},
    )
