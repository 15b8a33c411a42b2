"""Bring people in from a file: choose it, look at what it says, take it in. All of it or nothing."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.roster import RosterRefused
from dialogue.forms.rosters import CONSENT_TEXTS, RosterForm
from dialogue.lost_times import narrowed_people
from dialogue.models import Term, UploadedRoster
from dialogue.reading_files import open_new, open_upload
from dialogue.roster_errors import what_to_do
from dialogue.services.uploads import UploadGone, keep_upload, take_in

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
        content, filename = given["roster"].read(), given["roster"].name
        try:
            opened = open_new(term=term, kind=given["kind"], content=content, filename=filename, today=today)
        except RosterRefused as refused:
            context["errors"] = [(error, what_to_do(error)) for error in refused.errors[:SHOWN_ERRORS]]
            context["error_total"] = refused.total
        else:
            upload = keep_upload(
                term=term,
                uploader=request.user,
                kind=given["kind"],
                filename=filename,
                content=content,
                mapping=opened.mapping,
                collected_by=given["collected_by"] if given["consent"] else "",
                given_on=given["given_on"] if given["consent"] else None,
                text_version=given["consent"],
                now=now,
            )
            page = "term_import" if opened.is_clear else "term_import_mapping"
            return redirect(f"{reverse(page, args=[term.pk])}?upload={upload.pk}")
    return render(request, "dialogue/term_import.html", context)


def _preview(request: HttpRequest, term: Term) -> HttpResponse:
    now = clock.now()
    upload = upload_of(request.GET["upload"], request, term, now)
    if upload is None:
        return start_again(request, term)
    try:
        roster = open_upload(upload, today=timezone.localdate(now)).roster()
    except RosterRefused:  # a year of birth may turn implausible at midnight
        return redirect(f"{reverse('term_import_mapping', args=[term.pk])}?upload={upload.pk}")
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
            "query": f"?upload={upload.pk}",
            "consent_text": CONSENT_TEXTS.get(upload.text_version, upload.text_version),
            "total": len(roster.rows),
            "new": len(roster.rows) - known,
            "known": known,
            "without_times": sum(not row.windows for row in roster.rows),
            "narrowed": narrowed_people(
                ((f"{row.family_name} {row.given_name}".strip(), row.zone, row.windows) for row in roster.rows),
                term=term,
            ),
            "first_rows": roster.rows[:FIRST_ROWS],
            "ignored_columns": roster.ignored_columns,
        },
    )


def _take_in(request: HttpRequest, term: Term) -> HttpResponse:
    now = clock.now()
    upload = upload_of(request.POST["upload"], request, term, now)
    if upload is None:
        return start_again(request, term)
    try:
        roster = open_upload(upload, today=timezone.localdate(now)).roster()
        outcome = take_in(upload=upload, roster=roster, actor=request.user, now=now)
    except RosterRefused:
        return redirect(f"{reverse('term_import_mapping', args=[term.pk])}?upload={upload.pk}")
    except UploadGone:
        return start_again(request, term)
    messages.success(
        request,
        _("Added: %(added)s. Updated: %(updated)s. Without a change: %(unchanged)s.")
        % {"added": outcome.added, "updated": outcome.updated, "unchanged": outcome.unchanged},
    )
    people = reverse("term_people", args=[term.pk])
    return redirect(f"{people}?who=facilitators" if upload.kind == UploadedRoster.Kind.FACILITATORS else people)


def upload_of(written: str, request: HttpRequest, term: Term, now: datetime) -> UploadedRoster | None:
    """Return the reader's own file that a number from an address or form names, while it is kept."""
    if not written.isdecimal() or len(written) > 18:
        return None
    return (
        UploadedRoster.objects.of(request.user, now)
        .filter(term=term, pk=int(written))
        .select_related("term__programme")
        .first()
    )


def start_again(request: HttpRequest, term: Term) -> HttpResponse:
    """Lead back to choosing a file."""
    messages.info(request, _("This file has been taken in already, or has waited for over an hour. Choose it again."))
    return redirect("term_import", pk=term.pk)


def _kind(written: str | None) -> str:
    return written if written in UploadedRoster.Kind.values else UploadedRoster.Kind.PARTICIPANTS
