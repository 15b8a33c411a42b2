"""A programme's own prompts: write, change, approve, take out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogue import clock
from dialogue.forms.own_prompts import OwnPromptForm
from dialogue.models import Programme, Prompt
from dialogue.services.own_prompts import (
    BreaksRules,
    NeedsAnother,
    NotADraft,
    approve_prompt,
    retire_prompt,
    rewrite_prompt,
    write_prompt,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prompt_new(request: HttpRequest) -> HttpResponse:
    """Ask for a prompt and keep it as a draft; what breaks a rule is said beside its field."""
    programmes = Programme.objects.managed_by(request.user).order_by("name", "pk")
    if not programmes:
        raise Http404
    form = OwnPromptForm(request.POST or None, programmes=programmes)
    if form.is_valid():
        try:
            draft = write_prompt(
                programme=form.cleaned_data["programme"], text=form.text(), author=request.user, now=clock.now()
            )
        except BreaksRules as broken:
            form.say(broken)
        else:
            messages.success(request, _("Kept as a draft. Another coordinator approves it before it is drawn."))
            return redirect("prompt", slug=draft.slug)
    return render(request, "dialogue/prompt_form.html", {"form": form})


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
            messages.success(request, _("Kept as a draft. Another coordinator approves it before it is drawn."))
            return redirect("prompt", slug=draft.slug)
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
