"""How far the people of a term have come, for its coordinators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.models import Term
from sessions.funnel import funnel_of
from sessions.term_cohorts import SIDES


@login_required
@require_safe
def term_funnel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show from invited to finished how many people there are, each number a link to exactly those."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    reached, stands = funnel_of(term, now=clock.now())
    return render(
        request,
        "sessions/coordinator/term_funnel.html",
        {
            "term": term,
            "tab": "participations",
            "known": reached[0].total,
            "reached": reached,
            "stands": [line for line in stands if line.total],
            "generations": SIDES.items(),
        },
    )
