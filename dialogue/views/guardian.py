"""A guardian's page: what the programme is, what is asked, and the answer. Whoever holds the link may open it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.forms.reception import GuardianAnswerForm
from dialogue.services.guardians import (
    AlreadyAnswered,
    GuardianRefused,
    LinkExpired,
    LinkRefused,
    answer_for_guardian,
    guardianship_of,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guardian what they are asked, keep their answer, and show it again afterwards."""
    now = clock.now()
    try:
        asked = guardianship_of(token=token, now=now)
    except LinkExpired:
        return render(request, "dialogue/reception/guardian_expired.html", status=410)
    except LinkRefused as error:
        raise Http404 from error
    form = GuardianAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_for_guardian(guardianship_id=asked.pk, agreed=form.agrees(), now=now)
        except AlreadyAnswered:
            messages.warning(request, _("You have answered before. The coordinators can change it for you."))
        except GuardianRefused:
            messages.warning(request, _("The application has been closed meanwhile. Nothing was changed."))
        else:
            messages.success(request, _("Thank you. Your answer has been kept."))
        return redirect("guardian", token=token)
    one = asked.participation
    return render(
        request,
        "dialogue/reception/guardian.html",
        {
            "asked": asked,
            "form": form,
            "child": one.person.full_name or one.person.preferred_name,
            "term": one.term,
            "is_closed": one.status in {one.Status.ENDED, one.Status.RELAYED},
        },
    )
