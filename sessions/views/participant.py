"""A session for the people in it: read about it, answer, enter the room, write for oneself."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from dialogue.context_processors import nav_of
from dialogue.models import Person
from dialogue.prepared import Prepared
from sessions.after_words import asked_of
from sessions.arc import ARC, agreements
from sessions.core.door import Door
from sessions.forms import AnswerForm, ReflectionForm, said_before
from sessions.models import Attendance, DialogueSession, Reflection, SmallStep
from sessions.people_reading import by_answer, expected_at, has_notebook, said_about
from sessions.reading import Glance, glance_at, glances_at, prompt_cards_of, step_before
from sessions.services.after import answered, is_asked
from sessions.services.answering import AnswerRefused, SessionMoved, answer
from sessions.services.link_signing import signed
from sessions.services.writing import keep_step, save_reflection
from sessions.thanks import THANKS
from sessions.video import door_of
from sessions.views.answer_link import next_after
from sessions.views.start_said import start_said
from sessions.voice_words import figure_of, picture_of
from sessions.why import why_here


def _visible(reader: int, session: int) -> QuerySet[DialogueSession, Any]:
    person = Person(pk=reader)
    return DialogueSession.objects.visible_to(person).seen_by(person).filter(pk=session)


_VISIBLE: Final = Prepared(_visible, reader=int, session=int)


@login_required
@require_safe
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session to its members, its facilitator and its coordinators; the latter two see the answers."""
    reader = request.user
    row = next(_VISIBLE.rows(reader=reader.pk, session=pk), None)
    if row is None:
        raise Http404
    [glance] = glances_at(rows=[row], now=clock.now())
    people = expected_at(glance.seen)
    me = next((one for one in people if one.person_id == reader.pk), None)
    mine = _mine(reader, glance)
    facilitates = glance.seen.facilitator_id == reader.pk
    coordinates = nav_of(request).runs(glance.seen.programme_id)
    return render(
        request,
        "sessions/session.html",
        {
            "glance": glance,
            "names": [one.name for one in people if not one.steps_in],
            "stepping_in": [one.name for one in people if one.steps_in],
            "groups": by_answer((one.answer, one.name) for one in people),
            "prompts": prompt_cards_of(glance.seen) if glance.shows_prompts else [],
            "attends": me is not None,
            "belongs": me is not None and not me.steps_in,
            "has_notebook": has_notebook(reader, glance.seen, people),
            "why": why_here(me) if me else "",
            "step": step_before(reader, glance) if me else None,
            "facilitates": facilitates,
            "coordinates": coordinates,
            "mine": mine,
            "brings_cards": me is not None and me.brings_cards,
            "alone_url": reverse("alone", args=[signed("alone", asked)]) if (asked := glance.seen.asked_alone) else "",
            "more": AnswerForm(initial=said_before(mine)) if mine else None,
            "next_start": next_after(mine) if mine and mine.answer == Attendance.Answer.NO else None,
            "said": said_about(glance.seen, with_hellos=facilitates) if facilitates or coordinates else [],
            "agreements": agreements(),
            "shared": picture_of(figure_of(glance.seen.joint_with_id or pk)) if glance.over else None,
            "arc": ARC,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an answer. A GET changes nothing: whoever signed in on the way lands on the session's page."""
    session = get_object_or_404(DialogueSession.objects.attended_by(request.user), pk=pk)
    if request.method != "POST":
        return redirect("session", pk=session.pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in texts))
        return redirect("session", pk=session.pk)
    chosen = form.cleaned_data["answer"]
    mine = session.attendances.select_related("session").filter(person=request.user).first()
    line, words = form.line(mine) if mine else None, form.words()
    try:
        answer(
            session_id=session.pk,
            person=request.user,
            answer=chosen,
            late_minutes=form.cleaned_data["late_minutes"] if chosen == Attendance.Answer.LATE else None,
            words=words.but_hello(mine.hello) if mine and line and words else words,
            given_for=start_said(request, otherwise=session.starts_at),
            now=clock.now(),
        )
    except SessionMoved:
        return _moved(request, session.pk)
    except (AnswerRefused, Attendance.DoesNotExist):
        messages.error(request, _("This session takes no more answers: it is over or was cancelled."))
    else:
        if line:  # the answer stands; only the hello waits for one more press
            context = {"session": session, "form": form, "line": line, "next": _way_back(request, pk)}
            return render(request, "sessions/before_sending.html", context)
        messages.success(request, _(THANKS[chosen]))
    return HttpResponseRedirect(_way_back(request, pk))


@login_required
@never_cache
@require_safe
def session_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead people of the session into its room while it is open; otherwise say when, or whom to call. Marks nothing.

    Where no video link was pasted, the room is Madoi's own.
    """
    rows = DialogueSession.objects.of(request.user)
    session = get_object_or_404(rows.select_related("cohort__term__programme", "facilitator", "joint_with"), pk=pk)
    glance = glance_at(session=session, now=clock.now())
    room = door_of(session)
    if glance.door is Door.OPEN and room:
        return HttpResponseRedirect(room, headers={"Referrer-Policy": "no-referrer"})
    if glance.door is Door.OPEN:
        return redirect("room", pk=session.pk)
    return render(request, "sessions/enter.html", {"glance": glance})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_reflection(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a participant write for themselves, once the session has begun. Nobody else gets further than 404."""
    rows = DialogueSession.objects.attended_by(request.user)
    rows = rows.select_related("cohort__term__programme", "facilitator", "joint_with")
    session = get_object_or_404(rows, pk=pk)
    now = clock.now()
    glance = glance_at(session=session, now=now)
    if not glance.begun or glance.cancelled:
        words = {"heading": _("My reflection"), "text": _("You can write here once the session has begun.")}
        return render(request, "sessions/later.html", {"glance": glance, **words})
    mine = Reflection.objects.of(request.user).filter(session=session).first()
    step = SmallStep.objects.of(request.user).filter(session=session).first()
    kept = {"text": mine.text if mine else "", "step": step.text if step else ""}
    form = ReflectionForm(request.POST or None, initial=kept)
    saved = request.method == "POST" and form.is_valid()
    if saved:
        save_reflection(session=session, author=request.user, text=form.cleaned_data["text"], now=now)
        if "step" in request.POST:
            keep_step(session=session, author=request.user, text=form.cleaned_data["step"], now=now)
    if request.accepts("text/html"):
        if not saved:
            context = {"glance": glance, "form": form, "mine": mine, "asked": [], "all_answered": False}
            if is_asked(session=session, person_id=request.user.pk, now=now):
                context["asked"] = asked_of(answered(session_id=session.pk, person_id=request.user.pk))
                context["all_answered"] = all(one.is_answered for one in context["asked"])
            return render(request, "sessions/reflection.html", context)
        messages.success(request, _("Saved. Only you can read it."))
        return redirect("session_reflection", pk=session.pk)
    return JsonResponse({"saved": saved, "errors": form.errors}, status=200 if saved else 422)


def _mine(reader: Person, glance: Glance) -> Attendance | None:
    """Return the reader's answer when there is more to say beside it: being late, or not coming."""
    if not glance.asks or glance.seen.my_answer not in {Attendance.Answer.LATE, Attendance.Answer.NO}:
        return None
    return Attendance.objects.select_related("session").filter(session=glance.seen.pk, person=reader).first()


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the session is at another time than the page showed, and ask again for that one. Nothing was kept."""
    [glance] = glances_at(rows=list(_VISIBLE.rows(reader=request.user.pk, session=pk)), now=clock.now())
    return render(request, "sessions/answer_moved.html", {"glance": glance, "next": _way_back(request, pk)}, status=409)


def _way_back(request: HttpRequest, pk: int) -> str:
    """Return the page that the form names, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("session", args=[pk])
