"""What a coordinator should have seen before a term is saved: warnings, which forbid nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.closed_days import ClosedSet
from dialogue.core.recurrence import Cadence
from dialogue.core.room_lines import Room, too_short
from dialogue.core.term_names import fiscal_year_of, year_in
from dialogue.core.term_outlook import Outlook, Turn, outlook_for
from dialogue.core.wording import format_date
from dialogue.models import Term


@dataclass(frozen=True, slots=True)
class TermWarning:
    """Something to think about. `key` tells two of them apart."""

    key: str
    text: str | Promise


def outlook_of(term: Term, *, weekdays: Iterable[int] = ()) -> Outlook | None:
    """Return the expected dates of a term, on these weekdays or else on those of the times that it offers.

    None when they lie beyond the calendar.
    """
    try:
        return outlook_for(
            starts_on=term.starts_on,
            cadence=Cadence(term.cadence),
            session_count=term.session_count,
            closed_sets=frozenset(map(ClosedSet, term.closed_sets)),
            closed_days=[day.date for day in term.closed_days.all()],
            weekdays=list(weekdays) or [slot.weekday for slot in term.slots.all()],
        )
    except (ValueError, OverflowError):
        return None


def warnings_about(*, outlook: Outlook | None, name: str, starts_on: date | None) -> list[TermWarning]:
    """Return what speaks against these dates and this name, in order."""
    found = [
        TermWarning(f"{turn.value}-{day.year}", _sentence(turn, day))
        for day, turn in (outlook.turns.items() if outlook else ())
    ]
    named = year_in(name)
    if starts_on and named is not None and named != fiscal_year_of(starts_on):
        words = {"named": named, "year": fiscal_year_of(starts_on)}
        found.append(
            TermWarning(
                "fiscal-year",
                _("The name says fiscal year %(named)s, but the first possible day lies in %(year)s.") % words,
            )
        )
    return found


def warnings_about_rooms(rooms: Sequence[Room], *, minutes: int | None) -> list[TermWarning]:
    """Return what speaks against the video links for sessions of so many minutes: those that end too soon, or none."""
    if not minutes:
        return []
    return [
        TermWarning(
            f"room-{room.minutes}-{minutes}-{place}",
            _("%(room)s allows %(limit)s minutes, but a session lasts %(minutes)s. The call would end before it.")
            % {"room": room.name or room.url, "limit": room.minutes, "minutes": minutes},
        )
        for place, room in enumerate(too_short(rooms, minutes=minutes))
    ]


def warnings_about_video(*, before: str, wanted: str | None) -> list[TermWarning]:
    """Return what speaks against another way to meet while sessions are booked: they would have no link."""
    if wanted != Term.Video.LINK or before == Term.Video.LINK:
        return []
    words = _("The sessions that are booked have no link yet. After saving, choose one on the page of each cohort.")
    return [TermWarning("no-links", words)]


def _sentence(turn: Turn, day: date) -> str:
    words = {"day": format_date(day=day, language=get_language() or "ja", year=True)}
    if turn is Turn.GRADUATION:
        return _("The term goes on past %(day)s. Students graduate in March, and some will have left by then.") % words
    return _("The term goes on past %(day)s. Many people change jobs, places or classes on that day.") % words
