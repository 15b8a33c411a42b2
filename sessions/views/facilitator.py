"""What a facilitator looks after: who comes, and which records are due."""

from collections import defaultdict

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.views.paging import page_of
from sessions.models import Attendance, DialogueSession
from sessions.people_reading import Group, Named, by_answer, in_kana_order
from sessions.reading import glances_at

SESSIONS_ON_A_PAGE = 50


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
