"""The people of a term."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from dialogue import clock
from dialogue.models import Term
from dialogue.reception_words import MOVES
from dialogue.views.for_several import CONSENTS, THINGS
from dialogue.views.paging import filters_of, page_of
from sessions.roster import COLUMNS, facilitations, lines_of, participants
from sessions.roster_form import PeopleFilter

PEOPLE_ON_A_PAGE = 60
"""A usual term on one page."""


@login_required
def term_people(request: HttpRequest, pk: int) -> HttpResponse:
    """List the participants of a term, to choose some and do something for them; with `who=facilitators` those."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    of_facilitators = request.GET.get("who") == "facilitators"
    form = PeopleFilter(request.GET, term=None if of_facilitators else term)
    chosen = form.chosen()
    rows = (
        facilitations(term, chosen)
        if of_facilitators
        else participants(term, chosen, now=clock.now()).values_list(*COLUMNS)
    )
    people = page_of(request, rows, size=PEOPLE_ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_facilitators.html" if of_facilitators else "sessions/coordinator/roster.html",
        {
            "term": term,
            "tab": "participations",
            "filter": form,
            "is_filtered": any(chosen.values()),
            "people": people,
            "lines": [] if of_facilitators else lines_of(people, term),
            "query": filters_of(request),
            "moves": MOVES.items(),
            "things": [(name, word) for name, (word, _means) in THINGS.items() if name not in CONSENTS],
            "consents": [(name, THINGS[name][0]) for name in CONSENTS],
            "all_chosen": "all" in request.GET,
        },
    )
