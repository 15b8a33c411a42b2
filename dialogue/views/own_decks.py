"""A programme's decks: make one, choose its prompts, draw a term from it, name it anew, take it away."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dialogue import clock
from dialogue.core.prompts.sufficing import verdict_on
from dialogue.deck_words import verdict_words
from dialogue.forms.own_decks import DeckFilter, OwnDeckForm
from dialogue.models import Cohort, OwnDeck, Programme, Prompt, Term
from dialogue.services.own_decks import (
    DeckLacks,
    NameTaken,
    choose_prompts,
    draw_term_from,
    name_deck,
    remove_deck,
)
from dialogue.views.paging import filters_of, page_of
from dialogue.views.prompts import PROMPTS_ON_A_PAGE, line_of

USUAL_LENGTHS: Final = (4, 6, 8, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckLine:
    """A deck in the list of its programme."""

    pk: int
    name: str
    how_many: int
    """What of it can be drawn today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How a deck fares in a series of so many sessions."""

    how_many_sessions: int
    lacks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLine:
    """A term that could draw from a deck."""

    term: Term
    draws_from_this: bool
    suffices: bool


@login_required
@require_safe
def own_decks(request: HttpRequest) -> HttpResponse:
    """List the decks of every programme that the reader coordinates. One query and two for each programme."""
    programmes = _programmes(request)
    groups = [(one.title, _lines(one)) for one in programmes]
    return render(request, "dialogue/own_decks.html", {"groups": groups, "any": any(lines for _t, lines in groups)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_deck_new(request: HttpRequest) -> HttpResponse:
    """Ask for a name and make an empty deck."""
    return _named(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_deck_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a deck another name."""
    return _named(
        request, get_object_or_404(OwnDeck.objects.managed_by(request.user).select_related("programme"), pk=pk)
    )


def _named(request: HttpRequest, deck: OwnDeck | None = None) -> HttpResponse:
    form = OwnDeckForm(request.POST or None, programmes=_programmes(request), deck=deck)
    if form.is_valid():
        programme = deck.programme if deck else form.cleaned_data["programme"]
        name = form.cleaned_data["name"]
        try:
            named = name_deck(programme=programme, name=name, actor=request.user, now=clock.now(), deck=deck)
        except NameTaken:
            form.add_error("name", _("There is a deck of this name already. Please choose another name."))
        else:
            messages.success(request, _("Kept."))
            return redirect("own_deck" if deck else "own_deck_prompts", pk=named.pk)
    return render(request, "dialogue/own_deck_form.html", {"form": form, "deck": deck})


