"""Make a term after an earlier one: what comes along is said, shown and chosen before it is made."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.core.closed_day_lines import days_in
from dialogue.forms.term_copies import CopyForm
from dialogue.models import Prompt, Term
from dialogue.term_copying import copied_answers, slots_of
from dialogue.views.term_sheet import Sheet, may_be_saved, sheet_of
from matching.usual_wishes import lived_by
from matching.wish_words import words_of_wishes
from sessions.models import QuorumSetting
from sessions.services.copying import copy_term


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the term that follows one of the reader's, with the answers of that one, and make it."""
    source = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now = clock.now()
    today = timezone.localdate(now)

    def ask(data: Any, initial: dict[str, Any]) -> CopyForm:
        return CopyForm(data, source=source, reader=request.user, today=today, initial=initial)

    sheet = sheet_of(request, ask, copied_answers(source, today=today), slots_of(source), programme=source.programme)
    if may_be_saved(request, sheet):
        said = sheet.form.cleaned_data
        try:
            term = copy_term(
                source=source,
                values=sheet.form.values(),
                closed_days=said["closed_days"],
                slots=sheet.slots.slots(),
                facilitators=said.get("facilitators", ()),
                partners=said.get("partners", ()),
                actor=request.user,
                now=now,
            )
        except ValidationError as error:
            sheet.form.add_error(None, error.messages)
        else:
            messages.success(request, _("The term is there, and nobody was mailed. Next, bring in your people."))
            return redirect("term", pk=term.pk)
    return render(
        request,
        "sessions/coordinator/term_copy.html",
        {
            **sheet.context(),
            "source": source,
            "left_days": _left_behind(source, sheet),
            "wishes": words_of_wishes(lived_by(source)),
            "quorum": QuorumSetting.objects.filter(term=source).first() or QuorumSetting(term=source),
            "own_prompts": Prompt.objects.filter(
                deck__programme=source.programme_id, status=Prompt.Status.APPROVED
            ).count(),
        },
    )


def _left_behind(source: Term, sheet: Sheet) -> list[Any]:
    """Return the source's own closed days that are not among those of the form."""
    if sheet.form.is_bound:
        kept = set(sheet.form.cleaned_data.get("closed_days") or ())
    else:
        kept = set(days_in(sheet.form.initial.get("closed_days") or "", today=sheet.form.today))
    return [day for day in source.closed_days.order_by("date") if day.date not in kept]
