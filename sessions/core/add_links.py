"""Links that open a calendar's own form for one date. What they add is a copy: it does not follow later changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True, kw_only=True)
class DateToAdd:
    """One date as a form takes it: from when to when in any zone, and its words."""

    starts_at: datetime
    ends_at: datetime
    title: str
    text: str
    place: str


def google(date: DateToAdd) -> str:
    """Return the address of Google Calendar's form, with both moments in UTC."""
    span = f"{_basic(date.starts_at)}/{_basic(date.ends_at)}"
    asked = {
        "action": "TEMPLATE",
        "text": date.title,
        "dates": span,
        "details": date.text,
        "location": date.place,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(asked, quote_via=quote)}"


def outlook(date: DateToAdd) -> str:
    """Return the address of the form of Outlook at home (outlook.com)."""
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{_of_outlook(date)}"


def office(date: DateToAdd) -> str:
    """Return the address of the form of Outlook at work or school (Microsoft 365)."""
    return f"https://outlook.office.com/calendar/0/deeplink/compose?{_of_outlook(date)}"


LINKS: Final[Mapping[str, Callable[[DateToAdd], str]]] = {"google": google, "outlook": outlook, "office": office}


def _of_outlook(date: DateToAdd) -> str:
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": date.title,
        "startdt": f"{date.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{date.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "body": date.text,
        "location": date.place,
    }
    # Outlook shows a plus sign where a space was meant.
    return urlencode(asked, quote_via=quote)


def _basic(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
