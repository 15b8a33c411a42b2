"""The coaching card as a page of its own, for beside the video. Everybody who is signed in may read it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dialogue.models import Term
from sessions.coaching import COACHING


@login_required
@require_safe
def coaching(request: HttpRequest) -> HttpResponse:
    """Show the card with the contact of the latest term in which the reader facilitates."""
    terms = Term.objects.filter(facilitations__person=request.user).exclude(contact="")
    contact = terms.order_by("-starts_on", "-pk").values_list("contact", flat=True).first()
    return render(request, "sessions/coaching.html", {"coaching": COACHING, "contact": contact or ""})
