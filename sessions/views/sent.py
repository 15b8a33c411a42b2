"""What was sent in a term: to whom, about what, and what became of it. Never what it says."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue import clock
from dialogue.models import Cohort, OutboundMessage, Participation, Term
from dialogue.reception_words import LETTERS
from dialogue.views.paging import filters_of, page_of
from sessions.models import DialogueSession

MESSAGES_ON_A_PAGE = 100
KIND_WORDS: dict[str, str | Promise] = {
    "cohort_formed": _("Welcome to the cohort"),
    "invitation": _("Invitation"),
    "session_moved": _("Change of time"),
    "session_cancelled": _("Cancellation"),
    "reminder_72h": _("Reminder, three days ahead"),
    "reminder_24h": _("Reminder, a day ahead"),
    "reminder_1h": _("Reminder, an hour ahead"),
    "record_due": _("Reminder of the record"),
    "not_placed": _("No cohort yet"),
    **LETTERS,
}
TONES = {
    "queued": "waiting",
    "sending": "waiting",
    "sent": "done",
    "void": "ended",
    "uncertain": "attention",
    "dead": "attention",
}
NEEDS_A_LOOK = (OutboundMessage.Status.UNCERTAIN, OutboundMessage.Status.DEAD)


@login_required
def term_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages of a term that are due, the newest first.

    With `show=coming` those that are not due yet, the next one first; with `show=trouble` those that did not surely
    arrive.
    """
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    rows = OutboundMessage.objects.about(
        ("session", DialogueSession.objects.filter(cohort__term=term)),
        ("cohort", Cohort.objects.filter(term=term)),
        ("participation", Participation.objects.filter(term=term)),
    )
    now = clock.now()
    trouble = rows.filter(status__in=NEEDS_A_LOOK)
    show = request.GET.get("show")
    if show == "coming":
        shown = rows.filter(due_at__gt=now, status=OutboundMessage.Status.QUEUED).order_by("due_at", "pk")
    else:
        shown = (trouble if show == "trouble" else rows.filter(due_at__lte=now)).order_by("-due_at", "-pk")
    page = page_of(request, shown.select_related("recipient"), size=MESSAGES_ON_A_PAGE)
    subjects = _subjects(page)
    return render(
        request,
        "sessions/coordinator/term_messages.html",
        {
            "term": term,
            "tab": "messages",
            "page": page,
            "lines": [
                (one, KIND_WORDS.get(one.kind, one.kind), subjects.get(one.subject_key), TONES[one.status])
                for one in page
            ],
            "trouble": trouble.count(),
            "show": show,
            "query": filters_of(request),
        },
    )


def _subjects(messages: Iterable[OutboundMessage]) -> dict[str, tuple[int, int | None]]:
    """Return cohort and session number by subject key, in two queries."""
    wanted: dict[str, list[str]] = {"session": [], "cohort": []}
    for one in messages:
        noun, _colon, pk = one.subject_key.partition(":")
        if noun in wanted:
            wanted[noun].append(pk)
    sessions = DialogueSession.objects.filter(pk__in=set(wanted["session"])).values_list(
        "pk", "cohort__number", "number"
    )
    cohorts = Cohort.objects.filter(pk__in=set(wanted["cohort"])).values_list("pk", "number")
    return {f"session:{pk}": (cohort, number) for pk, cohort, number in sessions} | {
        f"cohort:{pk}": (number, None) for pk, number in cohorts
    }
