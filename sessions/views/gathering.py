"""A gathering for the people who are invited to it: read, choose among dates, answer, enter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from sessions.core.door import door_at, opens_at
from sessions.models import Gathering, GatheringAnswer, GatheringChoice
from sessions.services.booking import TimeTaken
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import GatheringRefused
from sessions.splitting import apart_of
from sessions.views.gatherings import coordinated

Status = Gathering.Status


@login_required
@never_cache
@require_safe
def gathering(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a gathering: to its coordinator with every answer, to who is invited with their own."""
    rows = Gathering.objects.select_related("term__programme")
    managed = rows.managed_by(request.user).filter(pk=pk).first()
    if managed is not None and "as" not in request.GET:
        return coordinated(request, managed)
    found = get_object_or_404(rows.of(request.user), pk=pk)
    now = clock.now()
    has_time = found.starts_at is not None
    mine = GatheringAnswer.objects.get(gathering=found, person=request.user)
    chosen = set(
        GatheringChoice.objects.filter(option__gathering=found, person=request.user).values_list("option", flat=True)
    )
    return render(
        request,
        "sessions/gathering.html",
        {
            "gathering": found,
            "term": found.term,
            "mine": mine,
            "options": [(option, option.pk in chosen) for option in found.options.order_by("starts_at")]
            if found.status == Status.ASKING
            else [],
            "over": has_time and found.ends_at <= now,
            "door": door_at(starts_at=found.starts_at, ends_at=found.ends_at, now=now) if has_time else "",
            "opens_at": opens_at(starts_at=found.starts_at) if has_time else None,
            "apart": apart_of(found, request.user) if found.splits_at else [],
            "has_split": found.splits_at is not None and found.splits_at <= now,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which of the alternatives suit. A GET changes nothing."""
    found = get_object_or_404(Gathering.objects.of(request.user), pk=pk)
    if request.method == "POST":
        sent = request.POST.getlist("option")
        options = [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 19]
        try:
            stands = choose_times(gathering_id=found.pk, person=request.user, options=options, now=clock.now())
        except GatheringRefused:
            messages.info(request, _("The date has been settled meanwhile."))
        except TimeTaken:
            messages.error(request, _("You are booked for another dialogue at this time."))
        else:
            coming = _("Thank you. We look forward to seeing you.")
            messages.success(request, coming if stands else _("Thank you. We tell you as soon as the date stands."))
    return redirect("gathering", pk=found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep whether somebody comes. A GET changes nothing."""
    found = get_object_or_404(Gathering.objects.of(request.user), pk=pk)
    if request.method == "POST" and request.POST.get("answer") in ("yes", "no"):
        comes = request.POST["answer"] == "yes"
        try:
            answer_gathering(gathering_id=found.pk, person=request.user, comes=comes, now=clock.now())
        except GatheringRefused:
            messages.info(request, _("This gathering takes no more answers."))
        except TimeTaken:
            messages.error(request, _("You are booked for another dialogue at this time."))
        else:
            thanks = _("Thank you. We look forward to seeing you.")
            later = _("Thank you for telling us. You get the short version afterwards.")
            messages.success(request, thanks if comes else later)
    return redirect("gathering", pk=found.pk)
