"""Erasing what is known of a participant, at their request."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.models import Participation
from dialogue.reception_words import full_name_of
from sessions.models import DialogueSession
from sessions.services.forgetting import StillLeads, forget


@login_required
def participation_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what will be erased and what stays, and then erase what somebody gave for a term."""
    managed = Participation.objects.managed_by(request.user).select_related("person", "term__programme")
    place = get_object_or_404(managed, pk=pk)
    now = clock.now()
    if request.method == "POST":
        try:
            was_there = forget(participation_id=place.pk, actor=request.user, now=now)
        except StillLeads:
            messages.error(request, _("This person still leads a cohort. Give it to another facilitator first."))
            return redirect("participation_forget", pk=place.pk)
        if was_there:
            messages.success(request, _("Erased. Name and address go as soon as their calendar has been told."))
        return redirect("term_people", pk=place.term_id)
    coming = DialogueSession.objects.filter(attendances__person=place.person_id, cohort__term=place.term_id)
    return render(
        request,
        "sessions/coordinator/participation_forget.html",
        {
            "term": place.term,
            "tab": "participations",
            "place": place,
            "name": full_name_of(place),
            "coming": coming.to_come(now).count(),
        },
    )
