"""What letters about a session have in common: whom they still concern, and the words that any of them may say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_ahead, format_moment, format_name, format_span
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter
from dialogue.models import OutboundMessage, Person
from dialogue.outbox import message_id_for
from sessions.calendar import CalendarEntry
from sessions.calendar_entries import entry_of, page_of
from sessions.models import DialogueSession
from sessions.services.answer_links import answer_token
from sessions.sights import Sight, sight_of

Status = DialogueSession.Status
_HERE: Final = "HERE"
ALMOST_A_DAY: Final = timedelta(hours=23)
T = TypeVar("T")


def session_of(row: OutboundMessage) -> DialogueSession:
    """Return what a letter is about with everything that its words read."""
    return sight_of(row).session


def expecting(row: OutboundMessage) -> DialogueSession | None:
    """Return the row's session, if it has this person in it: as a member today, or as its facilitator."""
    try:
        sight = sight_of(row)
    except DialogueSession.DoesNotExist:
        return None
    expected = sight.mine is not None or sight.session.facilitator_id == row.recipient_id
    return sight.session if expected else None


def standing(row: OutboundMessage, now: datetime) -> DialogueSession | None:
    """Return the same, if it is still to come as it was when the row was written."""
    session = expecting(row)
    if session is None or session.status != Status.CONFIRMED or session.sequence != row.subject_version:
        return None
    return session if session.ends_at > now else None


def words(row: OutboundMessage) -> dict[str, Any]:
    """What every mail about a session may say, in the reader's language and zone."""
    sight, person = sight_of(row), row.recipient
    for_all, by_link = _once("words", row, _words_for_all), answer_page(sight)
    return {
        **for_all,
        "name": person.preferred_name,
        "facilitates": sight.session.facilitator_id == person.pk,
        "steps_in": sight.mine is not None and sight.mine.guest_id is not None,
        "answer_page": by_link,
        "add_from": by_link or for_all["page"],
    }


def entry(row: OutboundMessage) -> CalendarEntry:
    """Return the session as calendars see it, before anybody's own copy runs ahead of it."""
    return _once("entry", row, entry_of)


def _once(name: str, row: OutboundMessage, make: Callable[[DialogueSession], T]) -> T:
    """Return what depends on nothing but session, language and zone. Made once for all mails that leave together."""
    session = session_of(row)
    if row.kept is None:
        return make(session)
    key = (name, session.pk, translation.get_language(), timezone.get_current_timezone())
    if key not in row.kept:
        row.kept[key] = make(session)
    return row.kept[key]  # type: ignore[no-any-return]


def _words_for_all(session: DialogueSession) -> dict[str, Any]:
    here = timezone.get_current_timezone()
    language = translation.get_language()
    term = session.cohort.term
    when = {"starts_at": session.starts_at, "ends_at": session.ends_at, "language": language, "show_zone": True}
    home_when = format_span(zone=zone_named(term.zone), **when)
    my_when = format_span(zone=here, **when)
    return {
        "organisation": term.programme.organisation.name,
        "programme": term.programme.title,
        "number": session.number,
        "count": term.session_count,
        "when": my_when,
        "home_when": home_when if home_when != my_when else "",
        "day_and_time": format_moment(at=session.starts_at, zone=here, language=language),
        "page": page_of(session),
        "away_page": urljoin(settings.BASE_URL, reverse("session_away", args=[session.pk])),
        "place": session.place,
        "facilitator": format_name(name=session.facilitator.preferred_name, language=language),
        "contact": term.contact,
    }


def answer_page(sight: Sight) -> str:
    """Return where this person answers without signing in; nothing for who is not asked."""
    if sight.mine is None:
        return ""
    return _answer_address(settings.BASE_URL).replace(_HERE, answer_token(sight.mine))


@lru_cache(maxsize=4)
def _answer_address(base: str) -> str:
    return urljoin(base, reverse("answer_link", args=[_HERE]))


def plain(template: str) -> Callable[[OutboundMessage, datetime], Letter]:
    """A mail about a session without a calendar object."""

    def render(row: OutboundMessage, now: datetime) -> Letter:
        return write_letter(template, words(row), thread=thread_of(session_of(row), row.recipient))

    return render


def reminding(template: str) -> Callable[[OutboundMessage, datetime], Letter]:
    """A reminder: it says how long there is to go when it leaves, be that late."""

    def render(row: OutboundMessage, now: datetime) -> Letter:
        session = session_of(row)
        return write_letter(
            template, {**words(row), **to_go(session.starts_at, now)}, thread=thread_of(session, row.recipient)
        )

    return render


def to_go(starts_at: datetime, now: datetime) -> dict[str, Any]:
    """Return how long there is to go, and whether that is a day: a mail that was held up is no reminder of the eve."""
    ahead = starts_at - now
    return {
        "to_go": format_ahead(ahead=ahead, language=translation.get_language()),
        "on_the_eve": ahead > ALMOST_A_DAY,
    }


def thread_of(session: DialogueSession, person: Person) -> str:
    """The Message-ID of the first invitation, so that clients keep a session's mails together."""
    return message_id_for(f"invitation:{session.pk}:{person.pk}:0")
