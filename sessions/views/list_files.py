"""The lists of a term as files, for those who coordinate it, and who took which along."""

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.downloads import FORMS, download
from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.list_files import LISTS, sheet_of
from sessions.list_files.rows import TooLong
from sessions.list_files.taken import taken_in, taken_lines
from sessions.services.taking_lists import note_list_taken

ON_A_PAGE: Final = 50


@login_required
@require_safe
def term_list_file(request: HttpRequest, pk: int, what: str, form: str) -> HttpResponse:
    """Return a list of a term as an Excel workbook or CSV, narrowed as its page was, and write down who took it."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    if what not in LISTS or form not in FORMS:
        raise Http404
    now = clock.now()
    try:
        sheet = sheet_of(what, term, request.GET, now=now)
    except TooLong:
        messages.warning(request, _("This list is too long for one file. Narrow it first."))
        return redirect("term", pk=term.pk)
    sheet = replace(sheet, rows=list(sheet.rows))
    if request.method == "GET":
        narrowed = any(request.GET.values())
        note_list_taken(
            term=term, what=what, form=form, rows=len(sheet.rows), narrowed=narrowed, actor=request.user, now=now
        )
    today = timezone.localdate(now, timezone=zone_named(term.zone))
    return download(sheet, form=form, filename=f"{term.name} {sheet.name} {today:%Y-%m-%d}.{form}")


@login_required
@require_safe
def term_lists_taken(request: HttpRequest, pk: int) -> HttpResponse:
    """List who took which list of a term along, the latest first."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    page = page_of(request, taken_in(term), size=ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/lists_taken.html",
        {"term": term, "tab": "participations", "page": page, "lines": taken_lines(page)},
    )
