"""Into the video of a session: the link or token of one person, and what a browser needs for our own room."""

import time

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.templatetags.madoi import san
from sessions.core.door import Door
from sessions.models import DialogueSession
from sessions.reading import glance_at
from sessions.video import Video, call_of, video_link, video_of
from sessions.views.room_pass import signed_in_or_by_link


def _theirs(request: HttpRequest, pk: int) -> DialogueSession:
    rows = DialogueSession.objects.of(request.user)
    return get_object_or_404(rows.select_related("cohort__term__programme", "facilitator", "joint_with"), pk=pk)


@signed_in_or_by_link
@never_cache
@require_safe
def session_video(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead somebody of the session to its video while the door is open; otherwise to the page that says when."""
    session = _theirs(request, pk)
    link = video_link(session, name=request.user.preferred_name, wall=time.time())
    if glance_at(session=session, now=clock.now()).door is not Door.OPEN or not link:
        return redirect("session_enter", pk=session.pk)
    return HttpResponseRedirect(link, headers={"Referrer-Policy": "no-referrer"})


@signed_in_or_by_link
@never_cache
@require_safe
def session_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a browser who is in the own room and how to reach them; 409 while the door is not open."""
    session = _theirs(request, pk)
    if video_of(session) != Video.OWN:
        raise Http404
    now = clock.now()
    if glance_at(session=session, now=now).door is not Door.OPEN:
        return JsonResponse({}, status=409)
    call = call_of(session, reader=request.user, now=now, wall=time.time())
    return JsonResponse(call | {"people": {key: san(name) for key, name in call["people"].items()}})
