"""The terms of a coordinator by fiscal year, as a page and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue.core.sheet import Sheet
from dialogue.downloads import FORMS, download
from dialogue.models import Programme, Term
from sessions.years import Year, years_of


@login_required
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Show what came of the terms of each fiscal year, the latest year first."""
    return render(request, "sessions/coordinator/years.html", {"years": _years(request)})


@login_required
@require_safe
def years_file(request: HttpRequest, form: str) -> HttpResponse:
    """Return the same as an Excel workbook or CSV, a row for each term."""
    found = _years(request)
    if form not in FORMS:
        raise Http404
    sheet = Sheet(
        name=_("By fiscal year"),
        headings=(
            _("Fiscal year"), _("Programme"), _("Term"), _("People with a cohort"), _("Stayed"), _("Cohorts"),
            _("Sessions held"), _("Came"), _("Expected"),
        ),
        rows=(
            (year.year, term.programme.title, term.name, each.people, each.stayed, each.cohorts, each.held, each.came,
             each.expected)
            for year in found
            for term, each in year.terms
        ),
    )  # fmt: skip
    return download(sheet, form=form, filename=f"{sheet.name}.{form}")


def _years(request: HttpRequest) -> list[Year]:
    """Return the years of the reader's terms.

    Raises:
        Http404: they coordinate no programme.
    """
    if not Programme.objects.managed_by(request.user).exists():
        raise Http404
    return years_of(Term.objects.managed_by(request.user).select_related("programme"))
