"""What a session looks like in a calendar: words and links, no names and no addresses."""

from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.core.mailbox import Mailbox
from dialogue.core.wording import format_span
from dialogue.models import Person
from sessions.calendar import CalendarEntry
from sessions.models import DialogueSession

ALARM_MINUTES = 15
READ_BY_ENTRIES: Final = (
    *("uid", "sequence", "number", "status", "starts_at", "ends_at", "created_at", "changed_at", "place"),
    *("cohort__term__programme__name", "cohort__term__programme__name_en"),
)
"""The columns that `entry_of` reads of a session: a feed of a hundred is read without the rest."""


def page_of(session: DialogueSession) -> str:
    """Return the address of the session's page. Built on BASE_URL, never on a request's host."""
    return _page(settings.BASE_URL, session.pk)


@lru_cache(maxsize=4096)
def _page(base: str, session_id: int) -> str:
    return urljoin(base, reverse("session", args=[session_id]))


def calendar_page() -> str:
    """Return the address of the page where one chooses how dates come into one's calendar."""
    return urljoin(settings.BASE_URL, reverse("calendar"))


def organiser() -> Mailbox:
    return Mailbox(name=_("Madoi office"), address=settings.SERVICE_MAILBOX)


def mailbox_of(person: Person) -> Mailbox:
    return Mailbox(name=person.preferred_name, address=person.email)


def feed_name() -> str:
    return _("Madoi dialogues")


def entry_of(session: DialogueSession) -> CalendarEntry:
    """Return the session as a calendar entry in the active language and zone. Reads cohort, term, programme."""
    term = session.cohort.term
    # One that was put off has no date yet: it leaves the calendar, and comes back under its UID.
    cancelled = session.status in (DialogueSession.Status.CANCELLED, DialogueSession.Status.PROPOSED)
    page = page_of(session)
    when = format_span(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    return CalendarEntry(
        uid=session.uid,
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=_("Dialogue %(number)s: %(programme)s")
        % {
            "number": session.number,
            "programme": term.programme.title,
        },
        description="\n".join(
            [
                when,
                f"{session.starts_at:%Y-%m-%d %H:%M} UTC",
                *([_("Place: %(place)s") % {"place": session.place}] if session.place else []),
                "",
                _("Enter the room, answer and see the prompts here:"),
                page,
            ]
        ),
        location=f"{session.place} {page}" if session.place else page,
        url=page,
        conference_url=page if page.startswith("https:") else None,
        status="CANCELLED" if cancelled else "CONFIRMED",
        created_at=session.created_at,
        changed_at=session.changed_at,
        alarm_minutes=None if cancelled else ALARM_MINUTES,
    )
