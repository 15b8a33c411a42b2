"""ひとこと帳: short notes between sessions, read by the cohort alone, and what is done about a bad one."""

from contextlib import suppress
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dialogue import clock
from dialogue.models import Cohort, Term
from dialogue.sharing import line_before_sending
from dialogue.views.paging import page_of
from sessions.models import CohortNote
from sessions.note_form import NoteForm
from sessions.services.noting import (
    NotebookClosed,
    TooManyNotes,
    is_open,
    report_note,
    settle_report,
    take_note_back,
    write_note,
)

NOTES_ON_A_PAGE = 30


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notebook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a cohort's notes, the newest first, to those in it; a POST adds one."""
    rows = Cohort.objects.meeting_with(request.user).select_related("term__programme", "facilitation__person")
    cohort = get_object_or_404(rows, pk=pk)
    now = clock.now()
    takes_notes = is_open(cohort, now=now)
    form = NoteForm(request.POST if request.method == "POST" else None)
    line = None
    if form.is_valid():
        text = form.cleaned_data["text"]
        line = line_before_sending(text=text, kept="", sent=request.POST, cohort_id=cohort.pk)
        if line is None and _written(request, form, cohort, text, now):
            return redirect("notebook", pk=cohort.pk)
    notes = CohortNote.objects.readable_by(request.user).filter(cohort=cohort).select_related("author")
    return render(
        request,
        "sessions/notebook.html",
        {
            "cohort": cohort,
            "form": form,
            "line": line,
            "takes_notes": takes_notes,
            "page": page_of(request, notes.order_by("-written_at", "-pk"), size=NOTES_ON_A_PAGE),
        },
    )


def _written(request: HttpRequest, form: NoteForm, cohort: Cohort, text: str, now: datetime) -> bool:
    """Keep the note and return whether it stands; otherwise the form says why not."""
    try:
        write_note(cohort_id=cohort.pk, author=request.user, text=text, now=now)
    except Cohort.DoesNotExist as error:
        raise Http404 from error
    except NotebookClosed:
        form.add_error(None, _("The notebook has closed meanwhile, so this was not kept. Your words stand below."))
    except TooManyNotes:
        form.add_error("text", _("That is enough for one day. Tomorrow there is room again."))
    else:
        messages.success(request, _("Your note is in the notebook."))
        return True
    return False


@require_POST
@login_required
def note_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own note."""
    note = get_object_or_404(CohortNote.objects.written_by(request.user), pk=pk)
    try:
        take_note_back(note_id=note.pk, author=request.user)
    except CohortNote.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Your note is gone."))
    return redirect("notebook", pk=note.cohort_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once whether the coordinators shall look at a note, and take it out of sight."""
    rows = CohortNote.objects.readable_by(request.user).exclude(author=request.user).select_related("author")
    note = get_object_or_404(rows, pk=pk)
    back = reverse("notebook", args=[note.cohort_id])
    if request.method != "POST":
        return render(request, "sessions/note_report.html", {"note": note, "back_url": back})
    with suppress(CohortNote.DoesNotExist):  # somebody else was quicker: what was wanted has happened
        report_note(note_id=note.pk, reader=request.user, now=clock.now())
    messages.success(request, _("Thank you. The note is out of sight, and the coordinators will look at it."))
    return redirect(back)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def term_reported_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """List the reported notes of a term for its coordinators. Other notes they do not see."""
    term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
    rows = CohortNote.objects.reported_to(request.user).filter(cohort__term=term)
    notes = rows.select_related("author", "cohort").order_by("reported_at", "pk")
    return render(
        request,
        "sessions/coordinator/reported_notes.html",
        {"term": term, "page": page_of(request, notes, size=NOTES_ON_A_PAGE)},
    )


@require_POST
@login_required
def note_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a reported note back, or delete it."""
    note = get_object_or_404(CohortNote.objects.reported_to(request.user).select_related("cohort"), pk=pk)
    keeps = request.POST.get("do") == "keep"
    try:
        settle_report(note_id=note.pk, coordinator=request.user, keeps=keeps, now=clock.now())
    except CohortNote.DoesNotExist:  # another coordinator was quicker
        messages.info(request, _("Another coordinator has settled this already."))
    else:
        messages.success(request, _("The cohort can read it again.") if keeps else _("The note is deleted."))
    return redirect("term_reported_notes", pk=note.cohort.term_id)
