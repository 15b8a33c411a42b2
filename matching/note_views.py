"""Write a note on a proposed cohort, or on a whole run, for the other coordinators."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from matching.board_views import run_or_404
from matching.services.remarks import RemarkChanged, write_remark

LONGEST: Final = 1000


@login_required
def run_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a note to be written; on POST keep it, or with what somebody else wrote meanwhile ask once more."""
    run = run_or_404(request, pk)
    fields = request.POST if request.method == "POST" else request.GET
    number = _number(fields.get("number", ""))
    stands = (get_object_or_404(run.proposals, number=number) if number else run).note
    context = {"term": run.term, "tab": "matching", "run": run, "number": number, "longest": LONGEST}
    if request.method != "POST":
        return render(request, "matching/run_note.html", {**context, "text": stands, "before": stands})
    text, before = _lines(fields.get("text", ""))[:LONGEST].strip(), _lines(fields.get("before", ""))
    try:
        write_remark(run_id=run.pk, number=number, text=text, before=before, now=clock.now(), actor=request.user)
    except RemarkChanged as error:
        context |= {"text": text, "before": error.text, "meanwhile": error.text}
        return render(request, "matching/run_note.html", context, status=409)
    messages.success(request, _("Saved. Only coordinators read it."))
    return redirect("run", pk=run.pk)


def _number(text: str) -> int | None:
    """Return the number of a cohort that an address or a form names; None for the whole run.

    Raises:
        Http404: it is no number.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**15):
        raise Http404
    return int(text)


def _lines(text: str) -> str:
    """Return a text with line ends as they are kept: browsers send another sort."""
    return text.replace("\r\n", "\n")
