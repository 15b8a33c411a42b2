"""After a session: the three questions, the small step that comes back, and what a term's coordinators see."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dialogue import clock
from dialogue.models import Term
from sessions.after_figures import figures_of
from sessions.core.after import LEAST, Question
from sessions.models import DialogueSession, SmallStep
from sessions.services.after import NotAsked, answer_after
from sessions.services.writing import settle_step

STEP_WORDS = {
    SmallStep.Status.DONE: gettext_lazy("You tried it. Only you can see that."),
    SmallStep.Status.LET_GO: gettext_lazy("You have let it go. Only you can see that."),
    SmallStep.Status.OPEN: gettext_lazy("Your small step is back."),
}


@require_POST
@login_required
def session_after(request: HttpRequest, pk: int) -> HttpResponse:
    """Count one answer to one question. What was answered is kept nowhere with the person."""
    session = get_object_or_404(DialogueSession.objects.attended_by(request.user).select_related("joint_with"), pk=pk)
    try:
        question = Question(request.POST.get("question", ""))
        step = int(request.POST.get("step", ""))
        answer_after(session=session, person_id=request.user.pk, question=question, step=step, now=clock.now())
    except (ValueError, NotAsked):
        text, status = _("This question takes no answer now. Nothing was kept."), 409
    else:
        text, status = _("Thank you. Your answer is counted, and nothing tells that it was yours."), 200
    if not request.accepts("text/html"):
        return JsonResponse({"text": text}, status=status)
    (messages.success if status == 200 else messages.error)(request, text)
    return HttpResponseRedirect(f"{reverse('session_reflection', args=[session.pk])}#after")


@require_POST
@login_required
def small_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of one's own small step that it was tried, or let it go, or take it up again."""
    step = get_object_or_404(SmallStep.objects.of(request.user), pk=pk)
    status = request.POST.get("status", "")
    try:
        settle_step(step_id=step.pk, author=request.user, status=status, now=clock.now())
    except SmallStep.DoesNotExist as error:
        raise Http404 from error
    except ValueError:
        messages.error(request, _("Please choose one of the answers."))
    else:
        messages.success(request, STEP_WORDS[SmallStep.Status(status)])
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return redirect("session_reflection", pk=step.session_id)


@login_required
@never_cache
@require_safe
def term_after(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a term's coordinators what was answered, week by week, where five people or more have answered."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    figures = figures_of(term, now=clock.now())
    has_lines = any(figure.lines for figure in figures)
    context = {"term": term, "tab": "sessions", "figures": figures, "has_lines": has_lines, "least": LEAST}
    return render(request, "sessions/coordinator/term_after.html", context)
