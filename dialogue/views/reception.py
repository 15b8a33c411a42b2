"""The reception of a term: who has signed up, and deciding about one or many with each letter shown before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.core.reception import ALLOWED_MOVES, Move
from dialogue.decisions import Decision
from dialogue.emails import decision_letter
from dialogue.forms.reception import DecisionForm
from dialogue.message_kinds import Letter
from dialogue.models import Participation, Term
from dialogue.reception_lists import SHOWS, asked_for, counts_of, lines_of, sign_ups_of
from dialogue.reception_words import MOVES, STAGES, full_name_of, sentences_about
from dialogue.services.decision_letters import waiting_letters
from dialogue.services.handing_on import terms_to_hand_on_to
from dialogue.services.reception import decide, reasons_after_accepting, stage_of_participation
from dialogue.views.paging import filters_of, page_of

SIGN_UPS_ON_A_PAGE: Final = 50
MOST_AT_ONCE: Final = 200
LETTERS_SHOWN: Final = 20
_MARK: Final = re.compile(r"([1-9][0-9]{0,17})-([0-9]{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What one person would get. `letter` is None where nobody is told, because the letter before has not left."""

    name: str
    address: str
    language: str
    letter: Letter | None


@require_safe
@login_required
def reception(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sign-ups of a term, the newest first, each with what is there and what is missing."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    show, words = asked_for(request.GET)
    people = page_of(request, sign_ups_of(term, show=show, words=words), size=SIGN_UPS_ON_A_PAGE)
    counts = counts_of(term)
    others = request.GET.copy()
    others.pop("page", None)
    others["all"] = "1"
    return render(
        request,
        "dialogue/reception/list.html",
        {
            "term": term,
            "tab": "reception",
            "show": show,
            "shown": SHOWS[show][0],
            "q": words,
            "narrowings": [(name, word, counts[name or "all"]) for name, (word, _condition) in SHOWS.items()],
            "people": people,
            "lines": lines_of(people, term=term, slots=term.slots.count()),
            "moves": MOVES.items(),
            "all_chosen": "all" in request.GET,
            "choose_all": f"?{others.urlencode()}&page={people.number}",
            "query": filters_of(request),
        },
    )


@login_required
def reception_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a decision would send to those chosen; on POST, decide and say what came of it for each."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme__organisation"), pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(asked)
    people = list(
        term.participations.filter(pk__in=chosen)
        .select_related("person", "term__programme__organisation", "relayed_to__programme")
        .defer("crossroads", "note")
        .order_by("-created_at", "-pk")
    )
    if asked.get("move") not in MOVES or not people:
        messages.warning(request, _("Choose somebody first, then what to do."))
        return redirect("reception", pk=term.pk)
    move, now = Move(asked["move"]), clock.now()
    terms = terms_to_hand_on_to(term, now=now) if move is Move.HAND_ON else ()
    form = DecisionForm(request.POST if request.method == "POST" else None, move=move, terms=terms)
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        decision = form.decision()
        outcomes = decide(term=term, chosen=chosen, decision=decision, actor=request.user, now=now)
        for level, sentence in sentences_about(outcomes, decision.move):
            getattr(messages, level)(request, sentence)
        if len(people) == 1:
            return redirect("reception_person", pk=people[0].pk)
        return redirect("reception", pk=term.pk)
    possible = [one for one in people if move in ALLOWED_MOVES[stage_of_participation(one)]]
    return render(
        request,
        "dialogue/reception/decide.html",
        {
            "term": term,
            "tab": "reception",
            "move": move.value,
            "action": MOVES[move],
            "form": form,
            "people": possible,
            "others": [
                (full_name_of(one), *STAGES[stage_of_participation(one)]) for one in people if one not in possible
            ],
            "marks": [f"{one.pk}-{chosen[one.pk]}" for one in possible],
            "previews": _previews(possible[:LETTERS_SHOWN], form.decision()),
            "not_shown": len(possible[LETTERS_SHOWN:]),
        },
    )


def chosen_in(asked: QueryDict) -> Mapping[int, int]:
    """Return who was chosen, each with how many changes were seen of them; what is no such mark is left out."""
    marks = (_MARK.fullmatch(written) for written in asked.getlist("who")[:MOST_AT_ONCE])
    return {int(mark[1]): int(mark[2]) for mark in marks if mark}


def _previews(people: Sequence[Participation], decision: Decision) -> list[Preview]:
    """Return what each of them would get, in their own language."""
    reasons = reasons_after_accepting(people)
    untold: set[Any] = set()
    if decision.move is Move.REOPEN:
        untold = set(waiting_letters(people).values_list("subject_key", flat=True))
    previews = []
    for one in people:
        letter = None
        if f"participation:{one.pk}" not in untold:
            with translation.override(one.person.language):
                letter = decision_letter(one, decision, waits_for=reasons[one.pk])
        previews.append(
            Preview(name=full_name_of(one), address=one.person.email, language=one.person.language, letter=letter)
        )
    return previews
