"""Who did what in a term, for those who coordinate it."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.models import Term
from dialogue.views.paging import filters_of, page_of
from sessions.term_log import LogFilter, entries_of, log_lines

ON_A_PAGE: Final = 50


@login_required
@require_safe
def term_log(request: HttpRequest, pk: int) -> HttpResponse:
    """List what was done in a term, the latest first."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    today = timezone.localdate(clock.now(), timezone=zone_named(term.zone))
    form = LogFilter(request.GET, term=term, today=today)
    page = page_of(request, entries_of(term, form), size=ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_log.html",
        {
            "term": term,
            "tab": "overview",
            "filter": form,
            "is_filtered": any(form.cleaned_data.values()),
            "page": page,
            "lines": log_lines(page, term),
            "query": filters_of(request),
        },
    )
