"""Attendance of a term, cohort by session, for its coordinators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.term_attendance import attendance_of

COHORTS_ON_A_PAGE = 50


@login_required
@require_safe
def term_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how many came to each session of each cohort, and how many say that they will."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    page = page_of(request, term.cohorts.order_by("number"), size=COHORTS_ON_A_PAGE)
    columns, rows = attendance_of(list(page), now=clock.now())
    return render(
        request,
        "sessions/coordinator/term_attendance.html",
        {"term": term, "tab": "sessions", "page": page, "columns": columns, "rows": rows},
    )
