"""ひとり練習: the room with people who are played, for a participant's try-out and a facilitator's rehearsal."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from sessions.arc import agreements
from sessions.core import room as rules
from sessions.core.room import NotNow, Phase
from sessions.models import Room
from sessions.practice_reading import practice_lines, practice_parts, practice_sitters
from sessions.room_reading import (
    asks_in_words,
    clock_words,
    flags,
    goers,
    later_steps,
    next_speaker,
    snapshot,
    takers,
)
from sessions.room_words import NOT_NOW, OUTRUN
from sessions.services.practising import begin_practice, end_practice
from sessions.services.rooms import TooLate, act, hurry
from sessions.views.room import event_of, numbers_of

WAYS = {"participant": False, "facilitator": True}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """Begin a practice, go on with one's own, or end it."""
    if request.method != "POST":
        standing = Room.objects.filter(practised_by=request.user).exists()
        return render(request, "sessions/practice.html", {"standing": standing})
    way = request.POST.get("as", "")
    if way == "end":
        end_practice(person=request.user)
        messages.success(request, _("The practice has ended. Nothing of it is kept."))
        return redirect("practice")
    if way not in WAYS:
        raise Http404
    begin_practice(person=request.user, leads=WAYS[way], now=clock.now())
    return redirect("practice_room")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice_room(request: HttpRequest) -> HttpResponse:
    """Show one's own practice as it stands, and let happen what one taps."""
    standing = Room.objects.filter(practised_by=request.user).first()
    now = clock.now()
    if standing is None or rules.advanced(rules.from_json(standing.state), now.timestamp()).phase is Phase.CLOSED:
        messages.info(request, _("The practice has ended. Nothing of it is kept."))
        return redirect("practice")
    if request.method == "POST":
        return _posted(request, standing)
    seen = snapshot(rules.from_json(standing.state), version=standing.version, now=now, me=request.user.pk)
    return render(request, "sessions/practice_room.html", _page(request, standing, seen))


def _page(request: HttpRequest, standing: Room, seen: dict[str, Any]) -> dict[str, Any]:
    sitters = practice_sitters(request.user, seen)
    names = {one.key: one.name for one in sitters}
    return {
        "seen": seen,
        "seen_json": json.dumps(seen),
        "place": seen["at"] + 1,
        "left_words": clock_words(seen["left"], gently=seen["gently"]),
        "rest": round(100 * max(seen["left"], 0) / max(seen["seconds"], 1)),
        "room_flags": flags(seen, me=request.user.pk),
        "sitters": sitters,
        "givable": [(key, names[key]) for key in takers(seen)],
        "goers": [(key, names[key]) for key in goers(seen, me=request.user.pk)],
        "reader_name": names.get(seen["reader"], ""),
        "speaker": names.get(seen["turn"], ""),
        "next_name": names.get(next_speaker(seen), ""),
        "asks": asks_in_words(seen, names),
        "parts": practice_parts(),
        "later": later_steps(seen),
        "lines": practice_lines(seen),
        "agreements": agreements(),
        "stream_url": f"{reverse('practice')}{standing.pk}/stream/",
    }


def _posted(request: HttpRequest, standing: Room) -> HttpResponse:
    now, words = clock.now(), ""
    action = request.POST.get("action", "")
    try:
        if action == "hurry":
            hurry(room_id=standing.pk, now=now, seen=numbers_of(request)["seen"])
        elif "to" not in request.POST:  # what browsers say to each other is for nobody here
            act(room_id=standing.pk, by=request.user.pk, event=event_of(action), now=now, **numbers_of(request))
    except NotNow as refused:
        words = str(NOT_NOW[refused.reason])
    except TooLate:
        words = str(OUTRUN)
    except Room.DoesNotExist:
        return redirect("practice")
    if request.accepts("text/html"):
        if words:
            messages.error(request, words)
        return redirect("practice_room")
    if not words:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    newest = Room.objects.filter(practised_by=request.user).first()
    state = (
        snapshot(rules.from_json(newest.state), version=newest.version, now=now, me=request.user.pk) if newest else None
    )
    return JsonResponse({"words": words, "room": state}, status=HTTPStatus.CONFLICT)
