"""Set up a term, and change it."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.term_templates import TEMPLATES
from dialogue.forms.terms import TermForm
from dialogue.models import Programme, Term
from dialogue.services.terms import TermRefused, change_term, create_term
from dialogue.term_copying import own_answers, proposed_slots, slots_of, usual_answers
from dialogue.views.term_sheet import may_be_saved, sheet_of

TERMS_TO_COPY: Final = 8


@login_required
def term_new(request: HttpRequest) -> HttpResponse:
    """Ask for a new term of a programme that the reader coordinates, and make it."""
    programmes = list(Programme.objects.managed_by(request.user).order_by("name"))
    if not programmes:
        raise Http404
    now = clock.now()
    today = timezone.localdate(now)
    template = request.GET.get("template", "")
    only = programmes[0] if len(programmes) == 1 else None
    answers = usual_answers(programme=only, template=template, today=today)

    def ask(data: Any, initial: dict[str, Any]) -> TermForm:
        return TermForm(data, reader=request.user, today=today, initial=initial, instance=Term())

    sheet = sheet_of(request, ask, answers, proposed_slots(), programme=only)
    if may_be_saved(request, sheet):
        try:
            term = create_term(
                programme=sheet.form.cleaned_data["programme"],
                values=sheet.form.values(),
                closed_days=sheet.form.cleaned_data["closed_days"],
                slots=sheet.slots.slots(),
                actor=request.user,
                now=now,
            )
        except ValidationError as error:
            sheet.form.add_error(None, error.messages)
        else:
            messages.success(request, _("The term is there. Next, bring in your people."))
            return redirect("term", pk=term.pk)
    return render(
        request,
        "dialogue/term_new.html",
        {
            **sheet.context(),
            "templates": TEMPLATES,
            "template": template,
            "earlier": Term.objects.managed_by(request.user)
            .select_related("programme")
            .order_by("-starts_on", "-pk")[:TERMS_TO_COPY],
        },
    )


@login_required
def term_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to change in a term, and change it."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now = clock.now()
    today = timezone.localdate(now)
    settled = term.cohorts.exists()
    kept = list(term.slots.filter(answers__isnull=False).distinct())

    def ask(data: Any, initial: dict[str, Any]) -> TermForm:
        instance = Term.objects.select_related("programme").get(pk=term.pk)  # a form writes what it reads into its row
        return TermForm(data, reader=request.user, today=today, initial=initial, instance=instance, settled=settled)

    sheet = sheet_of(
        request, ask, own_answers(term), slots_of(term), programme=term.programme, term=term, settled=settled, kept=kept
    )
    if may_be_saved(request, sheet):
        try:
            change_term(
                term=term,
                values=sheet.form.values(),
                closed_days=sheet.form.cleaned_data.get("closed_days"),
                slots=sheet.slots.slots(),
                actor=request.user,
                now=now,
            )
        except ValidationError as error:
            sheet.form.add_error(None, error.messages)
        except TermRefused:
            # somebody was quicker: a cohort was published or a time answered while this page was open
            messages.warning(request, _("The term has changed meanwhile. Please look at it again."))
            return redirect("term_edit", pk=term.pk)
        else:
            messages.success(request, _("The term is changed."))
            return redirect("term", pk=term.pk)
    context = {**sheet.context(), "term": term, "tab": "overview", "settled": settled, "kept": bool(kept)}
    return render(request, "dialogue/term_edit.html", context)
