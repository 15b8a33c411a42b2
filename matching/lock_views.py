"""Lock what is good among proposed cohorts, form the rest anew, and compare the two."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from matching.board_views import no_more, run_or_404, tell_meanwhile, version
from matching.board_words import words_of
from matching.boards import history_of, seats_of
from matching.comparing import comparison
from matching.engine.board import Lock, LockKind, Stale
from matching.models import MatchRun
from matching.services.arranging import ChangedMeanwhile, NotArrangeable, lock, rerun
from matching.services.runs import NobodyToMatch, RunUnderWay, run_again


@require_POST
@login_required
def run_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock something, or unlock it with `on` empty. `what` is a kind and its numbers: "cohort 3", "pair 12 31"."""
    run = run_or_404(request, pk)
    on = bool(request.POST.get("on"))
    try:
        what = _what(request.POST.get("what", ""))
        lock(run_id=run.pk, what=what, on=on, version=version(request), now=clock.now(), actor=request.user)
    except NotArrangeable:
        return no_more(request, run)
    except ChangedMeanwhile as error:
        tell_meanwhile(request, run, error)
    except Stale:
        messages.info(request, _("Nothing was changed: this is locked or unlocked already, or not there."))
    return redirect("run", pk=run.pk)


def _what(text: str) -> Lock:
    """Return what a form names.

    Raises:
        Stale: it is nothing that can be locked.
    """
    kind, *of = text.split() or [""]
    if kind not in set(LockKind) or not all(one.isascii() and one.isdecimal() for one in of):
        raise Stale(text)
    return Lock(LockKind(kind), tuple(of))


@login_required
def run_rerun(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is kept; on POST form the rest anew, as a run of its own. A failed run is asked for once more."""
    run = run_or_404(request, pk)
    has_failed = run.status == MatchRun.Status.FAILED
    if run.status != MatchRun.Status.READY and not (has_failed and request.method == "POST"):
        return no_more(request, run)
    if request.method == "POST":
        try:
            if has_failed:
                found = run_again(failed=run, now=clock.now(), actor=request.user)
            else:
                found = rerun(run_id=run.pk, version=version(request), now=clock.now(), actor=request.user)
        except NotArrangeable:
            return no_more(request, run)
        except ChangedMeanwhile as error:
            tell_meanwhile(request, run, error)
        except RunUnderWay:
            messages.info(request, _("Cohorts are being formed already. Look at that run first."))
        except NobodyToMatch:
            messages.info(request, _("Nobody waits who has been accepted and has given consent."))
        else:
            return redirect("run", pk=found.pk)
        if has_failed:
            return redirect("run", pk=run.pk)
    history = history_of(run)
    words = words_of(history, history.steps)
    locked = [words.locked(one) for one in sorted(history.locks)]
    context = {"term": run.term, "tab": "matching", "run": run, "locked": locked, "version": history.version}
    return render(request, "matching/run_rerun.html", context)


@login_required
def run_compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Show two finished runs of a term side by side."""
    second = run_or_404(request, pk)
    first = get_object_or_404(
        MatchRun.objects.managed_by(request.user).finished().select_related("term"), pk=other, term=second.term_id
    )
    boards = seats_of(first, history_of(first)), seats_of(second, history_of(second))
    told = comparison(first, second, boards=boards)
    context = {"term": second.term, "tab": "matching", "run": second, "first": first, "told": told}
    return render(request, "matching/run_compare.html", context)
