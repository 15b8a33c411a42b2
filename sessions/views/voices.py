"""How time was shared in the sessions of a term: of circles, never of a person."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.models import VoiceFigure
from sessions.voice_words import Picture, between_generations, hints_of, picture_of

FIGURES_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One session's figure in words."""

    figure: VoiceFigure
    picture: Picture | None
    between: Promise
    hints: list[str]


@login_required
@require_safe
def term_voices(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a term of which a figure was kept, the latest first."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    rows = VoiceFigure.objects.filter(session__cohort__term=term).select_related("session__cohort")
    page = page_of(request, rows.order_by("-session__starts_at", "-pk"), size=FIGURES_ON_A_PAGE)
    lines = [Line(one, picture_of(one), between_generations(one), hints_of(one)) for one in page]
    context = {"term": term, "tab": "sessions", "page": page, "lines": lines}
    return render(request, "sessions/coordinator/term_voices.html", context)
