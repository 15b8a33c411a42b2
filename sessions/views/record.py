"""The facilitator's record: two minutes, saved while it is made, finished with one press."""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.models import StaffRole
from dialogue.sharing import SEEN
from sessions.coaching import COACHING
from sessions.core.lifecycle import IllegalMove
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, SafetyMark, SessionPrompt
from sessions.people_reading import in_kana_order
from sessions.reading import glance_at
from sessions.record_form import RecordForm, was_in_the_room, what_we_know
from sessions.services.writing import NotYet, keep_record_draft, save_record
from sessions.voice_words import figure_of, hints_of, rests_on

KEEP, TELL = "keep", "tell"
"""What a form may ask for beside finishing: keep it half made; tell the safety contacts at once, and keep the rest."""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down a session's record from its own facilitator, bit by bit or at once, and again when it was wrong."""
    rows = DialogueSession.objects.facilitated_by(request.user).as_seen_by(request.user)
    session = get_object_or_404(rows, pk=pk)
    now = clock.now()
    glance = glance_at(session=session, now=now)
    if not glance.begun or glance.cancelled:
        words = {"heading": _("Record"), "text": _("You can write the record once the session has begun.")}
        return render(request, "sessions/later.html", {"glance": glance, **words})
    record = FacilitatorRecord.objects.filter(session=session).first()
    finished = record is not None and record.finished_at is not None
    marks = list(SafetyMark.objects.filter(session=session, author=request.user).order_by("pk"))
    attendances = sorted(
        Attendance.objects.filter(session=session).select_related("person"), key=lambda one: in_kana_order(one.person)
    )
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        attendances=attendances,
        prompts=SessionPrompt.objects.filter(session=session).select_related("prompt").order_by("round"),
        was_in_the_room=record is None and was_in_the_room(attendances),
        initial=what_we_know(record, attendances, next((one for one in marks if one.taken_up_at is None), None)),
    )
    names = False
    if request.method == "POST":
        wish = request.POST.get("do", "")
        names = wish != KEEP and SEEN not in request.POST and form.is_sound() and form.names_somebody()
        done = None if names else _done(request, session, form, wish, now, is_finished=finished)
        if done is not None:
            return done
        if not request.accepts("text/html"):
            return JsonResponse({"saved": False, "errors": form.errors}, status=422)
    figure = figure_of(session.joint_with_id or session.pk)
    roles = StaffRole.objects.filter(programme=glance.seen.programme_id, role=StaffRole.Role.SAFETY_CONTACT)
    return render(
        request,
        "sessions/record.html",
        {
            "glance": glance,
            "form": form,
            "record": record,
            "finished": finished,
            "marks": marks,
            "names": names,
            "is_heard": roles.exists(),
            "coaching": COACHING,
            "hints": hints_of(figure),
            "rests_on": rests_on(figure),
        },
    )


def _done(
    request: HttpRequest, session: DialogueSession, form: RecordForm, wish: str, now: datetime, *, is_finished: bool
) -> HttpResponse | None:
    """Do what the form asks for and say so; None where the form says what is missing."""
    if is_finished and wish == KEEP:  # another tab or device was quicker: what it finished stands
        return JsonResponse({"saved": False}, status=409)
    half = wish in {KEEP, TELL} and not is_finished
    if not (form.is_sound() if half else form.is_valid()):
        return None
    draft = form.draft()
    if half and wish == TELL and draft.safety is None:  # the press itself is the mark
        draft = replace(draft, safety="")
    said = {"session_id": session.pk, "author": request.user, "draft": draft, "now": now}
    try:
        record = keep_record_draft(**said, gives_mark=wish == TELL) if half else save_record(**said)
    except (NotYet, IllegalMove):
        form.add_error(None, _("This session was cancelled or moved meanwhile, so there is nothing to record."))
        return None
    as_page = request.accepts("text/html")
    if half and wish == KEEP:
        return JsonResponse({"saved": True, "version": record.saved_at.isoformat()})
    words = (
        _("The safety contacts know. The rest of the record is kept.") if half else _("We have the record. Thank you.")
    )
    messages.success(request, words)
    url = reverse("session_record", args=[session.pk]) if half else reverse("facilitator")
    return redirect(url) if as_page else JsonResponse({"saved": True, "url": url})
