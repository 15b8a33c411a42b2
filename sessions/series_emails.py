"""Mails about several sessions at once: what moved, what was cancelled. They continue the contents page `emails`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from dialogue.core.wording import format_moment, format_name, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import Cohort, OutboundMessage, Person
from dialogue.outbox import message_id_for
from sessions.calendar_entries import page_of
from sessions.copies import cancel_in_mail, follows_feed, request_in_mail
from sessions.last_heard import Place, place_of
from sessions.models import DialogueSession
from sessions.place_words import from_where_to_where
from sessions.series_announcing import ANOTHER_LEADER, in_calendars
from sessions.video import video_of

Status = DialogueSession.Status


def carried_by(row: OutboundMessage) -> DialogueSession:
    """Return the session whose calendar object the row's mail carries."""
    return DialogueSession.objects.select_related("cohort__term__programme__organisation", "facilitator").get(
        pk=row.subject_key.split(":")[1]
    )


def expecting(person: int, sessions: Sequence[int]) -> list[DialogueSession]:
    """Return those of these sessions that have the person in them, earliest first."""
    rows = DialogueSession.objects.filter(Q(facilitator=person) | Q(attendances__person=person), pk__in=sessions)
    return list(rows.select_related("cohort__term").distinct().order_by("starts_at", "pk"))


def cohort_words(session: DialogueSession, person: Person) -> dict[str, Any]:
    """Return what every mail about several sessions says."""
    term = session.cohort.term
    here = timezone.get_current_timezone()
    return {
        "name": person.preferred_name,
        "organisation": term.programme.organisation.name,
        "programme": term.programme.title,
        "facilitates": session.facilitator_id == person.pk,
        "contact": term.contact,
        "home": urljoin(settings.BASE_URL, reverse("home")),
        "zone_note": str(here) != term.zone,
        "zone": str(here),
    }


def span_words(starts_at: datetime, ends_at: datetime, *, show_zone: bool = False) -> str:
    """Return from when to when, in the reader's language and zone."""
    return format_span(
        starts_at=starts_at,
        ends_at=ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=show_zone,
    )


def thread_of(session: DialogueSession, person: Person) -> str:
    return message_id_for(f"invitation:{session.pk}:{person.pk}:0")


def with_request(template: str, session: DialogueSession, person: Person, words: dict[str, Any]) -> Letter:
    """Return a letter that carries the session's entry as it is now, unless it is out of the calendar by now."""
    return write_letter(template, words, **request_in_mail(session, person), thread=thread_of(session, person))


def _moved_ones(row: OutboundMessage) -> list[DialogueSession]:
    changed = [pk for pk, _start in row.context["changes"]]
    return [one for one in expecting(row.recipient_id, changed) if one.status == Status.CONFIRMED]


def _moves_stand(row: OutboundMessage, now: datetime) -> bool:
    return any(one.ends_at > now for one in _moved_ones(row))


def _series_moved(row: OutboundMessage, now: datetime) -> Letter:
    session = carried_by(row)
    before = {pk: datetime.fromisoformat(at) for pk, at in row.context["changes"]}
    changes = [
        {
            "number": one.number,
            "before": span_words(before[one.pk], before[one.pk] + (one.ends_at - one.starts_at)),
            "after": span_words(one.starts_at, one.ends_at),
        }
        for one in _moved_ones(row)
    ]
    words = {**cohort_words(session, row.recipient), "changes": changes, "count": len(changes)}
    return with_request("sessions/email/series_moved", session, row.recipient, words)


def _cancelled_ones(row: OutboundMessage) -> list[DialogueSession]:
    found = expecting(row.recipient_id, row.context["sessions"])
    return [one for one in found if one.status == Status.CANCELLED]


def _cancels_stand(row: OutboundMessage, now: datetime) -> bool:
    return bool(_cancelled_ones(row))


def _series_cancelled(row: OutboundMessage, now: datetime) -> Letter:
    session, person = carried_by(row), row.recipient
    found = _cancelled_ones(row)
    words = {
        **cohort_words(session, person),
        "sessions": [{"number": one.number, "when": span_words(one.starts_at, one.ends_at)} for one in found],
        "count": len(found),
        "goes_on": session.cohort.sessions.filter(status=Status.CONFIRMED, ends_at__gt=now).exists(),
    }
    template, thread = "sessions/email/series_cancelled", thread_of(session, person)
    if session.status != Status.CANCELLED or person.pk not in in_calendars([session]).get(session.pk, ()):
        return write_letter(template, words, thread=thread)
    return write_letter(template, words, **cancel_in_mail(session, person), thread=thread)


