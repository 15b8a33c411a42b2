"""The session guide (進行表), for whoever leads a session: on a phone beside the video, or on paper."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from sessions.coaching import COACHING
from sessions.core.guide.arcs import Kind
from sessions.guide_form import GuideForm
from sessions.guide_words import cautions_in_words
from sessions.guiding import asks_of, circle_of, guide_of, is_last_of_its_series, minutes_of, rows_of, wished_depth
from sessions.models import DialogueSession
from sessions.reading import glance_at, prompts_of
from sessions.voice_words import hints_of, last_figure_before, rests_on


def _to_room(wish: Mapping[str, Any]) -> str:
    """Return what goes along to the room, where whoever leads finds it ticked before they begin."""
    ticked = urlencode({name: "on" for name in ("gently", "without_third") if wish.get(name)})
    return f"?{ticked}" if ticked else ""


@login_required
@require_safe
def session_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the timed steps for those who come. Cohorts that meet together have one guide, that of the room's cohort."""
    rows = DialogueSession.objects.looked_after_by(request.user).select_related(
        "cohort__term__programme", "facilitator", "joint_with"
    )
    session = get_object_or_404(rows, pk=pk)
    held = session.joint_with or session
    glance = glance_at(session=session, now=clock.now())
    circle = circle_of(held)
    if glance.cancelled or not circle:
        words = {"heading": _("Session guide"), "text": _("This session does not take place, so it has no guide.")}
        return render(request, "sessions/later.html", {"glance": glance, **words})
    form = GuideForm(request.GET if "late" in request.GET else None, circle=circle, minutes=minutes_of(held))
    wish = form.cleaned_data if form.is_valid() else form.usual()
    without = [Kind.SHIFT] if wish.get("without_third") else []
    guide = guide_of(held, circle, missing=wish["missing"], late_minutes=wish["late"], without=without)
    begins = held.starts_at + timedelta(minutes=wish["late"])
    figure = last_figure_before(held)
    return render(
        request,
        "sessions/guide.html",
        {
            "glance": glance,
            "form": form,
            "steps": rows_of(
                guide,
                begins=begins,
                circle=circle,
                prompts=prompts_of(held),
                asks=asks_of(held, circle, missing=wish["missing"]),
                gently=wish["gently"],
                is_last=is_last_of_its_series(held),
            ),
            "spare_minutes": guide.spare // 60,
            "share": round(guide.equal_share * 100),
            "cautions": cautions_in_words(guide),
            "gently": wish["gently"],
            "to_room": _to_room(wish),
            "coaching": COACHING,
            "leads_room": session.facilitator_id == request.user.pk,
            "hints": hints_of(figure),
            "rests_on": rests_on(figure),
            "depth": wished_depth(held),
            "some_bring_cards": any(one.brings_cards for one in circle),
        },
    )
