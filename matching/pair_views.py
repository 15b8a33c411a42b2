"""Say on the board that two people stay apart, or together, whatever is formed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.models import PairWish
from dialogue.services.pair_wishes import BlockedPair, NoPair, wish_for_pair
from matching.board_views import no_more, run_or_404
from matching.models import MatchRun

KINDS = ("", PairWish.Kind.APART, PairWish.Kind.TOGETHER)


@require_POST
@login_required
def run_pair(request: HttpRequest, pk: int, participation: int) -> HttpResponse:
    """Keep somebody of a run apart from, or together with, `other` from now on; with an empty `kind` neither."""
    run = run_or_404(request, pk)
    if run.status != MatchRun.Status.READY:
        return no_more(request, run)
    kind, other = request.POST.get("kind", ""), request.POST.get("other", "")
    try:
        if (
            kind not in KINDS
            or not (other.isascii() and other.isdecimal())
            or not _belong(run, participation, int(other))
        ):
            raise NoPair
        wish_for_pair(one_id=participation, other_id=int(other), kind=kind, now=clock.now(), actor=request.user)
    except NoPair:
        messages.info(request, _("Nothing was changed: choose another person of this term."))
    except BlockedPair:
        messages.info(request, _("Nothing was changed: these two must be kept apart."))
    else:
        said = _("Saved. These two stay as they sit until you move one of them or form the rest anew.")
        messages.success(request, said)
    return redirect("run_move", pk=run.pk, participation=participation)


def _belong(run: MatchRun, *people: int) -> bool:
    return run.term.participations.filter(pk__in=people).count() == 2
