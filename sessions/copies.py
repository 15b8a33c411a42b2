"""What one person's own calendar holds of a session: the shared truth, and by how much their copy runs ahead of it.

Somebody who leaves gets a cancel while the session goes on for the others, and must find their entry again when they
come back. Calendars believe the higher SEQUENCE (RFC 5546 section 2.1.4), so each such step raises the person's copy by
one, and never the session, whose other readers have heard of nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from dialogue.models import OutboundMessage, Person
from sessions import calendar
from sessions.calendar import CalendarEntry, Role
from sessions.calendar_entries import entry_of, mailbox_of, organiser
from sessions.models import CalendarCopy, CalendarFeed, DialogueSession, GatheringCopy

CARRIES_A_REQUEST: Final = (
    "invitation",
    "session_moved",
    "session_returned",
    "series_moved",
    "place_changed",
    "calendar_by_mail",
)
"""The kinds of mail that put their session into a calendar."""

CHANGES_ENTRY: Final = ("session_cancelled", "session_postponed", "session_moved", "session_returned", "series_moved")
"""The kinds of mail without which a calendar holds a session that is not theirs, or not then."""


def entry_for(session: DialogueSession, person: Person) -> CalendarEntry:
    """Return the session as this person's calendar should hold it now, in the active language and zone."""
    return entry_with(session, _copy_of(session, person))


def entry_with(session: DialogueSession, copy: CalendarCopy | None) -> CalendarEntry:
    """Return the session as its calendar entry, ahead by what the person's copy is ahead."""
    return ahead(entry_of(session), copy)


def ahead(entry: CalendarEntry, copy: CalendarCopy | GatheringCopy | None) -> CalendarEntry:
    """Return an entry as somebody's own copy has it. DTSTAMP rises with the SEQUENCE."""
    if copy is None:
        return entry
    # A second for each step: two changes within one second would carry one stamp, which calendars take for a repeat.
    stamp = max(copy.changed_at, entry.changed_at) + timedelta(seconds=copy.lead)
    entry = replace(entry, sequence=entry.sequence + copy.lead, changed_at=stamp)
    return replace(entry, status="CANCELLED", alarm_minutes=None) if copy.taken_out_at else entry


def follows_feed(person: Person) -> bool:
    """Whether this person's dates come by the feed alone: their mails then carry no calendar object."""
    return CalendarFeed.objects.filter(person=person, instead_of_mail=True).exists()


def who_follow_feed(people: Iterable[int]) -> set[int]:
    """Return those of these people of whom that is so. One query."""
    rows = CalendarFeed.objects.filter(person__in=list(people), instead_of_mail=True)
    return set(rows.values_list("person", flat=True))


def request_in_mail(session: DialogueSession, person: Person) -> dict[str, Any]:
    """Return what a letter carries so that the person's calendar takes the session up.

    Nothing for who has the feed, nor of a session that is out of this person's calendar by now.
    """
    return request_for(person, session, entry_for(session, person), in_feed=follows_feed(person))


def request_for(person: Person, session: DialogueSession, entry: CalendarEntry, *, in_feed: bool) -> dict[str, Any]:
    """Return the same where the person's entry and their choice of feed or mail are known already."""
    if entry.status == "CANCELLED" or in_feed:
        return {}
    role = _role(session, person)
    return {"calendar": calendar.request(entry, organiser(), mailbox_of(person), role), "method": "REQUEST"}


def cancel_in_mail(session: DialogueSession, person: Person) -> dict[str, Any]:
    """Return what a letter carries so that the session leaves the person's calendar.

    Nothing for who has the feed, unless a mail of before that choice may have put the session there.
    """
    return cancel_for(person, session, entry_for(session, person), in_feed=follows_feed(person))


def cancel_for(person: Person, session: DialogueSession, entry: CalendarEntry, *, in_feed: bool) -> dict[str, Any]:
    """Return the same where the person's entry and their choice of feed or mail are known already."""
    if in_feed and not was_told_by_mail(session, person):
        return {}
    role = _role(session, person)
    return {"calendar": calendar.cancel(entry, organiser(), mailbox_of(person), role), "method": "CANCEL"}


def was_told_by_mail(session: DialogueSession, person: Person) -> bool:
    """Whether a mail that asks a calendar to hold this session has left, or may have."""
    return told_by_mail(person, subject_of(session), CARRIES_A_REQUEST)


def told_by_mail(person: Person, subject_key: str, kinds: Sequence[str]) -> bool:
    """Whether a mail of these kinds, about this subject, has left for the person's calendar, or may have."""
    told = OutboundMessage.objects.filter(recipient=person, subject_key=subject_key, kind__in=kinds)
    left = told.perhaps_arrived()
    feed = CalendarFeed.objects.filter(person=person, instead_of_mail=True).first()
    # What was sent after the feed was chosen carried no entry.
    return left.exclude(sent_at__gt=feed.chosen_at).exists() if feed and feed.chosen_at else left.exists()


def subject_of(session: DialogueSession) -> str:
    return f"session:{session.pk}"


def _copy_of(session: DialogueSession, person: Person) -> CalendarCopy | None:
    return CalendarCopy.objects.filter(session=session, person=person).first()


def _role(session: DialogueSession, person: Person) -> Role:
    return Role.FACILITATOR if session.facilitator_id == person.pk else Role.PARTICIPANT
