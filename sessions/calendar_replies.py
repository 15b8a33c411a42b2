"""Read what a calendar answers: one iMIP REPLY out of one mail, or nothing (RFC 5546 section 3.2.3, RFC 6047).

Anybody can write such a mail. So little is taken from it (who, which date, which of two words, when), everything
is bounded, and what is not exactly a reply of one person about one date is none. Nothing here raises.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote

from icalendar import Calendar, Event, vDDDTypes

LARGEST: Final = 256 * 1024
"""Octets of a mail. A reply is two or three thousand; invitations with pictures in them are larger."""

LARGEST_CALENDAR: Final = 64 * 1024
MOST_PARTS: Final = 30
_SAYS: Final = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "", "NEEDS-ACTION": ""}
"""TENTATIVE answers nothing: "perhaps" is not "late", and no quorum can count on it.

Any other word is for people to read: DELEGATED sends somebody else.
"""

_PASSED: Final = re.compile(r"\b(dmarc|dkim)=pass\b", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"\bheader\.(?:d|i|from)=@?([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """What one person's calendar says about one date. `answer` is yes, no, or empty where it says nothing of use.

    `starts_at` is when the date it answers begins (UTC), where it says so in a way that cannot be misread.
    """

    uid: str
    address: str
    sequence: int
    starts_at: datetime | None
    said_at: datetime
    answer: str
    organiser: str


def reply_in(content: bytes, *, trusted_server: str = "") -> CalendarReply | None:
    """Return the reply that a mail carries; nothing for any other mail.

    The sender must be the attendee. With `trusted_server`, the name by which our own mail server signs its findings
    (RFC 8601), it must also have found that the mail comes from the domain it names.
    """
    if len(content) > LARGEST:
        return None
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        sender = _sender_of(message)
        raw = _calendar_of(message)
        found = _reply_of(raw) if raw is not None else None
    except Exception:  # whatever strangers send must not stop the reading of the next mail
        return None
    if found is None or found.address != sender:
        return None
    if trusted_server and not _is_vouched_for(message, sender, trusted_server):
        return None
    return found


def _sender_of(message: Message) -> str:
    headers = message.get_all("From", [])
    if len(headers) != 1:
        return ""
    return parseaddr(str(headers[0]))[1].lower()


def _calendar_of(message: EmailMessage | Message) -> bytes | None:
    """Return the first part that is a calendar object; a file beside it says the same again."""
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return None
        if part.get_content_type() == "text/calendar" and not part.is_multipart():
            raw = part.get_payload(decode=True)
            return raw if isinstance(raw, bytes) and len(raw) <= LARGEST_CALENDAR else None
    return None


def _reply_of(raw: bytes) -> CalendarReply | None:
    calendar = Calendar.from_ical(raw)
    events = [one for one in calendar.walk() if isinstance(one, Event)]
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
        return None
    [event] = events
    attendee, stamp = event.get("ATTENDEE"), event.get("DTSTAMP")
    if attendee is None or isinstance(attendee, list) or stamp is None or "RECURRENCE-ID" in event:
        return None
    said_at = stamp.dt
    says = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).upper()
    if says not in _SAYS:
        return None
    if not isinstance(said_at, datetime) or said_at.utcoffset() is None:
        return None
    return CalendarReply(
        uid=str(event["UID"])[:255],
        address=_address(str(attendee)),
        sequence=int(event.get("SEQUENCE", 0)),
        starts_at=_moment_of(event.get("DTSTART")),
        said_at=said_at.astimezone(UTC),
        answer=_SAYS[says],
        organiser=_address(str(event.get("ORGANIZER", ""))),
    )


def _moment_of(stated: vDDDTypes | None) -> datetime | None:
    at = getattr(stated, "dt", None)
    return at.astimezone(UTC) if isinstance(at, datetime) and at.utcoffset() is not None else None


def _address(link: str) -> str:
    return unquote(re.sub(r"^mailto:", "", link, flags=re.IGNORECASE)).strip().lower()


def _is_vouched_for(message: Message, sender: str, server: str) -> bool:
    """Whether our server's own finding, which stands above all others, names the sender's domain as proven."""
    findings = message.get_all("Authentication-Results", [])
    if not findings:
        return False
    # Only the topmost is ours: those below may have come with the mail.
    name, _semicolon, found = str(findings[0]).partition(";")
    if name.split()[:1] != [server]:
        return False
    domain = sender.rpartition("@")[2]
    for one in found.split(";"):
        proven = _PASSED.search(one)
        if proven and any(_is_within(domain, named.lower()) for named in _DOMAIN.findall(one)):
            return True
    return False


def _is_within(domain: str, named: str) -> bool:
    return domain == named or domain.endswith(f".{named}")
