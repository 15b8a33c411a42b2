"""The switch of the quiet line before sending, for those who run a term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.models import Cohort
from dialogue.services.sharing import ask_own_scene


@login_required
@require_POST
def cohort_own_scene(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a cohort's members for scenes of their own before they send, or no longer."""
    cohort = get_object_or_404(Cohort.objects.managed_by(request.user), pk=pk)
    asks = request.POST.get("asks") == "yes"
    ask_own_scene(cohort_id=cohort.pk, asks=asks, now=clock.now(), actor=request.user)
    asked, left = _("The line is shown again before sending."), _("The line is no longer shown in this cohort.")
    messages.success(request, asked if asks else left)
    return redirect("cohort", pk=cohort.pk)
