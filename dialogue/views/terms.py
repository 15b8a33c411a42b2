"""Set up a term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.models import Programme
from dialogue.services.terms import create_term
from dialogue.term_forms import TermForm


@login_required
def term_new(request: HttpRequest) -> HttpResponse:
    """Ask for a new term of a programme that the reader coordinates, and make it."""
    if not Programme.objects.managed_by(request.user).exists():
        raise Http404
    now = clock.now()
    form = TermForm(request.POST or None, reader=request.user, today=timezone.localdate(now))
    if form.is_valid():
        try:
            term = create_term(
                programme=form.cleaned_data["programme"],
                values=form.values(),
                closed_days=form.cleaned_data["closed_days"],
                actor=request.user,
                now=now,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The term is there. Next, bring in your people."))
            return redirect("term", pk=term.pk)
    return render(request, "dialogue/term_new.html", {"form": form})
