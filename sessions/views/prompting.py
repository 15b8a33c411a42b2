"""A cohort's prompts: the whole series with what speaks for each, and another in the place of one."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.deck_words import verdict_words
from dialogue.models import Cohort
from dialogue.prompt_words import reason_words
from dialogue.services.own_decks import DeckLacks
from dialogue.views.prompts import PromptLine, line_of
from sessions.models import DialogueSession, FacilitatorRecord, PromptWishes, SessionPrompt
from sessions.prompt_forms import PromptWishesForm
from sessions.prompt_plans import DepthWish, PlannedSeries, deck_of, is_fixed, planned_series
from sessions.services.prompting import DoesNotFit, PromptsFixed, draw_prompts_anew, replace_prompt

NextDepth = FacilitatorRecord.NextDepth
_WISHED = {
    NextDepth.SHALLOWER: gettext_lazy("The record of session %(number)s wishes that this one be a little lighter."),
    NextDepth.SAME: gettext_lazy("The record of session %(number)s wishes that this one be as deep."),
    NextDepth.DEEPER: gettext_lazy("The record of session %(number)s wishes that this one go a little deeper."),
}
REASONS = 3  # shown of each prompt, the weightiest: the fourth is mostly true of every prompt of the series
OFFERED = 12  # alternatives of the library on a page, best first: more would be a library to search, which there is


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLine:
    """A prompt in its place in words."""

    line: PromptLine
    round: int
    reasons: list[str]
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLines:
    """A session with its prompts; one that is fixed offers no change."""

    pk: int
    number: int
    starts_at: datetime
    fixed: bool
    places: list[PlaceLine]
    wish: str
    """What the record of the session before says of its depth; "" where none does."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_prompts(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a cohort's series of prompts; on POST keep the wishes and draw anew what nobody can have read."""
    rows = Cohort.objects.managed_by(request.user).select_related("term__programme", "term__own_deck", "own_deck")
    cohort = get_object_or_404(rows, pk=pk)
    now = clock.now()
    wishes = PromptWishes.objects.filter(cohort=cohort).first()
    # A form with nothing ticked is an answer too, so the method says whether one was sent.
    form = PromptWishesForm(request.POST if request.method == "POST" else None, cohort=cohort, wishes=wishes)
    if form.is_valid():
        try:
            drawn = draw_prompts_anew(cohort_id=cohort.pk, **form.said(), now=now, actor=request.user)
        except DeckLacks as lacking:
            form.say(lacking)
        else:
            if drawn:
                messages.success(request, _("The prompts have been drawn anew."))
            else:
                messages.success(request, _("Kept. It counts for the prompts of every session to come."))
            return redirect("cohort_prompts", pk=cohort.pk)
    series = planned_series(cohort, now=now)
    deck = None if cohort.draws_from_all else cohort.own_deck or cohort.term.own_deck
    return render(
        request,
        "sessions/coordinator/cohort_prompts.html",
        {
            "term": cohort.term,
            "tab": "cohorts",
            "cohort": cohort,
            "sessions": _lines(series),
            "begun": series.begun,
            "all_fixed": series.all_fixed,
            "deck": deck,
            "lacks": verdict_words(series.deck_verdict()) if deck else [],
            "form": form,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_prompt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Offer what could stand in one round of a session instead; on POST put it there."""
    rows = DialogueSession.objects.managed_by(request.user).select_related("cohort__term__programme")
    session = get_object_or_404(rows, pk=pk)
    stands = SessionPrompt.objects.filter(session=session, round=number).select_related("prompt__deck").first()
    if stands is None:
        raise Http404
    now = clock.now()
    if request.method == "POST":
        return _replaced(request, session, number, now)
    series = planned_series(session.cohort, now=now)
    wish = next((one.wish for one in series.sessions if one.session == session), None)
    fixed = is_fixed(session, now=now) or session.status == DialogueSession.Status.CANCELLED
    others = [] if fixed else series.others_for(session, number)
    own = [one for one in others if one[0].deck.programme_id is not None]
    of_all = [one for one in others if one[0].deck.programme_id is None]
    return render(
        request,
        "sessions/coordinator/session_prompt.html",
        {
            "term": session.cohort.term,
            "tab": "cohorts",
            "session": session,
            "number": number,
            "fixed": fixed,
            "stands": line_of(stands.prompt),
            "deck": deck_of(session.cohort) is not None,
            "wish": _wish_words(wish),
            # Every own prompt that fits can be given: they are few, and were written to be used.
            "others": [
                (line_of(prompt), reason_words(chosen.reasons[:REASONS]))
                for prompt, chosen in [*own, *of_all[:OFFERED]]
            ],
        },
    )


def _replaced(request: HttpRequest, session: DialogueSession, number: int, now: datetime) -> HttpResponse:
    try:
        changed = replace_prompt(
            session_id=session.pk, round_=number, slug=request.POST.get("slug", ""), now=now, actor=request.user
        )
    except PromptsFixed:
        messages.error(request, _("The prompts of this session can be read already, so they stay."))
    except DoesNotFit:
        messages.error(request, _("This prompt no longer fits the series. Please choose another."))
        return redirect("session_prompt", pk=session.pk, number=number)
    else:
        if changed:
            messages.success(request, _("The prompt has been replaced."))
    return redirect("cohort_prompts", pk=session.cohort_id)


def _wish_words(wish: DepthWish | None) -> str:
    if wish is None:
        return ""
    return str(_WISHED[wish.next_depth]) % {"number": wish.session}


def _lines(series: PlannedSeries) -> list[SessionLines]:
    return [
        SessionLines(
            pk=one.session.pk,
            number=one.session.number,
            starts_at=one.session.starts_at,
            fixed=one.fixed,
            wish=_wish_words(one.wish),
            places=[
                PlaceLine(
                    line=line_of(place.session_prompt.prompt),
                    round=place.round,
                    reasons=reason_words(place.chosen.reasons[:REASONS]),
                    by_hand=place.session_prompt.by_hand,
                )
                for place in one.prompts
            ],
        )
        for one in series.sessions
    ]
