"""Value cards: sort them for oneself, keep a few, write what they mean, and forget it all again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.core.values import VALUE_CARDS, pages
from dialogue.forms.values import ChoiceForm, PilesForm
from dialogue.services.values import forget_values, keep_choice, keep_piles, sorting_of

METHODS = ["GET", "HEAD", "POST"]


@login_required
@never_cache
@require_http_methods(METHODS)
def values(request: HttpRequest) -> HttpResponse:
    """Show one page of the cards as the reader sorted them; a POST keeps it and goes on to the next."""
    deck = pages()
    given = request.GET.get("page", "")
    number = min(max(int(given), 1), len(deck)) if given.isdecimal() else 1
    sorting = sorting_of(request.user)
    form = PilesForm(request.POST if request.method == "POST" else None, cards=deck[number - 1], sorting=sorting)
    if request.method == "POST" and form.is_valid():
        keep_piles(person=request.user, piles=form.piles(), now=clock.now())
        if number == len(deck):
            return redirect("values_choose")
        return HttpResponseRedirect(f"{reverse('values')}?page={number + 1}")
    context = {
        "form": form,
        "number": number,
        "pages": len(deck),
        "sorted": len(sorting.piles),
        "cards": len(VALUE_CARDS),
        "is_last": number == len(deck),
    }
    return render(request, "dialogue/values.html", context)


@login_required
@never_cache
@require_http_methods(METHODS)
def values_choose(request: HttpRequest) -> HttpResponse:
    """Let the reader keep up to five of the cards that are dearest to them, and write for themselves."""
    sorting = sorting_of(request.user)
    form = ChoiceForm(
        request.POST if request.method == "POST" else None,
        offered=sorting.offered(),
        initial={"chosen": sorting.standing(), "words": sorting.words},
    )
    if request.method == "POST" and form.is_valid():
        try:
            keep_choice(person=request.user, now=clock.now(), **form.cleaned_data)
        except ValueError:
            form.add_error("chosen", _("The piles have changed meanwhile. Please look again."))
        else:
            messages.success(request, _("Saved. Only you can read it."))
            return redirect("values_choose")
    language = get_language() or "ja"
    kept = [VALUE_CARDS[slug] for slug in sorting.standing()]
    context = {
        "form": form,
        "has_cards": bool(sorting.offered()),
        "is_kept": bool(sorting.piles),
        "kept": [(card.name_in(language), card.meaning_in(language)) for card in kept],
    }
    return render(request, "dialogue/values_choose.html", context)


@login_required
@never_cache
@require_http_methods(METHODS)
def values_forget(request: HttpRequest) -> HttpResponse:
    """Ask once, then delete the reader's sorting with its words."""
    if request.method != "POST":
        return render(request, "dialogue/values_forget.html")
    forget_values(person=request.user)
    messages.success(request, _("Your cards are gone, and so are your words."))
    return redirect("values")
