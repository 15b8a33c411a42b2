"""Sessions as calendar objects: an invitation or a cancel for one person, and the feed a calendar subscribes to.

Every moment is written in UTC, so no client has to read a time zone definition (Outlook and others read them
differently). Each object is one event without recurrence. Sources: RFC 5545 (objects), 5546 (REQUEST, CANCEL), 7986
(NAME, REFRESH-INTERVAL, CONFERENCE), 6868 (quotes in names). The same entry always gives the same bytes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import quote

from icalendar import Alarm, Calendar, Component, Event, vCalAddress, vDuration, vText, vUri

from dialogue.core.mailbox import Mailbox
from dialogue.core.text import visible

__all__ = ["CalendarEntry", "Mailbox", "Role", "cancel", "feed", "request"]

PRODUCT: Final = "-//Madoi//Dialogue sessions//EN"
REFRESH: Final = timedelta(hours=4)
LARGEST_SEQUENCE: Final = 2**31 - 1
_UID: Final = re.compile(r"[\x21-\x7e]{8,255}")
_LINK: Final = re.compile(r"https?://[\x21-\x7e]+")
# what RFC 3986 lets stand in a path; a letter such as % or ? in an address would end or change the link
_MAILTO_SAFE: Final = "@!$&'*+=/~-._"
_FEATURE: Final = ["AUDIO", "VIDEO"]


class _Text(vText):
    """Text as RFC 5545 section 3.3.11 escapes it. icalendar takes a typed backslash and N for a line end."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


class Role(StrEnum):
    """What a person is in a session, in the words of RFC 5545 section 3.2.16."""

    PARTICIPANT = "REQ-PARTICIPANT"
    FACILITATOR = "CHAIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One session as calendars see it.

    `uid` stays for life and `sequence` rises with each change of time, place or status. `changed_at` becomes
    DTSTAMP and LAST-MODIFIED, so it must rise with each message that says something new. `description` may
    have several lines; all texts lose what is invisible. No address of a person belongs in any of them.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    conference_url: str | None
    status: Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]
    created_at: datetime
    changed_at: datetime
    alarm_minutes: int | None = None

    def __post_init__(self) -> None:
        """Refuse what a calendar would misread.

        Raises:
            ValueError: a moment without a zone, an end not after the start, a SEQUENCE outside 0 to 2³¹−1, an unknown
                status, a negative alarm, a UID of fewer than 8 or other than visible ASCII characters, or a link that
                is not http(s) in ASCII.
        """
        moments = (self.starts_at, self.ends_at, self.created_at, self.changed_at)
        if any(moment.utcoffset() is None for moment in moments):
            raise ValueError("a calendar entry needs moments with a time zone")
        if self.ends_at.astimezone(UTC) <= self.starts_at.astimezone(UTC):
            raise ValueError("a calendar entry must end after it starts")
        if not 0 <= self.sequence <= LARGEST_SEQUENCE:
            raise ValueError(f"calendars cannot count to {self.sequence}")
        if self.status not in ("CONFIRMED", "CANCELLED", "TENTATIVE"):
            raise ValueError(f"{self.status!r} is no status of a calendar entry")
        if self.alarm_minutes is not None and self.alarm_minutes < 0:
            raise ValueError("an alarm rings before the start, not after it")
        if not _UID.fullmatch(self.uid):
            raise ValueError("a UID is 8 to 255 visible ASCII characters")
        if not all(_LINK.fullmatch(link) for link in (self.url, self.conference_url) if link is not None):
            raise ValueError("a link must begin with http:// or https:// and hold ASCII only")


def request(entry: CalendarEntry, organiser: Mailbox, attendee: Mailbox, role: Role = Role.PARTICIPANT) -> bytes:
    """Return the invitation of one person, or its update, as a REQUEST with nobody else in it.

    Every answer is asked for anew (PARTSTAT=NEEDS-ACTION), as fits a new or moved session.

    Raises:
        ValueError: the entry is cancelled; `cancel` tells that.
    """
    if entry.status == "CANCELLED":
        raise ValueError("nobody is invited to a cancelled session")
    event = _event(entry, status=entry.status, with_alarm=True)
    event.add("organizer", _organiser(organiser))
    event.add("attendee", _person(attendee, ROLE=role.value, PARTSTAT="NEEDS-ACTION", RSVP="TRUE"))
    return _bytes(_calendar([event], method="REQUEST"))


