"""When somebody is free in a term: weekly windows, answers about named slots, single dates, other bookings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dialogue.core.grid import free_slots
from dialogue.core.spans import Span
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.models import AvailabilityException, AvailabilityWindow, Facilitation, Participation, SlotAnswer, Term

Answer = SlotAnswer.Answer

LATEST_END_UNDER_18 = 21 * 60
"""Sessions with somebody under 18 end by 21:00 on their clock (minutes after midnight)."""

READ_OF_FACILITATIONS = ("windows", "slot_answers__slot")
READ_OF_PARTICIPATIONS = (*READ_OF_FACILITATIONS, "exceptions")
"""What `availability` reads of its owner: prefetch it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When somebody said they can come; what lies after `until` (minutes after their midnight) is cut from `windows`.

    `windows` are by the person's own clock; of named slots, by the term's, there are those answered with ○ and with △.
    """

    zone: str
    until: int | None = None
    windows: Sequence[WeeklyWindow] = ()
    surely: Sequence[WeeklyWindow] = ()
    if_need_be: Sequence[WeeklyWindow] = ()
    away: Sequence[Span] = ()


def availability(
    owner: Participation | Facilitation,
    *,
    term: Term,
    dates: Mapping[int, Sequence[date]],
    booked: Sequence[Span],
) -> int:
    """Return the half-hour slots of the term's week in which somebody is free on every date, as a mask of 336 bits.

    Weekly windows are by the person's own clock, named slots by the term's; both count. A slot answered with △
    does not: `maybe_availability` has those. Reads what `READ_OF_PARTICIPATIONS` names.
    """
    return free_at(times_of(owner), term=term, dates=dates, booked=booked)


def maybe_availability(
    owner: Participation | Facilitation,
    *,
    term: Term,
    dates: Mapping[int, Sequence[date]],
    booked: Sequence[Span],
) -> int:
    """Return the slots in which somebody can come if need be: what their △ add to `availability`, as such a mask.

    It is for who could be placed in no other way. Nothing where nobody answered with △. Reads the same.
    """
    return maybe_free_at(times_of(owner), term=term, dates=dates, booked=booked)


def free_at(times: Times, *, term: Term, dates: Mapping[int, Sequence[date]], booked: Sequence[Span]) -> int:
    """Return what `availability` does of somebody whose times have been read."""
    return _free(times, times.surely, term=term, dates=dates, booked=booked)


def maybe_free_at(times: Times, *, term: Term, dates: Mapping[int, Sequence[date]], booked: Sequence[Span]) -> int:
    """Return what `maybe_availability` does of somebody whose times have been read."""
    if not times.if_need_be:
        return 0
    either = [*times.surely, *times.if_need_be]
    surely = free_at(times, term=term, dates=dates, booked=booked)
    return _free(times, either, term=term, dates=dates, booked=booked) & ~surely


def times_of(owner: Participation | Facilitation) -> Times:
    """Return the times of one person, from what `READ_OF_PARTICIPATIONS` (of a facilitator the other) names."""
    answers = [(row.answer, row.slot.weekday, row.slot.starts, row.slot.ends) for row in owner.slot_answers.all()]
    away = owner.exceptions.all() if isinstance(owner, Participation) else ()
    return _times(
        owner,
        [(row.weekday, row.starts, row.ends) for row in owner.windows.all()],
        answers,
        [(row.date, row.starts, row.ends) for row in away],
    )


def times_of_all(owners: Sequence[Participation] | Sequence[Facilitation]) -> Mapping[int, Times]:
    """Return the times of these people by primary key: of participations, or of facilitations. Needs `person`.

    Two or three queries, whose rows become no objects: for a term of 1,000 that halves what reading it costs.
    """
    if not owners:
        return {}
    column = "participation" if isinstance(owners[0], Participation) else "facilitation"
    chosen = {f"{column}__in": [owner.pk for owner in owners]}
    windows = AvailabilityWindow.objects.filter(**chosen).values_list(column, "weekday", "starts", "ends")
    slots = ("slot__weekday", "slot__starts", "slot__ends")
    answers = SlotAnswer.objects.filter(**chosen).values_list(column, "answer", *slots)
    away: Iterable[tuple[int, date, int, int]] = ()
    if column == "participation":
        away = AvailabilityException.objects.filter(**chosen).values_list(column, "date", "starts", "ends")
    read = [_by_owner(rows) for rows in (windows, answers, away)]
    return {owner.pk: _times(owner, *(found.get(owner.pk, ()) for found in read)) for owner in owners}


def _by_owner(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for owner, *rest in rows:
        found.setdefault(owner, []).append(tuple(rest))
    return found


def _times(
    owner: Participation | Facilitation,
    windows: Iterable[tuple[int, int, int]],
    answers: Iterable[tuple[str, int, int, int]],
    away: Iterable[tuple[date, int, int]],
) -> Times:
    zone = owner.person.zone
    until = LATEST_END_UNDER_18 if isinstance(owner, Participation) and owner.under_18 else None
    said = [(answer, WeeklyWindow(*slot)) for answer, *slot in answers]
    return Times(
        zone=zone,
        until=until,
        windows=[
            WeeklyWindow(weekday, starts, ends if until is None else min(ends, until))
            for weekday, starts, ends in windows
            if until is None or starts < until
        ],
        surely=[slot for answer, slot in said if answer == Answer.YES],
        if_need_be=[slot for answer, slot in said if answer == Answer.MAYBE],
        away=[_span(day, starts, ends, zone) for day, starts, ends in away],
    )


def _span(day: date, starts: int, ends: int, zone: str) -> Span:
    clock = zone_named(zone)
    return Span(moment_at(day=day, minute=starts, zone=clock), moment_at(day=day, minute=ends, zone=clock))


def _free(
    times: Times,
    slots: Sequence[WeeklyWindow],
    *,
    term: Term,
    dates: Mapping[int, Sequence[date]],
    booked: Sequence[Span],
) -> int:
    unavailable = [*booked, *times.away]

    def free(windows: Iterable[WeeklyWindow], its_zone: str) -> int:
        return free_slots(
            windows=windows, zone=its_zone, term_zone=term.zone, dates_by_weekday=dates, unavailable=unavailable
        )

    mask = free(times.windows, times.zone)
    if slots:
        offered = free(slots, term.zone)
        early = [WeeklyWindow(day, 0, times.until) for day in range(7)] if times.until else None
        mask |= offered & free(early, times.zone) if early else offered
    return mask
