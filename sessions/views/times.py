"""When the people of a term can come, for its coordinators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dialogue.core.wall_clock import zone_named
from dialogue.core.zone_names import zone_name
from dialogue.models import Term
from sessions.term_times import times_of

WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
NAMES_SHOWN = 30


@login_required
@require_safe
def term_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Show weekday × hour for each party, which time is missing, and who has not answered."""
    term = get_object_or_404(
        Term.objects.managed_by(request.user).select_related("programme").prefetch_related("closed_days"), pk=pk
    )
    times = times_of(term)
    return render(
        request,
        "sessions/coordinator/term_times.html",
        {
            "term": term,
            "tab": "participations",
            "times": times,
            "weekdays": WEEKDAYS,
            "zone": zone_name(zone=zone_named(term.zone), language=get_language() or "ja"),
            "unanswered": times.unanswered[:NAMES_SHOWN],
            "more": max(0, len(times.unanswered) - NAMES_SHOWN),
        },
    )
