"""A gathering for the people who are invited to it: read, choose among dates, answer, enter."""

from datetime import datetime
from typing import Any

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
from sessions.gathering_choice import has_passed, takes_choices
from sessions.gathering_entries import gathering_entry_for
from sessions.models import Gathering, GatheringAnswer, GatheringChoice
from sessions.services.answer_links import (
    LinkExpired,
    LinkRefused,
    choosing_behind,
    gathering_token,
    invitation_behind,
)
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
NONE = "none"
"""Named by the mail's link for who can come on none of the dates."""


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
    return render(
        request,
        "sessions/gathering.html",
        {
            "gathering": found,
            "term": found.term,
            "mine": mine,
            **_dates(found, request.user, now),
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
        _keep_choice(request, found, request.user, clock.now())
    return redirect("gathering", pk=found.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_choose_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever holds a mail's link the dates to choose from, the tapped one ticked; a POST keeps what is ticked.

    A GET writes nothing. Once the date stands, the link leads to where one says whether one comes.
    """
    now = clock.now()
    try:
        mine = choosing_behind(token=token, now=now)
    except LinkExpired as error:
        return gone(request, error.why, of="gathering")
    except LinkRefused as error:
        raise Http404 from error
    found = mine.gathering
    if request.method == "POST":
        _keep_choice(request, found, mine.person, now)
        return redirect("gathering_choose_link", token=token)
    if found.status == Status.CONFIRMED:
        return redirect("gathering_link", token=gathering_token(mine))
    with timezone.override(mine.person.zone):
        dates = _dates(
            found, mine.person, now, tapped=request.GET.get("date", ""), has_chosen=mine.chose_at is not None
        )
        return render(
            request,
            "sessions/gathering_choose_link.html",
            {"token": token, "mine": mine, "gathering": found, "term": found.term, **dates},
            status=200 if dates["is_open"] else 410,
        )


def _dates(
    found: Gathering, person: Person, now: datetime, *, tapped: str = "", has_chosen: bool = False
) -> dict[str, Any]:
    """Return a gathering's dates as somebody chooses among them: each with whether it is ticked, and has passed.

    A date that was `tapped` in a mail is ticked with those that are kept, and none is where "none" was; nothing is
    written. `not_sent` says which of the two waits to be sent. No dates once one stands.
    """
    if found.status != Status.ASKING:
        return {"options": [], "is_open": False}
    kept = set(GatheringChoice.objects.filter(option__gathering=found, person=person).values_list("option", flat=True))
    options = [
        (one, str(one.pk) == tapped or (one.pk in kept and tapped != NONE), has_passed(one, now))
        for one in found.options.order_by("starts_at")
    ]
    left = [one.pk for one, _ticked, passed in options if not passed]
    if tapped == NONE:
        not_sent = NONE if kept or not has_chosen else ""
    else:
        not_sent = "date" if any(str(pk) == tapped and pk not in kept for pk in left) else ""
    return {"options": options, "is_open": takes_choices(found, now) and bool(left), "not_sent": not_sent}


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


def _keep_choice(request: HttpRequest, found: Gathering, person: Person, now: datetime) -> None:
    """Keep the dates that were ticked, and say what came of it. None is an answer; what names no date is not."""
    sent = request.POST.getlist("option")
    options = [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 19]
    if sent and not options:
        return
    try:
        stands = choose_times(gathering_id=found.pk, person=person, options=options, now=now)
    except GatheringRefused:
        messages.info(request, _("Choosing has closed meanwhile, or the date stands already. Nothing was changed."))
    except TimeTaken:
        messages.error(request, _("You are booked for another dialogue at this time."))
    else:
        coming = _("Thank you. We look forward to seeing you.")
        messages.success(request, coming if stands else _("Thank you. We tell you as soon as the date stands."))


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
