"""When somebody is free in a term: weekly windows, answers about named slots, single dates, other bookings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

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
    return _free(owner, term=term, dates=dates, booked=booked, answers=(Answer.YES,))


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
    if not any(answer.answer == Answer.MAYBE for answer in owner.slot_answers.all()):
        return 0
    surely = availability(owner, term=term, dates=dates, booked=booked)
    return _free(owner, term=term, dates=dates, booked=booked, answers=(Answer.YES, Answer.MAYBE)) & ~surely


def _free(
    owner: Participation | Facilitation,
    *,
    term: Term,
    dates: Mapping[int, Sequence[date]],
    booked: Sequence[Span],
    answers: Collection[str],
) -> int:
    zone = owner.person.zone
    latest = LATEST_END_UNDER_18 if isinstance(owner, Participation) and owner.under_18 else None
    unavailable = [*booked, *_away(owner.exceptions.all(), zone)] if isinstance(owner, Participation) else booked

    def free(windows: Iterable[WeeklyWindow], its_zone: str) -> int:
        return free_slots(
            windows=windows, zone=its_zone, term_zone=term.zone, dates_by_weekday=dates, unavailable=unavailable
        )

    mask = free(_windows(owner.windows.all(), until=latest), zone)
    if slots := _slots(owner.slot_answers.all(), answers):
        offered = free(slots, term.zone)
        early = [WeeklyWindow(day, 0, latest) for day in range(7)] if latest else None
        mask |= offered & free(early, zone) if early else offered
    return mask


def _windows(rows: Iterable[AvailabilityWindow], *, until: int | None) -> list[WeeklyWindow]:
    """Return the stored windows, cut where they run past `until` (minutes after midnight)."""
    return [
        WeeklyWindow(row.weekday, row.starts, row.ends if until is None else min(row.ends, until))
        for row in rows
        if until is None or row.starts < until
    ]


def _slots(rows: Iterable[SlotAnswer], answers: Collection[str]) -> list[WeeklyWindow]:
    slots = [row.slot for row in rows if row.answer in answers]
    return [WeeklyWindow(slot.weekday, slot.starts, slot.ends) for slot in slots]


def _away(rows: Iterable[AvailabilityException], zone: str) -> list[Span]:
    clock = zone_named(zone)
    ends = [(row, moment_at(day=row.date, minute=row.ends, zone=clock)) for row in rows]
    return [Span(moment_at(day=row.date, minute=row.starts, zone=clock), end) for row, end in ends]
