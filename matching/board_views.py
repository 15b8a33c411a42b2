"""Rearrange the cohorts that a run proposes: choose a place for somebody, see what it does, do it, take it back."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.views.paging import page_of
from matching.board_menu import WAITING, menu_of
from matching.board_words import BoardWords, words_of
from matching.boards import RunBoard, board_of, history_of
from matching.engine.board import Stale
from matching.engine.judging import Judge
from matching.models import MatchRun
from matching.services.arranging import (
    ChangedMeanwhile,
    NotArrangeable,
    StepRefused,
    Wanted,
    arrange,
    change_for,
    redo,
    undo,
)

STEPS_ON_A_PAGE: Final = 50


@login_required
def run_move(request: HttpRequest, pk: int, participation: int) -> HttpResponse:
    """Show where somebody could sit; with `seat` what that would do; on POST do it.

    `seat` is a cohort ("c3"), the seat of another participation ("p22") or "w": to wait.
    """
    run = run_or_404(request, pk)
    if run.status != MatchRun.Status.READY:
        return no_more(request, run)
    fields = request.POST if request.method == "POST" else request.GET
    person, seat = str(participation), fields.get("seat", "")
    meanwhile: ChangedMeanwhile | None = None
    if request.method == "POST":
        try:
            wanted = _wanted(person, seat)
            arrange(run_id=run.pk, wanted=wanted, version=version(request), now=clock.now(), actor=request.user)
        except NotArrangeable:
            return no_more(request, run)
        except ChangedMeanwhile as error:
            meanwhile = error
        except (Stale, StepRefused):
            pass  # what the page says below is why
        else:
            messages.success(request, _("Done. Nobody was told anything, and you can take it back."))
            return redirect("run", pk=run.pk)
    seen = board_of(run, now=clock.now())
    if person not in seen.board.seats:
        raise Http404
    status = 409 if request.method == "POST" else 200
    if not seat:
        return _menu(request, seen, person)
    return _preview(request, seen, person, seat, meanwhile=meanwhile, status=status)


def _menu(request: HttpRequest, seen: RunBoard, person: str) -> HttpResponse:
    context = {**_context(seen), "person": person, "menu": menu_of(seen, person)}
    return render(request, "matching/run_move.html", context)


def _preview(
    request: HttpRequest, seen: RunBoard, person: str, seat: str, *, meanwhile: ChangedMeanwhile | None, status: int
) -> HttpResponse:
    try:
        wanted = _wanted(person, seat)
        change = change_for(seen, wanted)
    except Stale:
        messages.info(request, _("This cannot be done any more: they sit there already, or have no place here."))
        return redirect("run", pk=seen.run.pk)
    since = seen.history.steps[max(0, meanwhile.since) :] if meanwhile else []
    verdict = Judge(seen.read.problem, seen.board).verdict(change)
    words = BoardWords(seen.board.seats)
    context = {
        **_context(seen),
        "person": person,
        "seat": seat,
        "name": words.name(person),
        "effect": words.effect(seen, wanted.step, change, verdict),
        "meanwhile": [(step, words.told(step, seen.history.steps)) for step in since],
    }
    return render(request, "matching/run_move_preview.html", context, status=status)


@require_POST
@login_required
def run_step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the latest step, or with `way=redo` do again what was undone."""
    run = run_or_404(request, pk)
    step = redo if request.POST.get("way") == "redo" else undo
    try:
        step(run_id=run.pk, version=version(request), now=clock.now(), actor=request.user)
    except NotArrangeable:
        return no_more(request, run)
    except ChangedMeanwhile as error:
        tell_meanwhile(request, run, error)
    except Stale:
        messages.info(request, _("There is nothing to take back."))
    return redirect("run", pk=run.pk)


@login_required
def run_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell who changed what among a run's proposals, the latest first."""
    run = run_or_404(request, pk)
    history = history_of(run)
    page = page_of(request, list(reversed(history.steps)), size=STEPS_ON_A_PAGE)
    shown = list(page)
    words = words_of(history, shown)
    lines = [(one, words.told(one, history.steps)) for one in shown]
    context = {"term": run.term, "tab": "matching", "run": run, "lines": lines, "page": page}
    return render(request, "matching/run_history.html", context)


def _context(seen: RunBoard) -> dict[str, object]:
    return {"term": seen.run.term, "tab": "matching", "run": seen.run, "version": seen.history.version}


def _wanted(person: str, seat: str) -> Wanted:
    """Return what an address or a form asks for.

    Raises:
        Stale: `seat` is no seat.
    """
    if seat == WAITING:
        return Wanted(person=person)
    kind, rest = seat[:1], seat[1:]
    if kind not in ("c", "p") or not (rest.isascii() and rest.isdecimal()):
        raise Stale(seat)
    return Wanted(person=person, to=int(rest)) if kind == "c" else Wanted(person=person, other=rest)


def tell_meanwhile(request: HttpRequest, run: MatchRun, error: ChangedMeanwhile) -> None:
    """Say on the next page what somebody else has done since this coordinator looked."""
    told = told_since(run, error.since)
    messages.info(
        request, _("Nothing was changed: somebody has changed these cohorts meanwhile. %(told)s") % {"told": told}
    )


def told_since(run: MatchRun, version: int) -> str:
    """Return what was done to a run's proposals since a version of its board, a sentence for each step."""
    history = history_of(run)
    since = history.steps[max(0, version) :]
    words = words_of(history, since)
    return " ".join(words.told(one, history.steps) for one in since)


def version(request: HttpRequest) -> int:
    """Return the version of the board that a form was made from; -1 where it says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() else -1


def no_more(request: HttpRequest, run: MatchRun) -> HttpResponse:
    """Say that a run cannot be changed any more, on its page."""
    messages.info(request, _("These cohorts cannot be changed here: they are published, set aside or not ready."))
    return redirect("run", pk=run.pk)


def run_or_404(request: HttpRequest, pk: int) -> MatchRun:
    """Return a run of a term that the reader coordinates."""
    return get_object_or_404(MatchRun.objects.managed_by(request.user).select_related("term__programme"), pk=pk)
