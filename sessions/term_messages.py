"""What was sent in a term as lines: to whom, about what, what became of it and why. Never what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.addresses import address_of
from dialogue.models import BulkMail, Cohort, OutboundMessage, Participation, Term
from dialogue.querysets import TOO_LATE, OutboundMessageQuerySet
from dialogue.reception_words import LETTERS
from dialogue.services.resending import may_send_again
from sessions.models import DialogueSession, Gathering

KIND_WORDS: dict[str, str | Promise] = {
    "cohort_formed": _("Welcome to the cohort"),
    "invitation": _("Invitation"),
    "session_moved": _("Change of time"),
    "session_cancelled": _("Cancellation"),
    "session_postponed": _("Postponement"),
    "session_returned": _("Postponement taken back"),
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
    "cohort_facilitator_changed": _("Another facilitator of the cohort"),
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
    TOO_LATE: _("It could not go out in time."),
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
_IN_TROUBLE = (Status.UNCERTAIN, Status.DEAD, Status.HELD)


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


def in_trouble(rows: OutboundMessageQuerySet) -> OutboundMessageQuerySet:
    """Return those that did not surely arrive, with those that could not go out in time."""
    return rows.filter(status__in=_IN_TROUBLE) | rows.missed()


def shown_of(term: Term, *, show: str, now: datetime) -> OutboundMessageQuerySet:
    """Return the messages of a term that are due, the newest first.

    With `show` "coming" those that are not due yet, the next one first; with "trouble" those that did not surely
    arrive.
    """
    rows = messages_of(term).select_related("recipient")
    if show == "coming":
        return rows.filter(due_at__gt=now, status=Status.QUEUED).order_by("due_at", "pk")
    narrowed = in_trouble(rows) if show == "trouble" else rows.filter(due_at__lte=now)
    return narrowed.order_by("-due_at", "-pk")


def message_lines(rows: Iterable[OutboundMessage], *, term: Term, now: datetime) -> list[MessageLine]:
    """Return messages in words. Three queries, however many they are."""
    found = list(rows)
    subjects = _subjects(found)
    held = {one.recipient_id for one in found if one.status == Status.HELD}
    address_urls = {
        person: address_of("person_address", one)
        for person, one in term.participations.filter(person__in=held).values_list("person", "pk")
    }
    return [
        MessageLine(
            one,
            KIND_WORDS.get(one.kind, one.kind),
            subjects.get(one.subject_key),
            "attention" if one.trouble == TOO_LATE and one.status == Status.VOID else TONES[one.status],
            _reason_of(one),
            may_send_again(one, now=now),
            address_urls.get(one.recipient_id, "") if one.status == Status.HELD else "",
        )
        for one in found
    ]


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
