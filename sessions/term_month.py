"""A month of a term: its sessions by day, as a calendar on the wall shows them."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogue.addresses import address_of
from dialogue.models import Term
from sessions.models import DialogueSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One session on a day. `clock` is its beginning by the term's clock."""

    clock: str
    cohort: int
    number: int
    url: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the month's weeks; `is_outside` where it belongs to the month before or after."""

    day: date
    is_outside: bool
    is_today: bool
    entries: Sequence[Entry]


def month_to_open(term: Term, *, now: datetime, zone: ZoneInfo) -> date:
    """Return the first day of the month of the next session or, after the last, of that; before any, of the term."""
    rows = DialogueSession.objects.filter(cohort__term=term).standing()
    moments = rows.filter(ends_at__gt=now).order_by("starts_at").values_list("starts_at", flat=True)[:1]
    last = rows.order_by("-starts_at").values_list("starts_at", flat=True)[:1]
    found = next(iter([*moments, *last]), None)
    return (found.astimezone(zone).date() if found else term.starts_on).replace(day=1)


def weeks_of(term: Term, first: date, *, now: datetime, zone: ZoneInfo) -> list[list[Day]]:
    """Return the weeks of a month from Monday on, each day with its sessions that stand. One query."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    earliest = datetime.combine(weeks[0][0], time(), zone)
    latest = datetime.combine(weeks[-1][-1] + timedelta(days=1), time(), zone)
    rows = DialogueSession.objects.filter(cohort__term=term).standing().starting_between(earliest, latest)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for starts_at, ends_at, cohort, cohort_number, number in rows.order_by("starts_at", "cohort__number").values_list(
        "starts_at", "ends_at", "cohort", "cohort__number", "number"
    ):
        local = starts_at.astimezone(zone)
        by_day[local.date()].append(
            Entry(
                clock=f"{local:%H:%M}",
                cohort=cohort_number,
                number=number,
                url=address_of("cohort", cohort),
                is_over=ends_at <= now,
            )
        )
    today = now.astimezone(zone).date()
    return [
        [Day(day=day, is_outside=day.month != first.month, is_today=day == today, entries=by_day[day]) for day in week]
        for week in weeks
    ]
