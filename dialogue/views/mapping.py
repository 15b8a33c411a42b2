"""How a file is read: each column with its meaning, what that makes of it, and what could not be read."""

from collections.abc import Iterator
from typing import Any, Literal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.generation import Generation
from dialogue.core.interests import name_of
from dialogue.core.roster import FacilitatorRow, ParticipantRow, RosterRefused, column_letter, print_windows
from dialogue.core.roster.mapping_text import mapping_to_toml
from dialogue.core.roster.samples import Sample, samples
from dialogue.forms.mapping import MappingForm
from dialogue.forms.mapping_questions import GENERATION_LABELS
from dialogue.models import Term, UploadedRoster
from dialogue.reading_files import Opened, open_upload, turned
from dialogue.roster_errors import what_to_do
from dialogue.services.uploads import change_mapping, mapping_of, remember_mapping
from dialogue.views.importing import SHOWN_ERRORS, start_again, upload_of

FIRST_ROWS = 5


@login_required
def term_import_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a kept file is read, and on POST read it in another way; `go` leads on to what it would change."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme__organisation"), pk=pk)
    now = clock.now()
    upload = upload_of(request.POST.get("upload") or request.GET.get("upload") or "", request, term, now)
    if upload is None:
        return start_again(request, term)
    today = timezone.localdate(now)
    try:
        opened = open_upload(upload, today=today)
    except RosterRefused:
        return start_again(request, term)
    if "turn" in request.POST:
        return _turned(request, term, upload)
    is_for_facilitators = upload.kind == UploadedRoster.Kind.FACILITATORS
    form = MappingForm(
        request.POST or None,
        table=opened.table,
        mapping=opened.mapping,
        attempt=opened.attempt,
        facilitators=is_for_facilitators,
    )
    if request.method == "POST" and form.is_valid():
        change_mapping(upload=upload, mapping=form.corrected())
        read = open_upload(upload, today=today)
        if "go" in request.POST and not read.attempt.errors:
            if "remember" in request.POST:
                remember_mapping(
                    programme=term.programme,
                    kind=upload.kind,
                    header_key=read.header_key,
                    mapping=read.mapping,
                    now=now,
                )
            return redirect(f"{reverse('term_import', args=[term.pk])}?upload={upload.pk}")
        if "go" in request.POST:
            messages.info(request, _("Some of the file cannot be read yet. Nothing has been taken in."))
        return redirect(f"{reverse('term_import_mapping', args=[term.pk])}?upload={upload.pk}")
    return render(
        request,
        "dialogue/term_import_mapping.html",
        {
            "term": term,
            "tab": "participations",
            "upload": upload,
            "toml_url": f"{reverse('term_import_toml', args=[term.pk])}?upload={upload.pk}",
            "form": form,
            "columns": list(_columns(form, opened)),
            "problems": list(_problems(form, opened)),
            "problem_total": len(opened.attempt.errors),
            "typed": _typed(form, opened),
            "people": [_in_words(row) for row in opened.attempt.people[:FIRST_ROWS]],
            "total": len(opened.attempt.people),
            "without_times": sum(not row.windows for row in opened.attempt.people),
            "is_busy": opened.mapping.rules.says.value == "busy",
            "people_in_columns": opened.mapping.people_in_columns,
        },
    )


@login_required
def term_import_toml(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the mapping of a kept file as TOML, for `plan --mapping` and `import_roster --mapping`."""
    term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
    upload = upload_of(request.GET.get("upload", ""), request, term, clock.now())
    if upload is None:
        return start_again(request, term)
    response = HttpResponse(mapping_to_toml(mapping_of(upload)), content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="mapping.toml"'
    return response


def _turned(request: HttpRequest, term: Term, upload: UploadedRoster) -> HttpResponse:
    """Read the file with its columns as people, or with its rows again; say so where that is no table."""
    try:
        change_mapping(upload=upload, mapping=turned(upload))
    except RosterRefused:
        messages.error(request, _("Read that way the file has no heads. Nothing has been changed."))
    return redirect(f"{reverse('term_import_mapping', args=[term.pk])}?upload={upload.pk}")


def _columns(form: MappingForm, opened: Opened) -> Iterator[dict[str, Any]]:
    shown = samples(opened.table, opened.mapping)
    named = (each for name, each in zip(opened.table.names, shown, strict=True) if name)
    for asked, some in zip(form.columns(), named, strict=True):
        yield {
            "use": asked.use,
            "detail": asked.detail,
            "samples": [(one.text, _becomes(one)) for one in some],
            "is_read": bool(asked.use.value()),
        }


def _becomes(sample: Sample) -> str:
    match sample.read:
        case None:
            return _("cannot be read")
        case Generation() as generation:
            return str(GENERATION_LABELS[generation])
        case bool() as yes:
            return _("Yes") if yes else _("No")
        case str() as text:
            return text or "–"
        case windows:
            return print_windows(windows, _language()) or _("no times")


def _problems(form: MappingForm, opened: Opened) -> Iterator[dict[str, Any]]:
    asked: set[str] = set()
    for error in opened.attempt.errors[:SHOWN_ERRORS]:
        field = form.field_for(error)
        if field is not None and field.name in asked:
            field = None  # the same text in the same column is asked about once
        if field is not None:
            asked.add(field.name)
        letter = column_letter(error.line) if error.in_column and error.line else ""
        yield {"error": error, "letter": letter, "words": what_to_do(error), "field": field}


def _typed(form: MappingForm, opened: Opened) -> list[Any]:
    """Return the fields for what was typed before and reads well now."""
    open_ones = {field.name for error in opened.attempt.errors if (field := form.field_for(error)) is not None}
    return [field for field in form.some("meant_", "address_") if field.name not in open_ones]


def _in_words(row: ParticipantRow | FacilitatorRow) -> dict[str, Any]:
    is_participant = isinstance(row, ParticipantRow)
    return {
        "row": row,
        "generation": GENERATION_LABELS[row.generation] if is_participant else "",
        "times": print_windows(row.windows, _language()),
        "interests": ", ".join(f"{name_of(one.text, _language())} {one.rating}" for one in row.interests)
        if is_participant
        else "",
    }


def _language() -> Literal["ja", "en"]:
    return "ja" if (get_language() or "ja").startswith("ja") else "en"
