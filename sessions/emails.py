"""Every mail about cohorts and sessions: a contents page."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_moment, format_name, format_span, format_weekly
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import Cohort, OutboundMessage, Person
from dialogue.outbox import message_id_for
from sessions import calendar
from sessions.announcing import REMINDERS
from sessions.calendar import Role
from sessions.calendar_entries import entry_of, mailbox_of, organiser, page_of
from sessions.models import Attendance, DialogueSession
from sessions.services.answer_links import answer_token
from sessions.services.feeds import feed_of, token_of

Status = DialogueSession.Status


def _session_of(row: OutboundMessage) -> DialogueSession:
    """Read a session and all around it, once for the whole cohort whose mails leave together.

    Kept for a second of one round at most, and for one version: whether that stands is asked for each mail.
    """
    _noun, pk = row.subject_key.split(":")
    key = ("session", pk, row.subject_version, int(time.monotonic()))
    kept = row.kept if row.kept is not None else {}
    if key not in kept:
        kept[key] = DialogueSession.objects.select_related(
            "cohort__term__programme__organisation", "cohort__facilitation__person", "facilitator"
        ).get(pk=pk)
    return kept[key]


def _cohort_of(row: OutboundMessage) -> Cohort:
    _noun, pk = row.subject_key.split(":")
    return Cohort.objects.select_related("term__programme__organisation", "facilitation__person").get(pk=pk)


def _expecting(row: OutboundMessage) -> QuerySet[DialogueSession]:
    """The row's session, if it has this person in it: as a member today, or as its facilitator."""
    _noun, pk = row.subject_key.split(":")
    expected = Q(facilitator=row.recipient_id) | Q(attendances__person=row.recipient_id)
    return DialogueSession.objects.filter(expected, pk=pk)


def _standing(row: OutboundMessage, now: datetime) -> QuerySet[DialogueSession]:
    """The same, if it is still to come as it was when the row was written."""
    return _expecting(row).filter(status=Status.CONFIRMED, sequence=row.subject_version, ends_at__gt=now)


def _my_answer(row: OutboundMessage, **answer: Any) -> Q:
    mine = Attendance.objects.filter(session=OuterRef("pk"), person=row.recipient_id, **answer)
    return Q(Exists(mine))


def _stands(row: OutboundMessage, now: datetime) -> bool:
    return _standing(row, now).exists()


