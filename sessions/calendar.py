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

from icalendar import vDuration

from dialogue.core.mailbox import Mailbox
from dialogue.core.text import visible
from sessions.core.content_lines import line, moment, text

__all__ = ["CalendarEntry", "Mailbox", "Role", "cancel", "feed", "request"]

PRODUCT: Final = "-//Madoi//Dialogue sessions//EN"
REFRESH: Final = timedelta(hours=4)
LARGEST_SEQUENCE: Final = 2**31 - 1
_UID: Final = re.compile(r"[\x21-\x7e]{8,255}")
_LINK: Final = re.compile(r"https?://[\x21-\x7e]+")
# what RFC 3986 lets stand in a path; a letter such as % or ? in an address would end or change the link
_MAILTO_SAFE: Final = "@!$&'*+=/~-._"
_FEATURE: Final = ["AUDIO", "VIDEO"]


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
    return _for_one(entry, "REQUEST", organiser, attendee, ROLE=role.value, PARTSTAT="NEEDS-ACTION", RSVP="TRUE")


def cancel(entry: CalendarEntry, organiser: Mailbox, attendee: Mailbox, role: Role = Role.PARTICIPANT) -> bytes:
    """Return what takes the session out of one person's calendar, whatever its status is for the others.

    `entry.sequence` must be above that of the person's invitation, or calendars take no notice.
    """
    return _for_one(entry, "CANCEL", organiser, attendee, ROLE=role.value)


def feed(entries: Iterable[CalendarEntry], name: str, refresh: timedelta = REFRESH) -> bytes:
    """Return a calendar to subscribe to, in the order given: no METHOD and no person's name or address.

    A cancelled session stays in it as cancelled, so that it leaves a calendar that already has it. `refresh` asks
    clients to look again after that time; most take longer.
    """
    again, called = _duration(refresh), text(visible(name))
    head = [
        _head(method=None),
        line("NAME", called),
        line("X-WR-CALNAME", called),
        line("REFRESH-INTERVAL", again, {"VALUE": "DURATION"}),
        line("X-PUBLISHED-TTL", again),
    ]
    return b"".join([*head, *map(_in_a_feed, entries), _END])


@lru_cache(maxsize=4096)
def _in_a_feed(entry: CalendarEntry) -> bytes:
    """Return the entry as every feed holds it. Kept, because a cohort's feeds share their sessions and few change.

    4096 of them are about 3 MB.
    """
    return b"".join(_event(entry, status=entry.status, with_alarm=entry.status != "CANCELLED", organiser=None))


def _for_one(
    entry: CalendarEntry, method: Literal["REQUEST", "CANCEL"], organiser: Mailbox, attendee: Mailbox, **asked: str
) -> bytes:
    before, after = _around_the_attendee(entry, method, organiser)
    return b"".join([before, _person("ATTENDEE", attendee, CUTYPE="INDIVIDUAL", **asked), after])


@lru_cache(maxsize=64)
def _around_the_attendee(
    entry: CalendarEntry, method: Literal["REQUEST", "CANCEL"], organiser: Mailbox
) -> tuple[bytes, bytes]:
    """Return what all copies of a session have in common. Kept for those whose mails leave one after the other."""
    invites = method == "REQUEST"
    status = entry.status if invites else "CANCELLED"
    before, after = _event(entry, status=status, with_alarm=invites, organiser=organiser)
    return _head(method=method) + before, after + _END


_END: Final = b"END:VCALENDAR\r\n"


def _head(*, method: str | None) -> bytes:
    said = [("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", method)]
    lines = [line(name, value) for name, value in said if value is not None]
    return b"".join([b"BEGIN:VCALENDAR\r\n", *lines])


def _event(entry: CalendarEntry, *, status: str, with_alarm: bool, organiser: Mailbox | None) -> tuple[bytes, bytes]:
    """Return the event up to where its one attendee stands, and what follows."""
    summary = text(visible(entry.summary))
    before = [
        b"BEGIN:VEVENT\r\n",
        line("SUMMARY", summary),
        line("DTSTART", moment(entry.starts_at)),
        line("DTEND", moment(entry.ends_at)),
        line("DTSTAMP", moment(entry.changed_at)),
        line("UID", text(entry.uid)),
        line("SEQUENCE", str(entry.sequence)),
    ]
    after = [
        line("CLASS", "PRIVATE"),
        _conference(entry),
        line("CREATED", moment(entry.created_at)),
        line("DESCRIPTION", text(_lines(entry.description))),
        line("LAST-MODIFIED", moment(entry.changed_at)),
        line("LOCATION", text(visible(entry.location))),
        _person("ORGANIZER", organiser) if organiser is not None else b"",
        line("STATUS", status),
        line("TRANSP", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE"),
        # On a machine of one's own it is http, which calendars need not follow.
        line("URL", entry.url) if entry.url.startswith("https:") else b"",
        _alarm(summary, entry.alarm_minutes) if with_alarm and entry.alarm_minutes is not None else b"",
        b"END:VEVENT\r\n",
    ]
    return b"".join(before), b"".join(after)


def _conference(entry: CalendarEntry) -> bytes:
    if entry.conference_url is None:
        return b""
    given = {"VALUE": "URI", "FEATURE": _FEATURE, "LABEL": _parameter(entry.summary)}
    return line("CONFERENCE", entry.conference_url, given)


def _alarm(summary: str, minutes: int) -> bytes:
    said = [("ACTION", "DISPLAY"), ("DESCRIPTION", summary), ("TRIGGER", _duration(timedelta(minutes=-minutes)))]
    return b"".join([b"BEGIN:VALARM\r\n", *(line(*one) for one in said), b"END:VALARM\r\n"])


def _person(name: str, mailbox: Mailbox, **parameters: str) -> bytes:
    return line(name, _mailto(mailbox), {"CN": _parameter(mailbox.name) or mailbox.address, **parameters})


@lru_cache(maxsize=32)
def _duration(time: timedelta) -> str:
    written: bytes = vDuration(time).to_ical()
    return written.decode()


def _mailto(mailbox: Mailbox) -> str:
    return "mailto:" + quote(mailbox.address, safe=_MAILTO_SAFE)


def _parameter(words: str) -> str:
    # a backslash means itself in a parameter, but some clients take it with the sign that follows
    return visible(words).replace("\\", "＼")


def _lines(words: str) -> str:
    """Return the text with every line cleaned; whatever else a client might take for a line end becomes one."""
    return "\n".join(visible(one) for one in words.splitlines())
