"""How time was shared in the sessions of a term: of circles, never of a person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.term_voices import figures_in, voice_lines

FIGURES_ON_A_PAGE = 50


@login_required
@require_safe
def term_voices(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a term of which a figure was kept, the latest first."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    page = page_of(request, figures_in(term), size=FIGURES_ON_A_PAGE)
    context = {"term": term, "tab": "sessions", "page": page, "lines": voice_lines(page)}
    return render(request, "sessions/coordinator/term_voices.html", context)
