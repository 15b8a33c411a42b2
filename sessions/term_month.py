"""A month of a term: its sessions and gatherings by day, as a calendar on the wall shows them."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogue.addresses import address_of
from dialogue.models import Term
from sessions.models import DialogueSession, Gathering


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A session of a cohort, or a gathering of some kind, on a day. `clock` is its beginning by the term's clock."""

    clock: str
    cohort: int | None = None
    number: int | None = None
    gathering: str = ""
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
    rows = DialogueSession.objects.filter(cohort__term=term).with_a_date()
    moments = rows.filter(ends_at__gt=now).order_by("starts_at").values_list("starts_at", flat=True)[:1]
    last = rows.order_by("-starts_at").values_list("starts_at", flat=True)[:1]
    found = next(iter([*moments, *last]), None)
    return (found.astimezone(zone).date() if found else term.starts_on).replace(day=1)


def weeks_of(term: Term, first: date, *, now: datetime, zone: ZoneInfo) -> list[list[Day]]:
    """Return the weeks of a month from Monday on, each day with what stands on it in order of time. Two queries.

    Sessions and gatherings whose date is still looked for stand on no day.
    """
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    earliest = datetime.combine(weeks[0][0], time(), zone)
    latest = datetime.combine(weeks[-1][-1] + timedelta(days=1), time(), zone)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    found = [*_gatherings(term, earliest, latest, now), *_sessions(term, earliest, latest, now)]
    for starts_at, entry in sorted(found, key=lambda one: one[0]):
        local = starts_at.astimezone(zone)
        by_day[local.date()].append(replace(entry, clock=f"{local:%H:%M}"))
    today = now.astimezone(zone).date()
    return [
        [Day(day=day, is_outside=day.month != first.month, is_today=day == today, entries=by_day[day]) for day in week]
        for week in weeks
    ]


def _sessions(term: Term, earliest: datetime, latest: datetime, now: datetime) -> Iterator[tuple[datetime, Entry]]:
    rows = DialogueSession.objects.filter(cohort__term=term).with_a_date().starting_between(earliest, latest)
    columns = ("starts_at", "ends_at", "cohort", "cohort__number", "number")
    for starts_at, ends_at, cohort, cohort_number, number in rows.order_by("cohort__number").values_list(*columns):
        url = address_of("cohort", cohort)
        yield starts_at, Entry(clock="", cohort=cohort_number, number=number, url=url, is_over=ends_at <= now)


def _gatherings(term: Term, earliest: datetime, latest: datetime, now: datetime) -> Iterator[tuple[datetime, Entry]]:
    rows = Gathering.objects.filter(
        term=term, status=Gathering.Status.CONFIRMED, starts_at__gte=earliest, starts_at__lt=latest
    )
    kinds = dict(Gathering.Kind.choices)
    for pk, kind, starts_at, ends_at in rows.order_by("pk").values_list("pk", "kind", "starts_at", "ends_at"):
        yield (
            starts_at,
            Entry(clock="", gathering=str(kinds[kind]), url=address_of("gathering", pk), is_over=ends_at <= now),
        )
