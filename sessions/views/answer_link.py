"""Answering from a mail without signing in: whoever holds the link sees one session and its three answers.

A GET writes nothing, whatever the address says: programs that check mails for harm follow every link in them.
"""

import time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from sessions.copies import entry_for
from sessions.core.door import Door
from sessions.forms import AnswerForm, said_before
from sessions.models import Attendance, DialogueSession
from sessions.reading import glance_at, prompts_of
from sessions.services.answer_links import LinkExpired, LinkRefused, attendance_behind, revoke_answer_links
from sessions.services.answering import AnswerRefused, answer
from sessions.thanks import THANKS
from sessions.video import Video, video_link, video_of
from sessions.views.adding import put_into_calendar
from sessions.views.room_pass import to_room


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the session with the three answers, the tapped one chosen; a POST keeps the answer."""
    now = clock.now()
    try:
        mine = attendance_behind(token=token, now=now)
    except LinkExpired as error:
        return gone(request, error.why)
    except LinkRefused as error:
        raise Http404 from error
    with timezone.override(mine.person.zone):
        form = AnswerForm(request.POST or None, initial=_first_shown(request, mine))
        line = None
        if form.is_valid():
            given, words = form.cleaned_data, form.words()
            line = form.line(mine)
            try:
                answer(
                    session_id=mine.session_id,
                    person=mine.person,
                    answer=given["answer"],
                    late_minutes=given["late_minutes"] if given["answer"] == Attendance.Answer.LATE else None,
                    words=words.but_hello(mine.hello) if line and words else words,
                    given_for=mine.session.starts_at,
                    now=now,
                )
            except AnswerRefused:  # moved, cancelled or over since the page was asked for: the link says which
                return redirect("answer_link", token=token)
            if line is None:
                messages.success(request, _(THANKS[given["answer"]]))
                return redirect("answer_link", token=token)
            messages.info(request, _("Your answer is kept. The hello has not gone yet."))
        glance = glance_at(session=mine.session, now=now)
        return render(
            request,
            "sessions/answer_link.html",
            {
                "token": token,
                "mine": mine,
                "glance": glance,
                "form": form,
                "line": line,
                "say_more": bool(form.errors or line),
                "prompts": prompts_of(mine.session) if glance.shows_prompts else [],
                "next_start": next_after(mine),
            },
        )


@never_cache
@require_safe
def answer_link_enter(request: HttpRequest, token: str) -> HttpResponse:
    """Lead into the room while it is open; otherwise back to the link's page, which says when. Marks nothing."""
    now = clock.now()
    try:
        mine = attendance_behind(token=token, now=now)
    except LinkExpired as error:
        return gone(request, error.why)
    except LinkRefused as error:
        raise Http404 from error
    room = video_link(mine.session, name=mine.person.preferred_name, wall=time.time())
    if glance_at(session=mine.session, now=now).door is Door.OPEN and room:
        if video_of(mine.session) == Video.OWN:
            return to_room(session_id=mine.session_id, token=token)
        return HttpResponseRedirect(room, headers={"Referrer-Policy": "no-referrer"})
    return redirect("answer_link", token=token)


@never_cache
@require_safe
def answer_link_add(request: HttpRequest, token: str, where: str) -> HttpResponse:
    """Lead to the form of the calendar that is named, or give the file: this session's date, and nobody's name."""
    try:
        mine = attendance_behind(token=token, now=clock.now())
    except LinkExpired as error:
        return gone(request, error.why)
    except LinkRefused as error:
        raise Http404 from error
    with timezone.override(mine.person.zone):
        entry = entry_for(mine.session, mine.person)
        return put_into_calendar(entry, where, file_name=f"madoi-{mine.session.number}.ics")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link_off(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and then switch off the links in mails about this session: for who forwarded one by mistake."""
    try:
        mine = attendance_behind(token=token, now=clock.now())
    except LinkExpired as error:
        return gone(request, error.why)
    except LinkRefused as error:
        raise Http404 from error
    if "off" in request.POST:
        revoke_answer_links(attendance_id=mine.pk)
        return render(request, "sessions/answer_link_off_done.html")
    return render(request, "sessions/answer_link_off.html", {"token": token})


def next_after(mine: Attendance) -> DialogueSession | None:
    """Return a person's next session after the one they answered for: of that cohort; who steps in has their own."""
    session, rows = mine.session, DialogueSession.objects.all()
    theirs = rows.attended_by(mine.person) if mine.guest_id else rows.filter(cohort=session.cohort_id)
    later = theirs.filter(starts_at__gt=session.starts_at, status=DialogueSession.Status.CONFIRMED)
    return later.order_by("starts_at").first()


def _first_shown(request: HttpRequest, mine: Attendance) -> dict[str, object]:
    """Return what the form shows first: the answer that was tapped in the mail, else the one that is kept."""
    tapped = request.GET.get("answer", "")
    kept = said_before(mine)
    return {**kept, "answer": tapped} if tapped in {"yes", "late", "no"} else kept


def gone(request: HttpRequest, why: str, *, of: str = "session") -> HttpResponse:
    """Say why a link no longer counts: what it was `of`, session or gathering, is moved, put off, cancelled or over."""
    return render(request, "sessions/answer_link_gone.html", {"why": why, "of": of}, status=410)
