"""The sessions of a cohort that meets in another weekly window from now on: to which dates they go, and the going."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.models import Cohort
from dialogue.term_dates import closed_dates_of, dates_by_weekday
from sessions.core.rescheduling import starts_in_another_window
from sessions.models import DialogueSession
from sessions.series_announcing import announce_series_moved
from sessions.services.changing_series import shift, way_back, write_down_move

NOTICE: Final = timedelta(hours=72)
"""No session comes nearer than this by its cohort's new window: people are asked so long ahead whether they come."""

Window = tuple[int, int]
"""Weekday (Monday = 0) and minutes after midnight, by the term's clock."""


def sessions_in_window(sessions: Sequence[DialogueSession], *, window: Window, zone: str) -> list[DialogueSession]:
    """Return those of some sessions that are held in a window. What was moved to a date of its own is not."""
    return [one for one in sessions if _window_of(one.starts_at, zone) == window]


def new_dates(
    cohort: Cohort, sessions: Sequence[DialogueSession], *, window: Window, now: datetime
) -> dict[int, datetime]:
    """Return by session the start that it has in another window. `sessions` come the earliest first.

    Where that takes back how the last move of the series brought them here, they return to their former dates.
    """
    term = cohort.term
    former = way_back(cohort=cohort, now=now)
    were_there = all(_window_of(start, term.zone) == window for start in former.values())
    if were_there and former.keys() == {one.pk for one in sessions}:
        return former
    starts = starts_in_another_window(
        [one.starts_at for one in sessions],
        days=dates_by_weekday(term, weekdays=[window[0]])[window[0]],
        minute=window[1],
        cadence=Cadence(term.cadence),
        zone=term.zone,
        earliest=now + NOTICE,
        closed=frozenset(closed_dates_of(term)),
    )
    return {one.pk: start for one, start in zip(sessions, starts, strict=True)}


def follow_window(
    cohort: Cohort,
    sessions: Sequence[DialogueSession],
    former: Window,
    *,
    besides: Collection[int],
    now: datetime,
) -> set[int]:
    """Move the sessions of the former window to that of today, for everybody of today, and return which moved.

    Whoever knew the former dates is told once; `besides` are those who did not.

    Raises:
        IntegrityError: somebody, or a video link, is booked at one of the new dates.
    """
    held = DialogueSession.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in sessions])
    confirmed = set(held.filter(status=DialogueSession.Status.CONFIRMED).values_list("pk", flat=True))
    moving = sessions_in_window([one for one in sessions if one.pk in confirmed], window=former, zone=cohort.term.zone)
    if not moving:
        return set()
    starts = new_dates(cohort, moving, window=(cohort.weekday, cohort.starts), now=now)
    before = shift(moving, starts, now=now)
    moving.sort(key=lambda one: one.starts_at)
    announce_series_moved(sessions=moving, before=before, now=now, besides=besides)
    write_down_move(cohort.pk, moving, before, now=now)
    return {one.pk for one in moving}


def dates_of_move(cohort: Cohort, *, window: Window, now: datetime) -> list[tuple[DialogueSession, datetime]]:
    """Return the sessions to come that would go along if a cohort met in another window, each with its new start."""
    rows = DialogueSession.objects.filter(cohort=cohort, status=DialogueSession.Status.CONFIRMED, starts_at__gt=now)
    moving = sessions_in_window(
        list(rows.order_by("starts_at")), window=(cohort.weekday, cohort.starts), zone=cohort.term.zone
    )
    starts = new_dates(cohort, moving, window=window, now=now) if moving else {}
    return [(one, starts[one.pk]) for one in moving]


def _window_of(start: datetime, zone: str) -> Window:
    local = start.astimezone(zone_named(zone))
    return local.weekday(), local.hour * 60 + local.minute
