"""The lists of a term as files, for those who coordinate it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.downloads import FORMS, download
from dialogue.models import Term
from sessions.list_files import LISTS, TooLong, sheet_of


@login_required
@require_safe
def term_list_file(request: HttpRequest, pk: int, what: str, form: str) -> HttpResponse:
    """Return a list of a term as an Excel workbook or CSV, narrowed as its page was."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    if what not in LISTS or form not in FORMS:
        raise Http404
    now = clock.now()
    try:
        sheet = sheet_of(what, term, request.GET, now=now)
    except TooLong:
        messages.warning(request, _("This list is too long for one file. Narrow it first."))
        return redirect("term", pk=term.pk)
    today = timezone.localdate(now, timezone=zone_named(term.zone))
    return download(sheet, form=form, filename=f"{term.name} {sheet.name} {today:%Y-%m-%d}.{form}")