def _coming(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session still stands and the person has not said no."""
    return _standing(row, now).exclude(_my_answer(row, answer=Attendance.Answer.NO)).exists()


def _unanswered(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session stands and this person has not answered; the facilitator, who need not, is told too."""
    return _standing(row, now).exclude(_my_answer(row, answered_at__isnull=False)).exists()


def _cancelled_for(row: OutboundMessage, now: datetime) -> bool:
    """Whether the session is out of this person's calendar: cancelled for all, or left by them."""
    return not _expecting(row).exclude(status=Status.CANCELLED).exists()


def _record_missing(row: OutboundMessage, now: datetime) -> bool:
    held = _expecting(row).filter(status=Status.CONFIRMED, sequence=row.subject_version, ends_at__lte=now)
    return held.exists()


def _cohort_runs(row: OutboundMessage, now: datetime) -> bool:
    cohort = _cohort_of(row)
    mine = cohort.memberships.filter(participation__person=row.recipient, left_at__isnull=True)
    return cohort.status != Cohort.Status.ENDED and (cohort.facilitation.person_id == row.recipient_id or mine.exists())


def _words(session: DialogueSession, person: Person) -> dict[str, Any]:
    """What every mail about a session may say, in the reader's language and zone."""
    here = timezone.get_current_timezone()
    language = translation.get_language()
    term = session.cohort.term
    when = {"starts_at": session.starts_at, "ends_at": session.ends_at, "language": language, "show_zone": True}
    home_when = format_span(zone=zone_named(term.zone), **when)
    my_when = format_span(zone=here, **when)
    return {
        "name": person.preferred_name,
        "organisation": term.programme.organisation.name,
        "programme": term.programme.title,
        "number": session.number,
        "count": term.session_count,
        "when": my_when,
        "home_when": home_when if home_when != my_when else "",
        "day_and_time": format_moment(at=session.starts_at, zone=here, language=language),
        "page": page_of(session),
        "facilitator": format_name(name=session.facilitator.preferred_name, language=language),
        "facilitates": session.facilitator_id == person.pk,
        "contact": term.contact,
        "answer_page": _answer_page(session, person),
    }


def _answer_page(session: DialogueSession, person: Person) -> str:
    """Return where this person answers without signing in; nothing for who is not asked."""
    mine = Attendance.objects.filter(session=session, person=person).first()
    if mine is None:
        return ""
    mine.session = session
    return urljoin(settings.BASE_URL, reverse("answer_link", args=[answer_token(mine)]))


def _plain(template: str) -> Callable[[OutboundMessage, datetime], Letter]:
    """A mail about a session without a calendar object."""

    def render(row: OutboundMessage, now: datetime) -> Letter:
        session = _session_of(row)
        return write_letter(template, _words(session, row.recipient), thread=_thread(session, row.recipient))

    return render


def _short_reminder(row: OutboundMessage, now: datetime) -> str:
    """What goes to LINE, where others may look over a shoulder: when and where, no names and no stories."""
    session = _session_of(row)
    when = format_span(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    return "\n".join([_("Your dialogue: %(when)s") % {"when": when}, _("Answer and enter here:"), page_of(session)])


def _thread(session: DialogueSession, person: Person) -> str:
    """The Message-ID of the first invitation, so that clients keep a session's mails together."""
    return message_id_for(f"invitation:{session.pk}:{person.pk}:0")


def _role(session: DialogueSession, person: Person) -> Role:
    return Role.FACILITATOR if session.facilitator_id == person.pk else Role.PARTICIPANT


def _calendar_request(session: DialogueSession, person: Person) -> bytes:
    return calendar.request(entry_of(session), organiser(), mailbox_of(person), _role(session, person))


def _calendar_cancel(session: DialogueSession, person: Person, *, left_at: datetime | None) -> bytes:
    """For somebody who left, the session stands: theirs alone is cancelled, one version later (RFC 5546 3.2.5)."""
    entry = entry_of(session)
    if left_at is not None:
        changed_at = max(left_at, entry.changed_at + timedelta(seconds=1))
        entry = replace(entry, sequence=entry.sequence + 1, changed_at=changed_at, status="CANCELLED")
    return calendar.cancel(entry, organiser(), mailbox_of(person), _role(session, person))


def _invitation(row: OutboundMessage, now: datetime) -> Letter:
    session = _session_of(row)
    return write_letter(
        "sessions/email/invitation",
        _words(session, row.recipient),
        calendar=_calendar_request(session, row.recipient),
        method="REQUEST",
    )


def _moved(row: OutboundMessage, now: datetime) -> Letter:
    session = _session_of(row)
    before = datetime.fromisoformat(row.context["previous_start"])
    previous = format_span(
        starts_at=before,
        ends_at=before + (session.ends_at - session.starts_at),
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    return write_letter(
        "sessions/email/moved",
        {**_words(session, row.recipient), "previous_when": previous},
        calendar=_calendar_request(session, row.recipient),
        method="REQUEST",
        thread=_thread(session, row.recipient),
    )


def _cancelled(row: OutboundMessage, now: datetime) -> Letter:
    session = _session_of(row)
    for_all = session.status == Status.CANCELLED
    return write_letter(
        "sessions/email/cancelled",
        {**_words(session, row.recipient), "for_all": for_all},
        calendar=_calendar_cancel(session, row.recipient, left_at=None if for_all else row.created_at),
        method="CANCEL",
        thread=_thread(session, row.recipient),
    )


def _welcome(row: OutboundMessage, now: datetime) -> Letter:
    cohort, person = _cohort_of(row), row.recipient
    here, language = timezone.get_current_timezone(), translation.get_language()
    term = cohort.term
    sessions = DialogueSession.objects.filter(cohort=cohort).standing().order_by("starts_at")
    feed = urljoin(settings.BASE_URL, reverse("calendar_feed", args=[token_of(feed_of(person=person, now=now))]))
    window = WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + term.session_minutes)
    return write_letter(
        "sessions/email/welcome",
        {
            "name": person.preferred_name,
            "organisation": term.programme.organisation.name,
            "programme": term.programme.title,
            "facilitates": cohort.facilitation.person_id == person.pk,
            "facilitator": format_name(name=cohort.facilitation.person.preferred_name, language=language),
            "members": cohort.memberships.filter(left_at__isnull=True).count(),
            "window": format_weekly(
                window=window,
                language=language,
                zone=zone_named(term.zone),
                show_zone=True,
                every=Cadence(term.cadence),
            ),
            "interests": [name_of(key, language or "ja") for key in cohort.shared_interests[:3]],
            "dates": [
                format_span(starts_at=one.starts_at, ends_at=one.ends_at, zone=here, language=language, show_zone=False)
                for one in sessions
            ],
            "zone_note": str(here) != term.zone,
            "zone": str(here),
            "home": urljoin(settings.BASE_URL, reverse("home")),
            "feed": feed,
            "contact": term.contact,
        },
    )


register(MessageKind("cohort_formed", repeatable=True, still_wanted=_cohort_runs, render=_welcome))
register(MessageKind("invitation", repeatable=True, still_wanted=_stands, render=_invitation))
register(MessageKind("session_moved", repeatable=True, still_wanted=_stands, render=_moved))
register(MessageKind("session_cancelled", repeatable=True, still_wanted=_cancelled_for, render=_cancelled))
for _name in REMINDERS:
    register(
        MessageKind(
            _name,
            repeatable=False,
            still_wanted=_unanswered if _name == "reminder_72h" else _coming,
            render=_plain(f"sessions/email/{_name}"),
            reminder=_name.removeprefix("reminder_"),
            short=_short_reminder,
        )
    )
register(
    MessageKind(
        "record_due", repeatable=False, still_wanted=_record_missing, render=_plain("sessions/email/record_due")
    )
)
