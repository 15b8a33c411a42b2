"""What letters about a session have in common: whom they still concern, and the words that any of them may say."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_moment, format_name, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter
from dialogue.models import OutboundMessage, Person
from dialogue.outbox import message_id_for
from sessions.calendar_entries import page_of
from sessions.models import Attendance, DialogueSession
from sessions.services.answer_links import answer_token

Status = DialogueSession.Status


def session_of(row: OutboundMessage) -> DialogueSession:
    """Return what a letter is about with everything that its words read, once for all whose mails leave together.

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


def expecting(row: OutboundMessage) -> QuerySet[DialogueSession]:
    """The row's session, if it has this person in it: as a member today, or as its facilitator."""
    _noun, pk = row.subject_key.split(":")
    expected = Q(facilitator=row.recipient_id) | Q(attendances__person=row.recipient_id)
    return DialogueSession.objects.filter(expected, pk=pk)


def standing(row: OutboundMessage, now: datetime) -> QuerySet[DialogueSession]:
    """The same, if it is still to come as it was when the row was written."""
    return expecting(row).filter(status=Status.CONFIRMED, sequence=row.subject_version, ends_at__gt=now)


def my_answer(row: OutboundMessage, **answer: Any) -> Q:
    """Return the condition on a session that the recipient answered it so."""
    mine = Attendance.objects.filter(session=OuterRef("pk"), person=row.recipient_id, **answer)
    return Q(Exists(mine))


def words(session: DialogueSession, person: Person) -> dict[str, Any]:
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
        "place": session.place,
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


def plain(template: str) -> Callable[[OutboundMessage, datetime], Letter]:
    """A mail about a session without a calendar object."""

    def render(row: OutboundMessage, now: datetime) -> Letter:
        session = session_of(row)
        return write_letter(template, words(session, row.recipient), thread=thread_of(session, row.recipient))

    return render


def thread_of(session: DialogueSession, person: Person) -> str:
    """The Message-ID of the first invitation, so that clients keep a session's mails together."""
    return message_id_for(f"invitation:{session.pk}:{person.pk}:0")
