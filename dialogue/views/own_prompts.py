"""A programme's own prompts: write, change, approve, take out."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue import clock
from dialogue.forms.own_prompts import OwnPromptForm
from dialogue.models import Programme, Prompt
from dialogue.services.own_prompts import (
    AlreadyAdapted,
    BreaksRules,
    NeedsAnother,
    NotADraft,
    Superseded,
    approve_prompt,
    leave_out_prompt,
    restore_prompt,
    retire_prompt,
    rewrite_prompt,
    take_in_prompt,
    write_prompt,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prompt_new(request: HttpRequest) -> HttpResponse:
    """Ask for a prompt and keep it as a draft; what breaks a rule is said beside its field."""
    programmes = Programme.objects.managed_by(request.user).order_by("name", "pk")
    if not programmes:
        raise Http404
    return _asked_to_write(request, programmes)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prompt_adapt(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a programme's own version of a prompt of the library as a draft, begun with the library's words."""
    library = get_object_or_404(_of_the_library(request), slug=slug)
    having = library.adapted_by.exclude(status=Prompt.Status.RETIRED).values("deck__programme")
    programmes = Programme.objects.managed_by(request.user).exclude(pk__in=having).order_by("name", "pk")
    with suppress(AlreadyAdapted):  # meanwhile
        if programmes:
            return _asked_to_write(request, programmes, adapts=library)
    messages.info(request, _("There is an own version of this prompt already."))
    return redirect("prompt", slug=library.slug)


def _asked_to_write(
    request: HttpRequest, programmes: QuerySet[Programme, Any], adapts: Prompt | None = None
) -> HttpResponse:
    form = OwnPromptForm(request.POST or None, programmes=programmes, adapts=adapts)
    if form.is_valid():
        programme = form.cleaned_data["programme"]
        try:
            draft = write_prompt(
                programme=programme, text=form.text(), author=request.user, now=clock.now(), adapts=adapts
            )
        except BreaksRules as broken:
            form.say(broken)
        else:
            return _kept_as_draft(request, draft)
    return render(request, "dialogue/prompt_form.html", {"form": form, "adapts": adapts})


def _kept_as_draft(request: HttpRequest, draft: Prompt) -> HttpResponse:
    messages.success(request, _("Kept as a draft. Another coordinator approves it before it is drawn."))
    return redirect("prompt", slug=draft.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prompt_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft, or write the next version of an approved prompt."""
    stands = get_object_or_404(Prompt.objects.managed_by(request.user), slug=slug)
    if stands.status == Prompt.Status.RETIRED:
        return redirect("prompt", slug=stands.slug)
    form = OwnPromptForm(request.POST or None, programmes=Programme.objects.none(), stands=stands)
    if form.is_valid():
        try:
            draft = rewrite_prompt(prompt_id=stands.pk, text=form.text(), author=request.user, now=clock.now())
        except BreaksRules as broken:
            form.say(broken)
        except NotADraft:
            messages.error(request, _("This prompt has been taken out meanwhile."))
            return redirect("prompt", slug=stands.slug)
        else:
            return _kept_as_draft(request, draft)
    return render(request, "dialogue/prompt_form.html", {"form": form, "stands": stands})


@login_required
@require_POST
def prompt_approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Approve a draft that somebody else wrote."""
    stands = get_object_or_404(Prompt.objects.managed_by(request.user), slug=slug)
    try:
        approve_prompt(prompt_id=stands.pk, actor=request.user, now=clock.now())
    except NeedsAnother:
        messages.error(request, _("You wrote this prompt, so somebody else approves it."))
    except NotADraft:
        messages.info(request, _("It is no draft any more."))
    else:
        messages.success(request, _("Approved. It is drawn for cohorts from now on."))
    return redirect("prompt", slug=stands.slug)


@login_required
@require_POST
def prompt_retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an own prompt out of what is drawn."""
    stands = get_object_or_404(Prompt.objects.managed_by(request.user), slug=slug)
    retire_prompt(prompt_id=stands.pk, actor=request.user, now=clock.now())
    messages.success(request, _("Taken out. Sessions that have it keep it."))
    return redirect("prompt", slug=stands.slug)


@login_required
@require_POST
def prompt_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an own prompt that was taken out in again."""
    stands = get_object_or_404(Prompt.objects.managed_by(request.user), slug=slug)
    try:
        restore_prompt(prompt_id=stands.pk, actor=request.user, now=clock.now())
    except Superseded:
        messages.error(request, _("Another version, or a prompt much like it, has taken its place meanwhile."))
    else:
        messages.success(request, _("It is as it was before it was taken out."))
    return redirect("prompt", slug=stands.slug)


@login_required
@require_POST
def prompt_leave_out(request: HttpRequest, slug: str, programme: int) -> HttpResponse:
    """Leave a prompt of the library out for a programme."""
    library = get_object_or_404(_of_the_library(request), slug=slug)
    own = get_object_or_404(Programme.objects.managed_by(request.user), pk=programme)
    leave_out_prompt(prompt=library, programme=own, actor=request.user, now=clock.now())
    messages.success(request, _("Left out. Sessions that have it keep it."))
    return redirect("prompt", slug=library.slug)


@login_required
@require_POST
def prompt_take_in(request: HttpRequest, slug: str, programme: int) -> HttpResponse:
    """Draw a prompt that was left out again."""
    library = get_object_or_404(_of_the_library(request), slug=slug)
    own = get_object_or_404(Programme.objects.managed_by(request.user), pk=programme)
    take_in_prompt(prompt=library, programme=own, actor=request.user, now=clock.now())
    messages.success(request, _("It is drawn again."))
    return redirect("prompt", slug=library.slug)


def _of_the_library(request: HttpRequest) -> QuerySet[Prompt, Any]:
    rows = Prompt.objects.visible_to(request.user).filter(deck__programme__isnull=True)
    return rows if Programme.objects.managed_by(request.user).exists() else rows.none()
