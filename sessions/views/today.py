"""今日すること: the coordinator's morning, and the presses on it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dialogue import clock
from dialogue.context_processors import nav_of
from dialogue.models import Person, Term
from dialogue.views.paging import filters_of, page_of
from sessions.models import DialogueSession
from sessions.services.today import (
    LONGEST,
    HasRecord,
    NotOfThisKind,
    TooFar,
    ask_for_record,
    note_spoken,
    put_off,
    settle,
    take_back_spoken,
    take_up_again,
)
from sessions.today.kinds import Desk, Item, kinds
from sessions.today.morning import Section, desk_of, morning_of

SHOWN: Final = 8
"""Things of one kind on the page of all; the rest is one press away."""

ON_A_PAGE: Final = 50
USUALLY_LATER: Final = timedelta(days=3)


@login_required
@never_cache
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what needs a human today, by kind; with `kind=` everything of one kind."""
    if not nav_of(request).coordinates:
        raise Http404
    desk = desk_of(request.user, now=clock.now())
    morning = morning_of(desk)
    wanted = request.GET.get("kind", "")
    if wanted in kinds():
        found = [section for section in morning.sections if section.kind.name == wanted]
        page = page_of(request, found[0].items if found else [], size=ON_A_PAGE)
        shown = [_part(found[0], page.object_list, desk)] if found else []
    else:
        wanted, page = "", None
        shown = [_part(one, one.items[:SHOWN], desk) for one in morning.sections]
    return render(
        request,
        "sessions/coordinator/today.html",
        {
            "morning": morning,
            "sections": shown,
            "only": wanted,
            "page": page,
            "query": filters_of(request),
            "done": [(one, desk.day_of(one.at)) for one in morning.done],
            "tomorrow": desk.today + timedelta(days=1),
            "usual": desk.today + USUALLY_LATER,
            "latest": desk.today + LONGEST,
        },
    )


@require_POST
@login_required
def today_put_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one thing off to a day or, with `do=back`, take it up again."""
    desk, term = _desk_and_term(request, pk)
    kind, key = request.POST.get("kind", "")[:30], request.POST.get("key", "")[:60]
    if request.POST.get("do") == "back":
        if take_up_again(term=term, kind=kind, key=key):
            messages.success(request, _("It is back on the page."))
        return redirect("today")
    until = _day(request.POST.get("until", ""))
    if not key or until is None:
        messages.warning(request, _("Choose a day, and it comes back on that day."))
        return redirect("today")
    try:
        put_off(term=term, kind=kind, key=key, until=until, actor=request.user, now=desk.now, today=desk.today)
    except NotOfThisKind as error:
        raise Http404 from error
    except TooFar:
        messages.warning(request, _("Choose a day after today, within four months. Nothing was put off."))
    else:
        messages.success(request, _("It comes back on %(day)s.") % {"day": desk.day(until)})
    return redirect("today")


@require_POST
@login_required
def today_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one thing is settled, where no row could tell."""
    desk, term = _desk_and_term(request, pk)
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")[:60]
    if not key:
        raise Http404
    try:
        settle(term=term, kind=kind, key=key, actor=request.user, now=desk.now)
    except NotOfThisKind as error:
        raise Http404 from error
    messages.success(request, _("Settled. It is in the list of what is done."))
    return redirect("today")


@require_POST
@login_required
def today_spoken(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the reader spoke with somebody today or, with `do=back`, take it back."""
    desk, term = _desk_and_term(request, pk)
    person = _number(request.POST.get("person", ""))
    if request.POST.get("do") == "back":
        if take_back_spoken(term=term, person_id=person, on=desk.today, actor=request.user):
            messages.success(request, _("Taken back."))
        return redirect("today")
    try:
        note_spoken(term=term, person_id=person, on=desk.today, actor=request.user, now=desk.now)
    except Person.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Kept: you spoke with them on %(day)s.") % {"day": desk.day(desk.today)})
    return redirect("today")


@require_POST
@login_required
def record_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail a facilitator once more that a record is due."""
    session = get_object_or_404(DialogueSession.objects.managed_by(request.user), pk=pk)
    desk = desk_of(request.user, now=clock.now())
    try:
        ask_for_record(session_id=session.pk, actor=request.user, now=desk.now, today=desk.today)
    except HasRecord:
        messages.info(request, _("No record is missing there any more. Nothing was sent."))
    else:
        messages.success(request, _("The facilitator is asked by mail. It comes back here in two days if need be."))
    return redirect("today")


def _part(section: Section, items: Sequence[Item], desk: Desk) -> dict[str, Any]:
    """Return what the page shows of one kind: these of its things, each with its term where there are several.

    The kind hears of it.
    """
    section.kind.shown(items)
    several = len(desk.terms) > 1
    names = {pk: f"{term.programme.title} {term.name}" if several else "" for pk, term in desk.terms.items()}
    return {
        "kind": section.kind,
        "lines": [(item, names[item.term]) for item in items],
        "number": len(section.items),
        "more": len(section.items) - len(items),
    }


def _desk_and_term(request: HttpRequest, pk: int) -> tuple[Desk, Term]:
    term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
    return desk_of(request.user, now=clock.now()), term


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
