"""What somebody who has signed up is asked: a question of the coordinators, or an invitation to another term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.consent_texts import TAKE_PART, consent_text
from dialogue.core.reception import Stage
from dialogue.forms.reception import InvitationForm, ReplyForm
from dialogue.models import Participation
from dialogue.services.handing_on import NotInvited, answer_invitation
from dialogue.services.reception import NotAsked, reply, stage_of_participation


@login_required
def reception_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the coordinators asked, and keep the answer."""
    one = get_object_or_404(Participation.objects.of(request.user).select_related("term__programme"), pk=pk)
    form = ReplyForm(request.POST or None)
    if form.is_valid():
        try:
            reply(participation_id=one.pk, words=form.cleaned_data["words"], now=clock.now())
        except NotAsked:
            messages.info(request, _("The coordinators do not wait for an answer any more."))
        else:
            messages.success(request, _("Thank you. Your answer has reached the coordinators."))
        return redirect("home")
    if stage_of_participation(one) is not Stage.ASKED_BACK:
        return redirect("home")
    return render(request, "dialogue/reception/reply.html", {"one": one, "term": one.term, "form": form})


@login_required
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody who was handed on whether they want to apply there, with the text of consent."""
    one = get_object_or_404(
        Participation.objects.of(request.user).select_related("term__programme__organisation"), pk=pk
    )
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            answer_invitation(participation_id=one.pk, agrees=form.agrees(), now=clock.now())
        except NotInvited:
            messages.info(request, _("This invitation has been answered already."))
        else:
            messages.success(
                request,
                _("Thank you. You will get a mail when it is decided.")
                if form.agrees()
                else _("Thank you. Nothing you wrote has been passed on."),
            )
        return redirect("home")
    if stage_of_participation(one) is not Stage.INVITED:
        return redirect("home")
    text = consent_text(TAKE_PART, translation.get_language() or "ja")
    return render(request, "dialogue/reception/invitation.html", {"term": one.term, "form": form, "text": text})
