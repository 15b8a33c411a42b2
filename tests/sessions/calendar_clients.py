"""Calendars as clients keep them: one fed by mails (RFC 5546), one that reads a feed anew each time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a client stores it."""

    uid: str
    sequence: int
    stamp: str
    starts_at: datetime
    ends_at: datetime
    status: str
    attendees: tuple[str, ...]
    where: tuple[str, ...]
    """Its place and the links to come in by."""


@dataclass
class MailCalendar:
    """The calendar of whoever takes up what their mails carry. `told` counts what was taken, `stale` what was not."""

    owner: str
    entries: dict[str, Entry] = field(default_factory=dict)
    told: int = 0
    stale: int = 0

    def receive(self, raw: bytes) -> None:
        """Do with an object what RFC 5546 sections 2.1.5 and 3.2 ask of a client.

        Raises:
            AssertionError: the object is none that a client could act on.
        """
        [method] = re.findall(rb"^METHOD:(\w+)\r$", raw, re.MULTILINE)
        [entry] = entries_of(raw)
        assert entry.attendees == (self.owner,), f"{self.owner} reads of {entry.attendees}"
        assert method in (b"REQUEST", b"CANCEL")
        assert (method == b"CANCEL") == (entry.status == "CANCELLED")
        known = self.entries.get(entry.uid)
        if known is not None and (entry.sequence, entry.stamp) < (known.sequence, known.stamp):
            self.stale += 1
            return
        if known is not None and entry.sequence == known.sequence:
            assert (entry.starts_at, entry.where, entry.status) == (known.starts_at, known.where, known.status), (
                f"SEQUENCE {entry.sequence} of {entry.uid} says two things"
            )
        self.told += 1
        self.entries[entry.uid] = entry

    def shown(self) -> dict[str, Entry]:
        """Return what stands in the calendar: cancelled entries are gone."""
        return {uid: one for uid, one in self.entries.items() if one.status != "CANCELLED"}


def read_feed(raw: bytes) -> dict[str, Entry]:
    """Return what a subscribed calendar shows after it has read a feed.

    Raises:
        AssertionError: the feed names a person, or holds one UID twice.
    """
    assert b"METHOD:" not in raw
    found = list(entries_of(raw))
    assert len({one.uid for one in found}) == len(found), "a UID stands in the feed twice"
    assert not any(one.attendees for one in found)
    return {one.uid: one for one in found if one.status != "CANCELLED"}


def entries_of(raw: bytes) -> Iterator[Entry]:
    """Yield the events of a calendar object, read without the library that wrote them."""
    text = re.sub(rb"\r\n[ \t]", b"", raw).decode()
    for body in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL):
        own = re.sub(r"BEGIN:VALARM.*?END:VALARM\r\n", "", body, flags=re.DOTALL)
        values: dict[str, list[str]] = {}
        for line in own.splitlines():
            name, value = re.fullmatch(r'([A-Z-]+)(?:;[^":]*(?:"[^"]*"[^":]*)*)?:(.*)', line).groups()
            values.setdefault(name, []).append(value)
        [uid], [sequence], [stamp] = values["UID"], values["SEQUENCE"], values["DTSTAMP"]
        [starts], [ends], [status] = values["DTSTART"], values["DTEND"], values["STATUS"]
        attendees = tuple(value.removeprefix("mailto:") for value in values.get("ATTENDEE", ()))
        where = tuple(value for name in ("LOCATION", "URL", "CONFERENCE") for value in values.get(name, ()))
        yield Entry(uid, int(sequence), stamp, moment(starts), moment(ends), status, attendees, where)


def moment(value: str) -> datetime:
    """Read a moment in UTC; any other form is refused, as a client might read it in its own zone."""
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def wall_clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
