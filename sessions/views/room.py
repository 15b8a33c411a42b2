"""The room of a session: one page around the video, which the stream keeps true, and what its buttons send."""

import json
import time
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dialogue import clock
from sessions.arc import agreements
from sessions.company import people_of
from sessions.core import room as rules
from sessions.core.room import Event, NotNow
from sessions.models import DialogueSession, Room, SmallStep
from sessions.reading import Glance, glance_at, step_before
from sessions.room_reading import (
    asks_in_words,
    clock_words,
    flags,
    goers,
    later_steps,
    next_speaker,
    parts_of,
    sitters_of,
    snapshot,
    takers,
)
from sessions.room_words import NOT_NOW, OUTRUN, READ_FIRST, SHUT
from sessions.services.agreeing import agree, needs_to_agree, who_has_not_agreed
from sessions.services.beginning import begin_as_ticked
from sessions.services.reopening import StaysClosed, opens_until, reopen
from sessions.services.room_signals import NoSuchReceiver, send_signal
from sessions.services.rooms import NoRoom, Shut, TooLate, act, enter, fresh, shut
from sessions.services.seating import NotAgreed, seat_beside
from sessions.video import BesideGuide, allowing, beside_guide
from sessions.views.room_pass import signed_in_or_by_link
from sessions.views.speaking import Answer, answer, asking, is_asked, note

TICKS: Final = ("gently", "without_third")
"""What whoever leads may tick beside the button to begin."""


@signed_in_or_by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the room as it stands, to those whose room it is, and let happen what they tap.

    A page that runs a script gets 204, or 409 with the newest state and a sentence; any other is led back here.
    """
    rows = DialogueSession.objects.of(request.user)
    if request.method == "POST":
        session = get_object_or_404(rows.select_related("cohort", "joint_with"), pk=pk)
        return _posted(request, session, session.joint_with or session)
    with_words = rows.select_related("cohort__term__programme", "facilitator", "joint_with__facilitator")
    session = get_object_or_404(with_words, pk=pk)
    held = session.joint_with or session
    now = clock.now()
    standing = Room.objects.filter(session=held).first()
    people = people_of(held)
    glance = glance_at(session=session, now=now)
    if (why := shut(held, people, in_use=standing is not None, now=now)) is not None:
        again = opens_until(held, now=now) if why is Shut.CLOSED else None
        words = {"glance": glance, "why": why, "heading": SHUT[why], "again": again}
        words["sat_here"] = any(one.person_id == request.user.pk for one in people)
        return render(request, "sessions/room_shut.html", words)
    if needs_to_agree(session=session, person=request.user):
        return render(request, "sessions/room_agree.html", {"glance": glance, "agreements": agreements()})
    counting = asking(request, session, held, people)
    if is_asked(request, counting):
        return render(request, "sessions/room_speaking.html", {"glance": glance, "counting": counting})
    state = rules.from_json(standing.state) if standing else fresh(held, people)
    seen = snapshot(state, version=standing.version if standing else 0, now=now, me=request.user.pk)
    here = request.GET.get("video") == "here"
    video = beside_guide(session, reader=request.user, here=here, wall=time.time())
    page = _page(request, session, held, seen, video) | {"counting": counting, "step": _step_of(request, glance, seen)}
    if page["table"]:
        mine = {int(key) for key, device in seen["shares"].items() if device == request.user.pk}
        page |= {"unagreed": who_has_not_agreed(people), "minors": state.minors, "beside": mine}
    return allowing(render(request, "sessions/room.html", page | {"glance": glance}), video, request)


def _page(
    request: HttpRequest, session: DialogueSession, held: DialogueSession, seen: dict[str, Any], video: BesideGuide
) -> dict[str, Any]:
    sitters = sitters_of(held, seen)
    names = {one.key: one.name for one in sitters}
    table = request.GET.get("table") == "1"
    return {
        "held": held,
        "seen": seen,
        "seen_json": json.dumps(seen),
        "place": seen["at"] + 1,
        "left_words": clock_words(seen["left"], gently=seen["gently"]),
        "rest": round(100 * max(seen["left"], 0) / max(seen["seconds"], 1)),
        "room_flags": flags(seen, me=request.user.pk, table=table),
        "sitters": sitters,
        "givable": [(key, names[key]) for key in takers(seen) if key in names],
        "goers": [(key, names[key]) for key in goers(seen, me=request.user.pk) if key in names],
        "reader_name": names.get(seen["reader"], ""),
        "speaker": names.get(seen["turn"], ""),
        "next_name": names.get(next_speaker(seen), ""),
        "asks": asks_in_words(seen, names),
        "parts": parts_of(held),
        "agreements": agreements(),
        "video": video,
        "later": later_steps(seen),
        "ticked": {name for name in TICKS if request.GET.get(name) == "on"},
        "table": table,
        "stream_url": f"{reverse('room', args=[session.pk])}stream/",
    }


def _step_of(request: HttpRequest, glance: Glance, seen: dict[str, Any]) -> SmallStep | None:
    """Return the reader's own small step for their check-in, unless others look at their device, too."""
    if request.GET.get("table") == "1" or request.user.pk in seen["shares"].values():
        return None
    step = step_before(request.user, glance)
    return None if step is None or step.status == SmallStep.Status.LET_GO else step


