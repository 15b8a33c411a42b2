"""New dates for what remains of a series: each session shifted alike, or the rhythm begun anew from another day."""

from collections.abc import Sequence, Set
from datetime import date, datetime, timedelta
from enum import StrEnum

from dialogue.core.recurrence import Cadence, series_dates
from dialogue.core.wall_clock import moment_at, zone_named


class Way(StrEnum):
    """How the sessions after the first one follow it."""

    SHIFT = "shift"
    """Each moves by as many days as the first; a closed day is not passed over."""
    RHYTHM = "rhythm"
    """They follow in the rhythm of the term from the new first day, and closed days are passed over."""


def new_starts(
    *,
    starts: Sequence[datetime],
    first_day: date,
    minute: int,
    way: Way,
    cadence: Cadence,
    zone: str,
    closed: Set[date] = frozenset(),
) -> list[datetime]:
    """Return the new start of each session in UTC, in the order of `starts` (earliest first).

    The first session moves to `first_day`, and every one starts `minute` minutes after midnight by the clock of `zone`:
    the wall-clock hour stays over a change of clocks.

    Raises:
        ValueError: the zone is unknown, or with `RHYTHM` the first day itself is closed.
        OverflowError: the series would pass the year 9999.
    """
    place = zone_named(zone)
    if not starts:
        return []
    if way is Way.SHIFT:
        shift = first_day - starts[0].astimezone(place).date()
        days = [start.astimezone(place).date() + shift for start in starts]
    else:
        if first_day in closed:
            raise ValueError(f"{first_day} is a closed day")
        days = series_dates(
            first_on_or_after=first_day,
            weekday=first_day.weekday(),
            cadence=cadence,
            how_many=len(starts),
            skip=closed,
        )
    return [moment_at(day=day, minute=minute, zone=place) for day in days]


def passed_over(days: Sequence[date], *, cadence: Cadence, closed: Set[date]) -> list[date]:
    """Return the turns that a series which meets on `days` leaves out because they are closed, in order."""
    if not days:
        return []
    regular = series_dates(
        first_on_or_after=days[0],
        weekday=days[0].weekday(),
        cadence=cadence,
        how_many=len(days) + len([day for day in closed if days[0] < day < days[-1]]),
    )
    return [day for day in regular if day in closed and day < days[-1]]


def next_turn(last: date, *, cadence: Cadence, closed: Set[date], ordinal_of: date | None = None) -> date:
    """Return the day on which a series would meet next after `last`.

    `ordinal_of` is the first day of the series, which fixes the ordinal weekday of a monthly one.

    Raises:
        OverflowError: the series would pass the year 9999.
    """
    begins = ordinal_of or last
    turns = 2
    while True:
        days = series_dates(
            first_on_or_after=begins, weekday=begins.weekday(), cadence=cadence, how_many=turns, skip=closed
        )
        later = [day for day in days if day > last]
        if later:
            return later[0]
        turns *= 2


def ends_late(*, starts_at: datetime, ends_at: datetime, zone: str, latest: int) -> bool:
    """Tell whether a session runs past `latest` minutes after midnight by the clock of `zone`, or over midnight."""
    place = zone_named(zone)
    start, end = starts_at.astimezone(place), ends_at.astimezone(place)
    return end.date() > start.date() or end.hour * 60 + end.minute > latest


def same_hour_later(start: datetime, *, zone: str, days: int) -> datetime:
    """Return the moment, in UTC, at which the clock of `zone` shows the same time some days later."""
    place = zone_named(zone)
    local = start.astimezone(place)
    return moment_at(day=local.date() + timedelta(days=days), minute=local.hour * 60 + local.minute, zone=place)


def shared_window(starts: Sequence[datetime], *, zone: str) -> tuple[int, int] | None:
    """Return the weekday (Monday = 0) and the minute after midnight at which several sessions all start, if they do.

    One session alone makes no window.
    """
    place = zone_named(zone)
    local = [start.astimezone(place) for start in starts]
    found = {(start.weekday(), start.hour * 60 + start.minute) for start in local}
    return found.pop() if len(local) > 1 and len(found) == 1 else None


def starts_in_another_window(
    starts: Sequence[datetime],
    *,
    days: Sequence[date],
    minute: int,
    cadence: Cadence,
    zone: str,
    earliest: datetime,
    closed: Set[date] = frozenset(),
) -> list[datetime]:
    """Return when sessions (earliest first) are held once their cohort meets on another weekday, in UTC.

    `days` are all turns of the term on that weekday, in order. They take the turns from the week of the first session
    on, none before `earliest`; where the turns of the term come to an end, the rhythm goes on.

    Raises:
        ValueError: the zone is unknown.
        OverflowError: the series would pass the year 9999.
    """
    place = zone_named(zone)
    if not starts:
        return []
    first = starts[0].astimezone(place).date()
    monday = first - timedelta(days=first.weekday())

    def moment(day: date) -> datetime:
        return moment_at(day=day, minute=minute, zone=place)

    found = [moment(day) for day in days if day >= monday and moment(day) >= earliest][: len(starts)]
    last = max(days[-1], monday - timedelta(days=1))
    while len(found) < len(starts):
        last = next_turn(last, cadence=cadence, closed=closed, ordinal_of=days[0])
        if moment(last) >= earliest:
            found.append(moment(last))
    return found
