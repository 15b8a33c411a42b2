"""What was sent in a term: to whom, about what, what became of it and why. Never what it says."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.addresses import address_of
from dialogue.models import BulkMail, Cohort, OutboundMessage, Participation, Term
from dialogue.querysets import OutboundMessageQuerySet
from dialogue.reception_words import LETTERS
from dialogue.services.resending import may_send_again, send_again
from dialogue.views.paging import filters_of, page_of
from sessions.models import DialogueSession, Gathering

MESSAGES_ON_A_PAGE = 100
KIND_WORDS: dict[str, str | Promise] = {
    "cohort_formed": _("Welcome to the cohort"),
    "invitation": _("Invitation"),
    "session_moved": _("Change of time"),
    "session_cancelled": _("Cancellation"),
    "session_postponed": _("Postponement"),
    "place_changed": _("Change of place"),
    "gathering_asked": _("Gathering: which dates suit"),
    "gathering_invited": _("Gathering: invitation"),
    "gathering_changed": _("Gathering: change"),
    "gathering_cancelled": _("Gathering: cancellation"),
    "gathering_reminder_72h": _("Gathering: reminder"),
    "gathering_reminder": _("Gathering: reminder"),
    "gathering_reminder_1h": _("Gathering: reminder"),
    "gathering_page": _("Gathering: short version"),
    "gathering_by_feed": _("Dates go over to the subscribed calendar"),
    "gathering_by_mail": _("Dates come by mail again"),
    "series_moved": _("Change of several times"),
    "series_cancelled": _("Cancellation of several sessions"),
    "calendar_by_feed": _("Dates go over to the subscribed calendar"),
    "calendar_by_mail": _("Dates come by mail again"),
    "reminder_72h": _("Reminder, three days ahead"),
    "reminder_24h": _("Reminder, a day ahead"),
    "reminder_1h": _("Reminder, an hour ahead"),
    "record_due": _("Reminder of the record"),
    "quorum_danger": _("A session in danger"),
    "alone_asked": _("A private question"),
    "stand_in_asked": _("Could you lead this session?"),
    "facilitator_changed": _("Another facilitator"),
    "standby_asked": _("Could you step in at this session?"),
    "guest_joins": _("Somebody steps in"),
    "session_mini": _("A small session"),
    "session_joint": _("Together with another cohort"),
    "dates_asked": _("Choice of another date"),
    "dates_nudged": _("Choice of another date, asked once more"),
    "dates_kept": _("The date stays"),
    "facilitator_briefing": _("Facilitator's briefing, a day ahead"),
    "session_thanks": _("Thanks, with the reflection"),
    "mid_term": _("Half of the series is over"),
    "goodbye": _("The series is over"),
    "next_term": _("The next term takes sign-ups"),
    "staff_digest": _("The week of the office"),
    "not_placed": _("No cohort yet"),
    "time_asked": _("Would this time do, too?"),
    "bulk_mail": _("Mail to several people"),
    **LETTERS,
}
TROUBLE_WORDS: dict[str, str | Promise] = {
    "sender stopped": _("Sending was cut in the middle. It may have arrived, so it is not sent again."),
    "SMTPServerDisconnected": _("The line broke in the middle. It may have arrived, so it is not sent again."),
    "TimeoutError": _("The mail server did not answer. It may have arrived, so it is not sent again."),
    "SMTPRecipientsRefused": _("The mail server does not take this address."),
    "address fails": _("Mail to this address comes back. It goes out once the address is corrected."),
    "restored": _("The server was restored from a backup. It may have been sent before, so it is not sent again."),
    "too late": _("It could not go out in time."),
    "not wished": _("This person does not want this reminder."),
}
TONES = {
    "queued": "waiting",
    "sending": "waiting",
    "sent": "done",
    "void": "ended",
    "uncertain": "attention",
    "dead": "attention",
    "held": "attention",
}
Status = OutboundMessage.Status
NEEDS_A_LOOK = (Status.UNCERTAIN, Status.DEAD, Status.HELD)


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message in words. `again` says that it may be sent again, `address_url` where the address is corrected."""

    one: OutboundMessage
    kind: str | Promise
    subject: tuple[int, int | None] | None
    tone: str
    reason: str | Promise
    again: bool
    address_url: str


def messages_of(term: Term) -> OutboundMessageQuerySet:
    """Return the messages about a term, its people, cohorts and sessions."""
    return OutboundMessage.objects.about(
        ("session", DialogueSession.objects.filter(cohort__term=term)),
        ("cohort", Cohort.objects.filter(term=term)),
        ("gathering", Gathering.objects.filter(term=term)),
        ("participation", Participation.objects.filter(term=term)),
        ("bulk", BulkMail.objects.filter(term=term)),
    )


@login_required
def term_messages(request: HttpRequest, pk: int) -> HttpResponse:
    """List the messages of a term that are due, the newest first.

    With `show=coming` those that are not due yet, the next one first; with `show=trouble` those that did not surely
    arrive.
    """
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    rows = messages_of(term)
    now = clock.now()
    trouble = rows.filter(status__in=NEEDS_A_LOOK)
    show = request.GET.get("show")
    if show == "coming":
        shown = rows.filter(due_at__gt=now, status=OutboundMessage.Status.QUEUED).order_by("due_at", "pk")
    else:
        shown = (trouble if show == "trouble" else rows.filter(due_at__lte=now)).order_by("-due_at", "-pk")
    page = page_of(request, shown.select_related("recipient"), size=MESSAGES_ON_A_PAGE)
    subjects = _subjects(page)
    held = {one.recipient_id for one in page if one.status == Status.HELD}
    address_urls = {
        person: address_of("person_address", one)
        for person, one in term.participations.filter(person__in=held).values_list("person", "pk")
    }
    return render(
        request,
        "sessions/coordinator/term_messages.html",
        {
            "term": term,
            "tab": "messages",
            "page": page,
            "lines": [
                MessageLine(
                    one,
                    KIND_WORDS.get(one.kind, one.kind),
                    subjects.get(one.subject_key),
                    TONES[one.status],
                    _reason_of(one),
                    may_send_again(one, now=now),
                    address_urls.get(one.recipient_id, "") if one.status == Status.HELD else "",
                )
                for one in page
            ],
            "trouble": trouble.count(),
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


def _reason_of(one: OutboundMessage) -> str | Promise:
    if not one.trouble or one.status == Status.SENT:
        return ""
    if one.status == Status.QUEUED:
        return _("It could not go out yet and is tried again.")
    if one.status == Status.DEAD and one.trouble not in TROUBLE_WORDS:
        return _("It was tried many times and given up.")
    return TROUBLE_WORDS.get(one.trouble, "")


def _subjects(rows: Iterable[OutboundMessage]) -> dict[str, tuple[int, int | None]]:
    """Return cohort and session number by subject key, in two queries."""
    wanted: dict[str, list[str]] = {"session": [], "cohort": []}
    for one in rows:
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
