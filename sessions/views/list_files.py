"""The lists of a term as files, for those who coordinate it, and who took which along."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.downloads import FORMS, download
from dialogue.models import AuditEntry, Term
from dialogue.views.paging import page_of
from sessions.list_files import LISTS, NAMES, TooLong, sheet_of
from sessions.services.taking_lists import ACTION, note_list_taken

ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A list that somebody took along: what, how many rows, whether it was narrowed, when and by whom."""

    name: str | Promise
    form: str
    rows: int
    is_narrowed: bool
    at: datetime
    by: str


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
    rows = AuditEntry.objects.filter(subject_key=f"term:{term.pk}", action=ACTION).select_related("actor")
    page = page_of(request, rows.order_by("-at", "-pk"), size=ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/lists_taken.html",
        {"term": term, "tab": "participations", "page": page, "lines": [_taken(one) for one in page]},
    )


def _taken(entry: AuditEntry) -> Taken:
    said, by = entry.detail, entry.actor
    return Taken(
        name=NAMES.get(said["list"], said["list"]),
        form={"xlsx": "Excel", "csv": "CSV"}.get(said["form"], said["form"]),
        rows=said["rows"],
        is_narrowed=said["narrowed"],
        at=entry.at,
        by=(by.full_name or by.preferred_name) if by else "",
    )
