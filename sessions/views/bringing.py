"""What a participant says on the page of a session about their value cards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from sessions.models import Attendance, DialogueSession
from sessions.services.bringing import NoCards, NothingToCome, bring_cards


@require_POST
@login_required
def session_cards(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the reader brings their cards or, with `do=leave`, that they do not."""
    session = get_object_or_404(DialogueSession.objects.attended_by(request.user), pk=pk)
    brings = request.POST.get("do") != "leave"
    try:
        bring_cards(session_id=session.pk, person=request.user, brings=brings, now=clock.now())
    except (NothingToCome, Attendance.DoesNotExist):
        messages.error(request, _("This session takes no more answers: it is over or was cancelled."))
    except NoCards:
        messages.error(request, _("You have no cards in your hand yet. Please choose a few first."))
        return redirect("values_choose")
    else:
        messages.success(request, _("You bring your cards.") if brings else _("You leave your cards at home."))
    return redirect("session", pk=session.pk)