def _held_elsewhere(row: OutboundMessage, now: datetime) -> list[DialogueSession]:
    found = expecting(row.recipient_id, row.context["sessions"])
    return [one for one in found if one.status == Status.CONFIRMED and one.ends_at > now]


def _place_stands(row: OutboundMessage, now: datetime) -> bool:
    """Whether any of the sessions is to come; of a mail that renews one entry alone, whether that is wanted still."""
    is_unwanted = "entry_only" in row.context and (
        carried_by(row).sequence != row.subject_version or follows_feed(row.recipient)
    )
    return not is_unwanted and bool(_held_elsewhere(row, now))


def _place_changed(row: OutboundMessage, now: datetime) -> Letter:
    session, person = carried_by(row), row.recipient
    found = _held_elsewhere(row, now)
    first = found[0]
    before = {pk: Place(*place) for pk, *place in row.context.get("before", [])}
    words = {
        **cohort_words(session, person),
        "sessions": [
            {
                "number": one.number,
                "when": span_words(one.starts_at, one.ends_at),
                **from_where_to_where(before.get(one.pk), place_of(one)),
            }
            for one in found
        ],
        "number": first.number,
        "count": len(found),
        "has_link": bool(video_of(first)),
        "page": page_of(first),
        "entry_only": "entry_only" in row.context,
    }
    return with_request("sessions/email/place_changed", session, person, words)


register(MessageKind("place_changed", repeatable=True, still_wanted=_place_stands, render=_place_changed))


def _led_by(row: OutboundMessage, now: datetime) -> list[DialogueSession]:
    """Return the dated sessions to come that the facilitator of whom the row tells leads in the reader's cohort."""
    rows = (
        DialogueSession.objects.with_a_date()
        .to_come(now)
        .filter(
            cohort=row.subject_key.split(":")[1],
            facilitator=row.context["present"],
            attendances__person=row.recipient_id,
        )
    )
    return list(rows.select_related("cohort__term__programme__organisation", "facilitator").order_by("starts_at"))


def _leads_still(row: OutboundMessage, now: datetime) -> bool:
    cohort = Cohort.objects.select_related("facilitation").get(pk=row.subject_key.split(":")[1])
    return cohort.facilitation.person_id == row.context["present"] and bool(_led_by(row, now))


def _another_leader(row: OutboundMessage, now: datetime) -> Letter:
    found, language = _led_by(row, now), translation.get_language()
    former = Person.objects.filter(pk=row.context["former"], is_active=True).first()
    words = {
        **cohort_words(found[0], row.recipient),
        "former": format_name(name=former.preferred_name, language=language) if former else "",
        "facilitator": format_name(name=found[0].facilitator.preferred_name, language=language),
        "sessions": [{"number": one.number, "when": span_words(one.starts_at, one.ends_at)} for one in found],
    }
    return write_letter("sessions/email/cohort_facilitator_changed", words)


register(MessageKind(ANOTHER_LEADER, repeatable=True, still_wanted=_leads_still, render=_another_leader))


def _still_postponed(row: OutboundMessage, now: datetime) -> bool:
    session = carried_by(row)
    waits = session.status == Status.PROPOSED and session.sequence == row.subject_version
    return waits and bool(expecting(row.recipient_id, [session.pk]))


def _postponed(row: OutboundMessage, now: datetime) -> Letter:
    session, person = carried_by(row), row.recipient
    waiting = session.postponements.filter(settled_at__isnull=True).first()
    length = session.ends_at - session.starts_at
    starts = [datetime.fromisoformat(text) for text in waiting.proposals] if waiting else []
    words = {
        **cohort_words(session, person),
        "number": session.number,
        "when": span_words(session.starts_at, session.ends_at, show_zone=True),
        "day_and_time": format_moment(
            at=session.starts_at, zone=timezone.get_current_timezone(), language=translation.get_language()
        ),
        "proposals": [span_words(start, start + length) for start in starts],
        "page": urljoin(settings.BASE_URL, reverse("session_new_date", args=[session.pk])),
    }
    template, thread = "sessions/email/session_postponed", thread_of(session, person)
    if person.pk not in in_calendars([session]).get(session.pk, ()):
        return write_letter(template, words, thread=thread)
    return write_letter(template, words, **cancel_in_mail(session, person), thread=thread)


register(MessageKind("session_postponed", repeatable=True, still_wanted=_still_postponed, render=_postponed))
register(MessageKind("series_moved", repeatable=True, still_wanted=_moves_stand, render=_series_moved))
register(MessageKind("series_cancelled", repeatable=True, still_wanted=_cancels_stand, render=_series_cancelled))
