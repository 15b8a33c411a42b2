"""What does not count of the times that somebody gave, in words: they are told before anybody relies on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.grid import SLOT_MINUTES
from dialogue.core.grid_losses import Reading, Stretch, readings_of
from dialogue.core.week import WeeklyWindow, merged
from dialogue.core.wording import format_date
from dialogue.forms.times import DAY_NAMES, hours
from dialogue.models import Term
from dialogue.term_dates import dates_by_weekday

MOST_IN_LIST: Final = 20
"""People whose narrowed times a list shows by name."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One window that does not count as it was given: what became of it, and on which dates where these differ."""

    words: str
    by_date: tuple[str, ...]


def narrowed_times(*, windows: Iterable[WeeklyWindow], zone: str, term: Term) -> tuple[Narrowed, ...]:
    """Return what is lost of weekly windows by the clock of `zone`; nothing where all of them count on every date."""
    return _narrowed(windows, zone, term, None)


@dataclass(frozen=True, slots=True)
class NarrowedPeople:
    """How many people's times do not count as they stand in a file, and the first of these with what becomes of it."""

    count: int
    first: tuple[tuple[str, tuple[Narrowed, ...]], ...]


def narrowed_people(people: Iterable[tuple[str, str, Sequence[WeeklyWindow]]], *, term: Term) -> NarrowedPeople:
    """Return whose times are narrowed, each given as name, zone and windows. People who gave the same cost once."""
    dates = dates_by_weekday(term)
    known: dict[tuple[str, tuple[WeeklyWindow, ...]], tuple[Narrowed, ...]] = {}
    found = []
    for name, zone, windows in people:
        key = (zone, tuple(windows))
        if key not in known:
            known[key] = _narrowed(windows, zone, term, dates)
        if known[key]:
            found.append((name, known[key]))
    return NarrowedPeople(len(found), tuple(found[:MOST_IN_LIST]))


def _narrowed(
    windows: Iterable[WeeklyWindow], zone: str, term: Term, dates: Mapping[int, Sequence[date]] | None
) -> tuple[Narrowed, ...]:
    given = merged(windows)
    on_grid = not any(one.starts % SLOT_MINUTES or one.ends % SLOT_MINUTES for one in given)
    if not given or (zone == term.zone and on_grid):
        return ()
    readings = readings_of(
        windows=given, zone=zone, term_zone=term.zone, dates_by_weekday=dates or dates_by_weekday(term)
    )
    return tuple(_in_words(one) for one in readings if not one.is_whole)


def _in_words(reading: Reading) -> Narrowed:
    window = _said([reading.window])
    if not reading.stretches:
        return Narrowed(
            _("%(window)s does not count: it holds no whole half hour of the term's clock.") % {"window": window}, ()
        )
    if not reading.is_by_clock_change and len({one.kept for one in reading.stretches}) == 1:
        kept = _said(reading.stretches[0].kept, beside=reading.window)
        return Narrowed(_("%(window)s is read as %(kept)s.") % {"window": window, "kept": kept}, ())
    return Narrowed(
        _("%(window)s: clocks change during the term, and only times that hold on every date count.")
        % {"window": window},
        tuple(_of_dates(one, reading.window) for one in reading.stretches),
    )


def _of_dates(stretch: Stretch, window: WeeklyWindow) -> str:
    language = get_language() or "ja"
    said = {
        "first": format_date(day=stretch.first, language=language),
        "last": format_date(day=stretch.last, language=language),
        "kept": _said(stretch.kept, beside=window),
        "fallen": _said(stretch.fallen, beside=window),
    }
    if not stretch.fallen:
        return _("%(first)s to %(last)s: %(kept)s counts.") % said
    if not stretch.kept:
        return _("%(first)s to %(last)s: %(fallen)s falls away, and nothing counts.") % said
    return _("%(first)s to %(last)s: %(kept)s counts, %(fallen)s falls away.") % said


def _said(windows: Sequence[WeeklyWindow], beside: WeeklyWindow | None = None) -> str:
    """Return windows by day and hours; the day is left out beside a window of the same day."""
    return _(", ").join(
        hours(one.starts, one.ends)
        if beside is not None and one.weekday == beside.weekday
        else f"{DAY_NAMES[one.weekday]} {hours(one.starts, one.ends)}"
        for one in windows
    )
