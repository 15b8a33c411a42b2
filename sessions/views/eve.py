"""前日のしおり: what whoever leads a session wants to know on the evening before, on one screen of a phone."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dialogue import clock
from sessions.core.guide.arcs import Kind
from sessions.greetings import people_of_circle
from sessions.guide_words import STEPS
from sessions.guiding import wished_depth
from sessions.models import DialogueSession
from sessions.people_reading import by_answer, expected_at, said_about
from sessions.reading import glance_at, prompts_of

OPENING: Final = (Kind.ARRIVE, Kind.SCENE)
"""The steps whose opening sentences stand there at once: the first words, and those that begin to tell."""

LATER: Final = (Kind.AGREEMENTS, Kind.DECISION, Kind.OPEN_QUESTIONS, Kind.CHECK_OUT)
"""The steps whose opening sentences are folded away; the guide has them all."""


@login_required
@never_cache
@require_safe
def session_eve(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who comes, how deep, the prompts and the sentences to begin with, to whoever leads or coordinates."""
    rows = DialogueSession.objects.looked_after_by(request.user).select_related(
        "cohort__term__programme", "facilitator"
    )
    session = get_object_or_404(rows, pk=pk)
    glance = glance_at(session=session, now=clock.now())
    if glance.cancelled:
        words = {
            "heading": _("The evening before"),
            "text": _("Please do not come at this time. It also says so in your calendar."),
        }
        return render(request, "sessions/later.html", {"glance": glance, **words})
    people = people_of_circle(session.cohort, reader=request.user)
    expected = expected_at(session)
    facilitates = session.facilitator_id == request.user.pk
    return render(
        request,
        "sessions/eve.html",
        {
            "glance": glance,
            "groups": by_answer((one.answer, one.name) for one in expected),
            "some_bring_cards": any(one.brings_cards for one in expected),
            "said": said_about(session, with_hellos=facilitates),
            "cards": [one for one in people if one.interests or one.line],
            "depth": wished_depth(session),
            "prompts": prompts_of(session),
            "opening": [(STEPS[kind].name, STEPS[kind].say) for kind in OPENING],
            "later": [(STEPS[kind].name, STEPS[kind].say) for kind in LATER],
        },
    )
