"""Bring people in from a file: choose it, look at what it says, take it in. All of it or nothing."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.roster import Roster, RosterRefused, read_facilitators, read_participants
from dialogue.forms import CONSENT_TEXTS, RosterForm
from dialogue.models import Term, UploadedRoster
from dialogue.roster_errors import what_to_do
from dialogue.services.uploads import UploadGone, content_of, keep_upload, take_in

FIRST_ROWS = 5
SHOWN_ERRORS = 100


@login_required
def term_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a file; with `upload` show what it would change, or on POST take it in."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme__organisation"), pk=pk)
    if "upload" in request.POST:
        return _take_in(request, term)
    if "upload" in request.GET:
        return _preview(request, term)
    return _ask(request, term)


def _ask(request: HttpRequest, term: Term) -> HttpResponse:
    now = clock.now()
    today = timezone.localdate(now)
    form = RosterForm(
        request.POST or None, request.FILES or None, today=today, initial={"kind": _kind(request.GET.get("kind"))}
    )
    context: dict[str, Any] = {"term": term, "tab": "participations", "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        content = given["roster"].read()
        try:
            _read(given["kind"], content, given["roster"].name, today)
        except RosterRefused as refused:
            context["errors"] = [(error, what_to_do(error)) for error in refused.errors[:SHOWN_ERRORS]]
            context["error_total"] = refused.total
        else:
            upload = keep_upload(
                term=term,
                uploader=request.user,
                kind=given["kind"],
                filename=given["roster"].name,
                content=content,
                collected_by=given["collected_by"] if given["consent"] else "",
                given_on=given["given_on"] if given["consent"] else None,
                text_version=given["consent"],
                now=now,
            )
            return redirect(f"{reverse('term_import', args=[term.pk])}?upload={upload.pk}")
    return render(request, "dialogue/term_import.html", context)


def _preview(request: HttpRequest, term: Term) -> HttpResponse:
    now = clock.now()
    upload = _upload(request.GET["upload"], request, term, now)
    if upload is None:
        return _start_again(request, term)
    try:
        roster = _read(upload.kind, content_of(upload), upload.filename, timezone.localdate(now))
    except RosterRefused:  # a year of birth may turn implausible at midnight
        return _start_again(request, term)
    places = term.facilitations if upload.kind == UploadedRoster.Kind.FACILITATORS else term.participations
    here = set(places.values_list("person__email", flat=True))
    known = sum(row.email in here for row in roster.rows)
    return render(
        request,
        "dialogue/term_import_preview.html",
        {
            "term": term,
            "tab": "participations",
            "upload": upload,
            "consent_text": CONSENT_TEXTS.get(upload.text_version, upload.text_version),
            "total": len(roster.rows),
            "new": len(roster.rows) - known,
            "known": known,
            "without_times": sum(not row.windows for row in roster.rows),
            "first_rows": roster.rows[:FIRST_ROWS],
            "ignored_columns": roster.ignored_columns,
        },
    )


def _take_in(request: HttpRequest, term: Term) -> HttpResponse:
    now = clock.now()
    upload = _upload(request.POST["upload"], request, term, now)
    if upload is None:
        return _start_again(request, term)
    try:
        roster = _read(upload.kind, content_of(upload), upload.filename, timezone.localdate(now))
        outcome = take_in(upload=upload, roster=roster, actor=request.user, now=now)
    except (RosterRefused, UploadGone):
        return _start_again(request, term)
    messages.success(
        request,
        _("Added: %(added)s. Updated: %(updated)s. Without a change: %(unchanged)s.")
        % {"added": outcome.added, "updated": outcome.updated, "unchanged": outcome.unchanged},
    )
    people = reverse("term_people", args=[term.pk])
    return redirect(f"{people}?who=facilitators" if upload.kind == UploadedRoster.Kind.FACILITATORS else people)


def _upload(written: str, request: HttpRequest, term: Term, now: datetime) -> UploadedRoster | None:
    if not written.isdecimal() or len(written) > 18:
        return None
    return (
        UploadedRoster.objects.of(request.user, now).filter(term=term, pk=int(written)).select_related("term").first()
    )


def _start_again(request: HttpRequest, term: Term) -> HttpResponse:
    messages.info(request, _("This file has been taken in already, or has waited for over an hour. Choose it again."))
    return redirect("term_import", pk=term.pk)


def _kind(written: str | None) -> str:
    return written if written in UploadedRoster.Kind.values else UploadedRoster.Kind.PARTICIPANTS


def _read(kind: str, content: bytes, filename: str, today: date) -> Roster[Any]:
    if kind == UploadedRoster.Kind.FACILITATORS:
        return read_facilitators(content=content, filename=filename)
    return read_participants(content=content, filename=filename, today=today)
