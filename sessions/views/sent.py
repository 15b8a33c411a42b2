"""The page of what was sent in a term, and sending again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.models import Term
from dialogue.querysets import TOO_LONG
from dialogue.services.resending import send_again
from dialogue.views.paging import filters_of, page_of
from sessions.term_messages import in_trouble, message_lines, messages_of, shown_of

MESSAGES_ON_A_PAGE = 100


@login_required
def term_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages of a term that are due, the newest first; with `show` those of `shown_of`."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now, show = clock.now(), request.GET.get("show", "")
    waits = messages_of(term).longest_wait(now)
    page = page_of(request, shown_of(term, show=show, now=now), size=MESSAGES_ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_messages.html",
        {
            "term": term,
            "tab": "messages",
            "page": page,
            "lines": message_lines(page, term=term, now=now),
            "trouble": in_trouble(messages_of(term)).count(),
            "waits": int(waits.total_seconds() // 60) if waits > TOO_LONG else 0,
            "show": show,
            "query": filters_of(request),
        },
    )


@require_POST
@login_required
def message_again(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """Send a message again that was given up, where that cannot double it."""
    term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
    row = get_object_or_404(messages_of(term), pk=message)
    if send_again(message_id=row.pk, actor=request.user, now=clock.now()):
        messages.success(request, gettext("It is sent again, if it is still wanted."))
    else:
        messages.info(request, gettext("Nothing was changed: it is no longer waiting to be sent again."))
    return redirect(f"{reverse('term_messages', args=[term.pk])}?show=trouble")