def cancel(entry: CalendarEntry, organiser: Mailbox, attendee: Mailbox, role: Role = Role.PARTICIPANT) -> bytes:
    """Return what takes the session out of one person's calendar, whatever its status is for the others.

    `entry.sequence` must be above that of the person's invitation, or calendars take no notice.
    """
    event = _event(entry, status="CANCELLED", with_alarm=False)
    event.add("organizer", _organiser(organiser))
    event.add("attendee", _person(attendee, ROLE=role.value))
    return _bytes(_calendar([event], method="CANCEL"))


def feed(entries: Iterable[CalendarEntry], name: str, refresh: timedelta = REFRESH) -> bytes:
    """Return a calendar to subscribe to, in the order given: no METHOD and no person's name or address.

    A cancelled session stays in it as cancelled, so that it leaves a calendar that already has it. `refresh` asks
    clients to look again after that time; most take longer.
    """
    calendar = _calendar([], method=None)
    calendar.add("name", _Text(visible(name)))
    calendar.add("x-wr-calname", _Text(visible(name)))
    calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    head, end, rest = _bytes(calendar).rpartition(b"END:VCALENDAR")
    return b"".join([head, *map(_in_a_feed, entries), end, rest])


@lru_cache(maxsize=4096)
def _in_a_feed(entry: CalendarEntry) -> bytes:
    """Return the entry as every feed holds it. Kept, because a cohort's feeds share their sessions and few change.

    icalendar takes about a millisecond to write one; 4096 of them are about 3 MB.
    """
    return _bytes(_event(entry, status=entry.status, with_alarm=entry.status != "CANCELLED"))


def _calendar(events: Iterable[Event], *, method: str | None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method is not None:
        calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return calendar


def _bytes(component: Component) -> bytes:
    written: bytes = component.to_ical()
    return written


def _event(entry: CalendarEntry, *, status: str, with_alarm: bool) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _Text(visible(entry.summary)))
    event.add("description", _Text(_lines(entry.description)))
    event.add("location", _Text(visible(entry.location)))
    if entry.url.startswith("https:"):  # on a machine of one's own it is http, which calendars need not follow
        event.add("url", vUri(entry.url))
    if entry.conference_url is not None:
        label = _parameter(entry.summary)
        event.add(
            "conference", vUri(entry.conference_url, params={"VALUE": "URI", "FEATURE": _FEATURE, "LABEL": label})
        )
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("class", "PRIVATE")
    if with_alarm and entry.alarm_minutes is not None:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: CalendarEntry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-(entry.alarm_minutes or 0)))
    alarm.add("description", _Text(visible(entry.summary)))
    return alarm


def _organiser(mailbox: Mailbox) -> vCalAddress:
    return vCalAddress(_mailto(mailbox), params={"CN": _parameter(mailbox.name) or mailbox.address})


def _person(mailbox: Mailbox, **parameters: str) -> vCalAddress:
    common = {"CUTYPE": "INDIVIDUAL", "CN": _parameter(mailbox.name) or mailbox.address}
    return vCalAddress(_mailto(mailbox), params=common | parameters)


def _mailto(mailbox: Mailbox) -> str:
    return "mailto:" + quote(mailbox.address, safe=_MAILTO_SAFE)


def _parameter(text: str) -> str:
    # a backslash means itself in a parameter, but some clients take it with the sign that follows
    return visible(text).replace("\\", "＼")


def _lines(text: str) -> str:
    """Return the text with every line cleaned; whatever else a client might take for a line end becomes one."""
    return "\n".join(visible(line) for line in text.splitlines())
