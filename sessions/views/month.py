"""All sessions of a term, month by month."""

import re
from datetime import date, timedelta
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.models import Term
from sessions.models import DialogueSession
from sessions.term_month import month_to_open, weeks_of

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@login_required
@require_safe
def term_month(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a month of a term: that of `month` (2026-12), or else the one in which the next session is."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now, zone = clock.now(), zone_named(term.zone)
    asked = _MONTH.fullmatch(request.GET.get("month", "")[:7])
    first = date(int(asked[1]), int(asked[2]), 1) if asked else month_to_open(term, now=now, zone=zone)
    weeks = weeks_of(term, first, now=now, zone=zone)
    return render(
        request,
        "sessions/coordinator/term_month.html",
        {
            "term": term,
            "tab": "sessions",
            "first": first,
            "weeks": weeks,
            "days": [day.day for day in weeks[0]],
            "waiting": DialogueSession.objects.filter(
                cohort__term=term, status=DialogueSession.Status.PROPOSED
            ).count(),
            "is_empty": not any(day.entries for week in weeks for day in week),
            "before": f"{first - timedelta(days=1):%Y-%m}",
            "after": f"{first + timedelta(days=31):%Y-%m}",
        },
    )
