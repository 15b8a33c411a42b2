"""Sessions as the icalendar library writes them: what our own lines are compared with."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText, vUri

from dialogue.core.mailbox import Mailbox
from dialogue.core.text import visible
from sessions.calendar import PRODUCT, REFRESH, CalendarEntry, Role


class _Text(vText):
    """Text as RFC 5545 section 3.3.11 escapes it. icalendar takes a typed backslash and N for a line end."""

    def to_ical(self) -> bytes:
        return self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n").encode()


def request(entry: CalendarEntry, organiser: Mailbox, attendee: Mailbox, role: Role) -> bytes:
    event = _event(entry, status=entry.status, with_alarm=True)
    event.add("organizer", _address(organiser))
    event.add(
        "attendee", _address(attendee, CUTYPE="INDIVIDUAL", ROLE=role.value, PARTSTAT="NEEDS-ACTION", RSVP="TRUE")
    )
    return _calendar([event], method="REQUEST").to_ical()


def cancel(entry: CalendarEntry, organiser: Mailbox, attendee: Mailbox, role: Role) -> bytes:
    event = _event(entry, status="CANCELLED", with_alarm=False)
    event.add("organizer", _address(organiser))
    event.add("attendee", _address(attendee, CUTYPE="INDIVIDUAL", ROLE=role.value))
    return _calendar([event], method="CANCEL").to_ical()


def feed(entries: Iterable[CalendarEntry], name: str) -> bytes:
    calendar = _calendar(
        [_event(one, status=one.status, with_alarm=one.status != "CANCELLED") for one in entries], method=None
    )
    calendar.add("name", _Text(visible(name)))
    calendar.add("x-wr-calname", _Text(visible(name)))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar.to_ical()


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
    event.add("description", _Text("\n".join(visible(line) for line in entry.description.splitlines())))
    event.add("location", _Text(visible(entry.location)))
    event.add("url", vUri(entry.url))
    if entry.conference_url is not None:
        label = visible(entry.summary).replace("\\", "＼")
        given = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": label}
        event.add("conference", vUri(entry.conference_url, params=given))
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("class", "PRIVATE")
    if with_alarm and entry.alarm_minutes is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", timedelta(minutes=-entry.alarm_minutes))
        alarm.add("description", _Text(visible(entry.summary)))
        event.add_component(alarm)
    return event


def _address(mailbox: Mailbox, **parameters: str) -> vCalAddress:
    name = visible(mailbox.name).replace("\\", "＼") or mailbox.address
    return vCalAddress(f"mailto:{mailbox.address}", params={"CN": name} | parameters)
