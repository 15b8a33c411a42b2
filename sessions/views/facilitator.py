"""What a facilitator looks after: who comes, and a record that takes two minutes."""

from collections import defaultdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from dialogue.views.paging import page_of
from sessions.core.lifecycle import IllegalMove
from sessions.forms import RecordForm
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, SessionPrompt
from sessions.people_reading import Group, Named, by_answer, in_kana_order
from sessions.reading import glance_at, glances_at
from sessions.services.writing import NotYet, save_record

SESSIONS_ON_A_PAGE = 50
COMES = {Attendance.Answer.YES, Attendance.Answer.LATE}


@login_required
@require_safe
def facilitator(request: HttpRequest) -> HttpResponse:
    """List the sessions that this person facilitates: who answered what, and which records are due."""
    now = clock.now()
    rows = DialogueSession.objects.facilitated_by(request.user).order_by("starts_at", "pk").seen()
    glances = glances_at(rows=rows, now=now)
    coming = [one for one in glances if not one.over]
    past = [one for one in reversed(glances) if one.over and not one.record_is_due]
    listed = page_of(request, [*coming, *past], size=SESSIONS_ON_A_PAGE)
    shown = [one for one in listed if not one.over]
    answers = _answers([one.seen.pk for one in shown if not one.cancelled])
    return render(
        request,
        "sessions/facilitator.html",
        {
            "due": [one for one in glances if one.record_is_due],
            "coming": [(one, answers.get(one.seen.pk, [])) for one in shown],
            "past": [one for one in listed if one.over],
            "page": listed,
            "has_none": not glances,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down the record of a session from its own facilitator, and take it down again when it was wrong."""
    rows = DialogueSession.objects.facilitated_by(request.user).as_seen_by(request.user)
    session = get_object_or_404(rows, pk=pk)
    now = clock.now()
    glance = glance_at(session=session, now=now)
    if not glance.begun or glance.cancelled:
        words = {"heading": _("Record"), "text": _("You can write the record once the session has begun.")}
        return render(request, "sessions/later.html", {"glance": glance, **words})
    record = FacilitatorRecord.objects.filter(session=session).first()
    attendances = sorted(
        Attendance.objects.filter(session=session).select_related("person"), key=lambda one: in_kana_order(one.person)
    )
    form = RecordForm(
        request.POST or None,
        attendances=attendances,
        prompts=SessionPrompt.objects.filter(session=session).select_related("prompt").order_by("round"),
        initial=_what_we_know(record, attendances),
    )
    if form.is_valid():
        try:
            save_record(session_id=session.pk, author=request.user, now=now, **form.cleaned_data)
        except (NotYet, IllegalMove):
            form.add_error(None, _("This session was cancelled or moved meanwhile, so there is nothing to record."))
        else:
            messages.success(request, _("We have the record. Thank you."))
            return redirect("facilitator")
    return render(request, "sessions/record.html", {"glance": glance, "form": form, "record": record})


def _answers(session_ids: list[int]) -> dict[int, list[Group]]:
    """Return who answered what in each of these sessions. One query."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Attendance.objects.filter(session__in=session_ids)
    columns = ("session_id", "answer", *(f"person__{name}" for name in Named._fields))
    people: dict[int, Named] = {}
    given = []
    for session_id, answer, person_id, *names in rows.values_list(*columns):
        people.setdefault(person_id, Named(person_id, *names))
        given.append((session_id, answer, person_id))
    order = {pk: at for at, pk in enumerate(sorted(people, key=lambda pk: in_kana_order(people[pk])))}
    for session_id, answer, person_id in sorted(given, key=lambda one: order[one[2]]):
        found[session_id].append((answer, people[person_id].preferred_name))
    return {pk: by_answer(answers) for pk, answers in found.items()}


def _what_we_know(record: FacilitatorRecord | None, attendances: list[Attendance]) -> dict[str, object]:
    """Return what the form shows first: the record as it was saved, else attendance as people announced it."""
    if record is None:
        return {"came": [str(one.person_id) for one in attendances if one.answer in COMES]}
    return {
        "came": [str(one.person_id) for one in attendances if one.came],
        "moved_by": str(record.moved_by_id or ""),
        "next_depth": record.next_depth,
        "follow_up": record.follow_up,
    }
