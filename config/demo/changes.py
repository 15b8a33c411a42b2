"""What a kept mail does to its reader's calendar, in the words of that calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from django.db.models import QuerySet
from icalendar import Calendar

from config.demo.models import SentMail


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar as a mail leaves it. Times in UTC."""

    uid: str
    method: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to an entry: `kind` is added, moved, kept or removed; `before` is what an earlier mail put there."""

    kind: str
    entry: Entry
    before: Entry | None


def parsed(mail: SentMail) -> EmailMessage:
    """Return the kept mail, parsed."""
    return cast(EmailMessage, message_from_bytes(bytes(mail.raw), policy=policy.default))


def text_of(mail: SentMail) -> str:
    """Return the plain body."""
    part = parsed(mail).get_body(("plain",))
    return part.get_content() if part is not None else ""


def change_of(mail: SentMail) -> Change | None:
    """Return what the mail does to its reader's calendar; None when it holds no calendar object."""
    entry = _entry(mail)
    if entry is None:
        return None
    earlier = SentMail.objects.filter(to=mail.to, pk__lt=mail.pk).order_by("-pk")
    before = next(_entries_about(entry.uid, earlier), None)
    if entry.method == "CANCEL":
        return Change("removed", entry, before)
    if before is None or before.method == "CANCEL":
        return Change("added", entry, None)
    moved = (before.starts_at, before.ends_at) != (entry.starts_at, entry.ends_at)
    return Change("moved" if moved else "kept", entry, before)


def _entries_about(uid: str, mails: QuerySet[SentMail]) -> Iterator[Entry]:
    for mail in mails.iterator(chunk_size=20):
        entry = _entry(mail)
        if entry is not None and entry.uid == uid:
            yield entry


def _entry(mail: SentMail) -> Entry | None:
    if b"text/calendar" not in bytes(mail.raw):
        return None
    for part in parsed(mail).walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            (event,) = calendar.walk("VEVENT")
            return Entry(
                uid=str(event["UID"]),
                method=str(calendar["METHOD"]),
                sequence=int(event["SEQUENCE"]),
                summary=str(event["SUMMARY"]),
                starts_at=event.decoded("DTSTART"),
                ends_at=event.decoded("DTEND"),
            )
    return None