@login_required
@require_safe
def own_deck(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a deck holds, for which series it suffices and what it lacks for others, and what draws from it."""
    rows = OwnDeck.objects.managed_by(request.user).select_related("programme")
    deck = get_object_or_404(rows, pk=pk)
    drawn = Prompt.objects.drawn_for(deck.programme_id, deck=deck.pk).select_related("deck")
    prompts = list(drawn.order_by("depth", "deck", "position"))
    terms = _terms_of(deck)
    asked = sorted({*USUAL_LENGTHS, *(term.session_count for term in terms)})
    lengths = [
        Length(
            how_many_sessions=number,
            lacks=verdict_words(verdict_on(prompts=prompts, how_many_sessions=number)),
        )
        for number in asked
    ]
    enough = {one.how_many_sessions for one in lengths if not one.lacks}
    return render(
        request,
        "dialogue/own_deck.html",
        {
            "deck": deck,
            "lines": [line_of(one) for one in prompts],
            "lengths": lengths,
            "terms": [
                TermLine(term=term, draws_from_this=term.own_deck_id == deck.pk, suffices=term.session_count in enough)
                for term in terms
            ],
            "cohorts": _cohorts_of(deck),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_deck_prompts(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer every prompt that the programme may be given, ticked where it lies in the deck; on POST keep the ticks."""
    deck = get_object_or_404(OwnDeck.objects.managed_by(request.user), pk=pk)
    if request.method == "POST":
        shown, chosen = _numbers(request, "shown"), _numbers(request, "chosen")
        choose_prompts(deck=deck, shown=shown, chosen=chosen, actor=request.user, now=clock.now())
        number = Prompt.objects.drawn_for(deck.programme_id, deck=deck.pk).count()
        said = ngettext("Kept. The deck holds one prompt.", "Kept. The deck holds %(number)s prompts.", number)
        messages.success(request, said % {"number": number})
        query = request.GET.urlencode()
        return redirect(reverse("own_deck_prompts", args=[deck.pk]) + (f"?{query}" if query else ""))
    asked = DeckFilter(request.GET, deck=deck)
    rows = asked.found(Prompt.objects.drawn_for(deck.programme_id)).select_related("deck").order_by("deck", "position")
    page = page_of(request, rows, size=PROMPTS_ON_A_PAGE)
    lying = set(deck.prompts.values_list("pk", flat=True))
    return render(
        request,
        "dialogue/own_deck_prompts.html",
        {
            "deck": deck,
            "filter": asked,
            "is_filtered": asked.is_filtered,
            "prompts": page,
            "lines": [(one.pk, line_of(one), one.pk in lying) for one in page],
            "query": filters_of(request),
        },
    )


@login_required
@require_POST
def own_deck_term(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """Draw a term's cohorts from this deck alone, or from every prompt again."""
    deck = get_object_or_404(OwnDeck.objects.managed_by(request.user), pk=pk)
    found = get_object_or_404(Term.objects.managed_by(request.user).filter(programme=deck.programme_id), pk=term)
    alone = request.POST.get("alone") == "on"
    try:
        draw_term_from(term=found, deck=deck if alone else None, actor=request.user, now=clock.now())
    except DeckLacks as lacking:
        said = _("The deck does not suffice for %(number)s sessions.") % {"number": found.session_count}
        messages.error(request, " ".join([said, *verdict_words(lacking.verdict)]))
    else:
        messages.success(
            request, _("It counts for every cohort that gets its prompts from now on. What is drawn already stays.")
        )
    return redirect("own_deck", pk=deck.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_deck_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a deck is taken away, naming what draws from it."""
    deck = get_object_or_404(OwnDeck.objects.managed_by(request.user), pk=pk)
    if request.method == "POST":
        remove_deck(deck=deck, actor=request.user, now=clock.now())
        messages.success(request, _("The deck is gone. Its prompts stay where they are."))
        return redirect("own_decks")
    cohorts = [_cohort_name(one) for one in _cohorts_of(deck)]
    drawing = [*deck.terms.order_by("starts_on", "pk").values_list("name", flat=True), *cohorts]
    facts = [{"name": _("Draws from it"), "value": _(", ").join(drawing)}] if drawing else []
    return render(request, "dialogue/own_deck_remove.html", {"deck": deck, "facts": facts})


def _programmes(request: HttpRequest) -> Iterable[Programme]:
    programmes = Programme.objects.managed_by(request.user).order_by("name", "pk")
    if not programmes:
        raise Http404
    return programmes


def _lines(programme: Programme) -> list[DeckLine]:
    decks = programme.own_decks.order_by("name")
    lying = Prompt.objects.drawn_for(programme.pk).filter(own_decks__in=decks).values_list("own_decks", flat=True)
    how_many = Counter(lying)
    return [DeckLine(pk=one.pk, name=one.name, how_many=how_many[one.pk]) for one in decks]


def _terms_of(deck: OwnDeck) -> list[Term]:
    """Return the programme's terms that may still give prompts, the latest first."""
    cohorts = Cohort.objects.filter(term=OuterRef("pk"))
    over = Exists(cohorts) & ~Exists(cohorts.exclude(status=Cohort.Status.ENDED))
    return list(deck.programme.terms.exclude(over).order_by("-starts_on", "-pk"))


def _cohorts_of(deck: OwnDeck) -> list[Cohort]:
    still = deck.cohorts.exclude(status=Cohort.Status.ENDED)
    return list(still.select_related("term").order_by("-term__starts_on", "number"))


def _cohort_name(cohort: Cohort) -> str:
    return _("Cohort %(number)s of %(term)s") % {"number": cohort.number, "term": cohort.term.name}


def _numbers(request: HttpRequest, name: str) -> list[int]:
    """Return the keys that a form sends. What cannot be read was not said."""
    return [int(one) for one in request.POST.getlist(name) if one.isascii() and one.isdigit() and len(one) < 19]