def _posted(request: HttpRequest, session: DialogueSession, held: DialogueSession) -> HttpResponse:
    now = clock.now()
    try:
        _let_happen(request, session, held, now)
        words = ""
    except NotNow as refused:
        words = str(NOT_NOW[refused.reason])
    except TooLate:
        words = str(OUTRUN)
    except NotAgreed:
        words = str(READ_FIRST)
    except NoRoom as nothing:
        words = str(SHUT[nothing.why])
    except (Room.DoesNotExist, StaysClosed):
        words = str(SHUT[Shut.CLOSED])
    if request.accepts("text/html"):
        if words:
            messages.error(request, words)
        query = "?table=1" if request.POST.get("table") == "1" else ""
        return redirect(f"{reverse('room', args=[session.pk])}{query}")
    if not words:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    newest = Room.objects.filter(session=held).first()
    state = (
        snapshot(rules.from_json(newest.state), version=newest.version, now=now, me=request.user.pk) if newest else None
    )
    return JsonResponse({"words": words, "room": state}, status=HTTPStatus.CONFLICT)


def _let_happen(request: HttpRequest, session: DialogueSession, held: DialogueSession, now: datetime) -> None:
    action = request.POST.get("action", "")
    if action == "agree_to_rules":
        agree(session=session, person=request.user, now=now)
    elif needs_to_agree(session=session, person=request.user):
        return
    elif action in set(Answer):
        answer(request, held, Answer(action), now=now)
    elif action == "speaking":
        note(request, held)
    elif action == "reopen":
        reopen(session_id=session.pk, person=request.user, now=now)
    elif action == Event.ARRIVE and not request.POST.get("whom"):
        enter(session_id=session.pk, person=request.user, now=now)
    elif action == Event.ARRIVE:
        said = numbers_of(request)
        agrees = request.POST.get("agrees") == "1"
        seat_beside(session=held, by=request.user.pk, whom=said["whom"], agrees=agrees, seen=said["seen"], now=now)
    else:
        standing = Room.objects.values_list("pk", flat=True).get(session=held)
        said = numbers_of(request)
        if action == Event.BEGIN:
            ticked = {name: request.POST.get(name) == "on" for name in TICKS}
            begin_as_ticked(room_id=standing, by=request.user.pk, seen=said["seen"], now=now, **ticked)
        else:
            act(room_id=standing, by=request.user.pk, event=event_of(action), now=now, **said)


def event_of(action: str) -> Event:
    try:
        return Event(action)
    except ValueError:
        raise Http404 from None


def numbers_of(request: HttpRequest) -> dict[str, Any]:
    """Return what a tap says beside its action. What cannot be read was not said."""

    def number(name: str) -> int | None:
        word = request.POST.get(name, "")
        return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else None

    return {"seen": number("version"), "whom": number("whom"), "steps": number("steps") or 0}


@require_POST
@signed_in_or_by_link
@never_cache
def room_signal(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass on what one browser in the room says to another; 409 where the other is not there."""
    session = get_object_or_404(DialogueSession.objects.of(request.user), pk=pk)
    standing = get_object_or_404(Room, session=session.joint_with_id or session.pk)
    receiver = request.POST.get("to", "")
    data = request.POST.get("data", "")
    try:
        # Written anew, in one line: a stream's events are told apart by empty ones.
        payload = json.dumps(json.loads(data), allow_nan=False)
        send_signal(
            room_id=standing.pk, sender=request.user.pk, receiver=int(receiver), payload=payload, now=clock.now()
        )
    except (ValueError, RecursionError):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except (NoSuchReceiver, Room.DoesNotExist):
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
