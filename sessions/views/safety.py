"""What the safety contacts of a programme look at: the marks that facilitators have set, and who took them up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dialogue import clock
from dialogue.context_processors import nav_of
from dialogue.views.paging import page_of
from sessions.models import SafetyMark
from sessions.services.safety import take_up

MARKS_ON_A_PAGE = 30


@login_required
@never_cache
@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """List the marks of the reader's programmes, the open ones first. Who is no safety contact gets 404."""
    if not nav_of(request).listens:
        raise Http404
    rows = SafetyMark.objects.told_to(request.user).select_related(
        "session__cohort__term__programme", "author", "taken_up_by"
    )
    ordered = rows.order_by(F("taken_up_at").desc(nulls_first=True), "-given_at", "-pk")
    return render(request, "sessions/safety.html", {"page": page_of(request, ordered, size=MARKS_ON_A_PAGE)})


@require_POST
@login_required
def safety_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the reader looks after a mark."""
    mark = get_object_or_404(SafetyMark.objects.told_to(request.user), pk=pk)
    try:
        take_up(mark_id=mark.pk, reader=request.user, now=clock.now())
    except SafetyMark.DoesNotExist:  # somebody else was quicker, or the author took it back
        messages.info(request, _("Somebody has taken this up already."))
    else:
        messages.success(request, _("Noted. The other safety contacts see that you have taken it up."))
    return redirect("safety")
