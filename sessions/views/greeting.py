"""The people of a circle, and the card that each may show to the others before the first session."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dialogue import clock
from dialogue.models import Cohort, Membership
from dialogue.sharing import line_before_sending
from sessions.greeting_form import GreetingForm
from sessions.greetings import people_of_circle
from sessions.models import GreetingCard
from sessions.services.greeting import CircleClosed, show_card, take_card_back
from sessions.services.noting import is_open


@login_required
@never_cache
@require_safe
def circle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the people of a cohort to those who sit in it: names, and what each shows of themselves."""
    rows = Cohort.objects.meeting_with(request.user).select_related("term__programme", "facilitation__person")
    cohort = get_object_or_404(rows, pk=pk)
    people = people_of_circle(cohort, reader=request.user) if is_open(cohort, now=clock.now()) else []
    me = next((one for one in people if one.person_id == request.user.pk), None)
    context = {"cohort": cohort, "people": people, "belongs": me is not None}
    return render(request, "sessions/circle.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def greeting_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a member write the card that their cohort reads, and write it again."""
    mine = _membership(request, pk)
    now = clock.now()
    if not is_open(mine.cohort, now=now):
        return redirect("circle", pk=pk)
    card = GreetingCard.objects.readable_by(request.user).filter(cohort=pk, person=request.user).first()
    form = GreetingForm(
        request.POST if request.method == "POST" else None,
        given=mine.participation.interests,
        initial={"interests": card.interests, "question": card.question, "line": card.line} if card else {},
    )
    line = None
    if form.is_valid():
        kept = card.line if card else ""
        line = line_before_sending(text=form.cleaned_data["line"], kept=kept, sent=request.POST, cohort_id=pk)
        if line is None and _shown(request, form, pk, now):
            return redirect("circle", pk=pk)
    context = {"cohort": mine.cohort, "form": form, "line": line, "card": card}
    return render(request, "sessions/greeting_card.html", context)


@require_POST
@login_required
def greeting_card_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own card."""
    _membership(request, pk)
    if take_card_back(cohort_id=pk, person=request.user):
        messages.success(request, _("Your card is gone."))
    return redirect("circle", pk=pk)


def _membership(request: HttpRequest, cohort: int) -> Membership:
    """Return the reader's own place in the cohort.

    Raises:
        Http404: they do not belong to it today.
    """
    rows = Membership.objects.filter(participation__person=request.user, left_at__isnull=True)
    return get_object_or_404(rows.select_related("cohort__term__programme", "participation"), cohort=cohort)


def _shown(request: HttpRequest, form: GreetingForm, cohort: int, now: datetime) -> bool:
    """Show the card and return whether it stands; otherwise the form says why not."""
    given = form.cleaned_data
    try:
        show_card(
            cohort_id=cohort,
            person=request.user,
            interests=given.get("interests", []),
            question=given["question"],
            line=given["line"],
            now=now,
        )
    except Membership.DoesNotExist as error:
        raise Http404 from error
    except (CircleClosed, ValueError):
        form.add_error(None, _("The circle has changed meanwhile, so the card was not shown. Please look again."))
        return False
    messages.success(request, _("Your circle can read your card now."))
    return True
