"""A gathering for the people who are invited to it: read, choose among dates, answer, enter."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from dialogue.models import Person
from sessions.core.door import door_at, opens_at
from sessions.gathering_entries import gathering_entry_for
from sessions.models import Gathering, GatheringAnswer, GatheringChoice
from sessions.services.answer_links import LinkExpired, LinkRefused, invitation_behind
from sessions.services.booking import TimeTaken
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import GatheringMoved, GatheringRefused
from sessions.splitting import apart_of
from sessions.views.adding import put_into_calendar
from sessions.views.answer_link import gone
from sessions.views.gatherings import coordinated
from sessions.views.start_said import start_said

Status = Gathering.Status
ANSWERS = ("yes", "no")


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
    mine = GatheringAnswer.objects.select_related("gathering").get(gathering=found, person=request.user)
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
    if request.method == "POST" and request.POST.get("answer") in ANSWERS:
        given_for = start_said(request, otherwise=found.starts_at)
        if not _keep_answer(request, found, request.user, clock.now(), given_for=given_for):
            moved = get_object_or_404(Gathering.objects.of(request.user).select_related("term__programme"), pk=pk)
            mine = GatheringAnswer.objects.select_related("gathering").get(gathering=moved, person=request.user)
            context = {"gathering": moved, "term": moved.term, "mine": mine}
            return render(request, "sessions/gathering_moved.html", context, status=409)
    return redirect("gathering", pk=found.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever holds a mail's link the gathering with its two answers, the tapped one first; a POST keeps one.

    A GET writes nothing, whatever the address says: programs that check mails for harm follow every link in them.
    """
    now = clock.now()
    try:
        mine = invitation_behind(token=token, now=now)
    except LinkExpired as error:
        return gone(request, error.why, of="gathering")
    except LinkRefused as error:
        raise Http404 from error
    found = mine.gathering
    if request.method == "POST" and request.POST.get("answer") in ANSWERS:
        given_for = start_said(request, otherwise=found.starts_at)
        _keep_answer(request, found, mine.person, now, given_for=given_for)
        return redirect("gathering_link", token=token)
    tapped = request.GET.get("answer", "")
    with timezone.override(mine.person.zone):
        return render(
            request,
            "sessions/gathering_link.html",
            {
                "token": token,
                "mine": mine,
                "gathering": found,
                "term": found.term,
                "tapped": tapped if tapped in ANSWERS and tapped != mine.answer else "",
            },
        )


@never_cache
@require_safe
def gathering_link_add(request: HttpRequest, token: str, where: str) -> HttpResponse:
    """Lead whoever holds a mail's link to the form of the calendar that is named, or give the file."""
    try:
        mine = invitation_behind(token=token, now=clock.now())
    except LinkExpired as error:
        return gone(request, error.why, of="gathering")
    except LinkRefused as error:
        raise Http404 from error
    with timezone.override(mine.person.zone):
        entry = gathering_entry_for(mine.gathering, mine.person)
        return put_into_calendar(entry, where, file_name=f"madoi-{mine.gathering.kind}.ics")


def _keep_answer(
    request: HttpRequest, found: Gathering, person: Person, now: datetime, *, given_for: datetime | None
) -> bool:
    """Keep the answer that was pressed, and say what came of it; False where the gathering is at another time now."""
    comes = request.POST["answer"] == "yes"
    try:
        answer_gathering(gathering_id=found.pk, person=person, comes=comes, now=now, given_for=given_for)
    except GatheringMoved:
        return False
    except GatheringRefused:
        messages.info(request, _("This gathering takes no more answers."))
    except TimeTaken:
        messages.error(request, _("You are booked for another dialogue at this time."))
    else:
        thanks = _("Thank you. We look forward to seeing you.")
        later = _("Thank you for telling us. You get the short version afterwards.")
        messages.success(request, thanks if comes else later)
    return True
