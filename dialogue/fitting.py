"""How well somebody's times fit into a term so far, and what one more would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dialogue.availability import READ_OF_FACILITATIONS, READ_OF_PARTICIPATIONS, availability
from dialogue.core.grid import free_slots
from dialogue.core.sign_up_fit import Fit, best_addition, fit_of, starts_of
from dialogue.core.sign_up_week import BLOCKS, EVERY_DAY, HalfHour, half_hours, ticked_of, windows_of
from dialogue.core.week import WeeklyWindow
from dialogue.forms.times import BLOCK_NAMES, DAY_NAMES, hours, slot_name
from dialogue.models import Participation, SlotAnswer, Term
from dialogue.term_dates import dates_by_weekday

HALF_HOUR_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class Addition:
    """One more time, by the button that adds it, and what would fit then."""

    value: str
    words: str
    fit: Fit


@dataclass(frozen=True, slots=True)
class Fitting:
    """What is told of times: how many others they meet, one more that helps, and if what counts holds a session."""

    fit: Fit
    addition: Addition | None
    is_long_enough: bool


def standing_of(
    *, term: Term, generation: str, times: Mapping[str, Any], but_not: Participation | None = None
) -> Fitting:
    """Return how times fit that are in the shape in which a draft keeps them. `but_not` is the person themselves."""
    # The first and the last date of each weekday: enough for both sides of a clock change, in a fraction of the time.
    dates = {weekday: sorted({days[0], days[-1]}) for weekday, days in dates_by_weekday(term).items()}
    others = term.participations.exclude(generation=generation).exclude(status__in=["ended", "relayed"])
    others = others.select_related("person").prefetch_related(*READ_OF_PARTICIPATIONS)
    if but_not is not None:
        others = others.exclude(person=but_not.person_id)
    facilitators = term.facilitations.select_related("person").prefetch_related(*READ_OF_FACILITATIONS)
    masks = [
        [availability(one, term=term, dates=dates, booked=()) for one in rows.order_by("pk")]
        for rows in (others, facilitators)
    ]
    length = -(-term.session_minutes // HALF_HOUR_MINUTES)

    weekly, slots = _windows(term, times)
    zone = str(times.get("zone") or term.zone)

    def mask(windows: Sequence[WeeklyWindow], clock: str) -> int:
        return free_slots(windows=windows, zone=clock, term_zone=term.zone, dates_by_weekday=dates)

    mine = mask(weekly, zone) | mask(slots, term.zone)
    offered = _additions(term, times)
    its_zone = term.zone if "slots" in times else zone
    additions = {value: mask(some, its_zone) for value, (_words, some) in offered.items()}
    best = best_addition(mine=mine, additions=additions, others=masks[0], facilitators=masks[1], length=length)
    return Fitting(
        fit=fit_of(mine=mine, others=masks[0], facilitators=masks[1], length=length),
        addition=Addition(best[0], offered[best[0]][0], best[1]) if best else None,
        is_long_enough=bool(starts_of(mine, length)),
    )


def added(times: Mapping[str, Any], value: str) -> dict[str, Any]:
    """Return times with one addition. One that does not exist changes nothing."""
    kind, *rest = value.split(":")
    if kind == "slot" and len(rest) == 1 and rest[0].isdecimal() and "slots" in times:
        return {**times, "slots": {**times["slots"], rest[0]: SlotAnswer.Answer.YES.value}}
    if kind == "block" and len(rest) == 2 and all(part.isdecimal() for part in rest) and "ticked" in times:
        day, number = int(rest[0]), int(rest[1])
        if day in EVERY_DAY and number < len(BLOCKS):
            more = half_hours(weekdays=[day], starts=BLOCKS[number][0], ends=BLOCKS[number][1])
            return {**times, "ticked": sorted({HalfHour(*pair) for pair in times["ticked"]} | more), "later": False}
    return dict(times)


def _windows(term: Term, times: Mapping[str, Any]) -> tuple[list[WeeklyWindow], list[WeeklyWindow]]:
    """Return weekly windows by the person's clock, and the slots answered with ○ by the term's."""
    chosen = {int(pk) for pk, answer in times.get("slots", {}).items() if answer == SlotAnswer.Answer.YES}
    slots = [slot for slot in term.slots.all() if slot.pk in chosen] if chosen else []
    weekly = windows_of({HalfHour(*pair) for pair in times.get("ticked", ())})
    return list(weekly), [WeeklyWindow(slot.weekday, slot.starts, slot.ends) for slot in slots]


def _additions(term: Term, times: Mapping[str, Any]) -> dict[str, tuple[str, list[WeeklyWindow]]]:
    """Return each time that could be added, in words and as windows: a slot that is no ○ yet, or a part of a day."""
    if "slots" in times:
        answers = times["slots"]
        return {
            f"slot:{slot.pk}": (slot_name(slot, term), [WeeklyWindow(slot.weekday, slot.starts, slot.ends)])
            for slot in term.slots.order_by("weekday", "starts", "ends")
            if answers.get(str(slot.pk)) not in {SlotAnswer.Answer.YES, SlotAnswer.Answer.NO}
        }
    ticked = {HalfHour(*pair) for pair in times["ticked"]}
    found = {}
    for day in EVERY_DAY:
        for number, (starts, ends) in enumerate(BLOCKS):
            window = WeeklyWindow(day, starts, ends)
            if not ticked_of([window]) <= ticked:
                words = f"{DAY_NAMES[day]} {BLOCK_NAMES[number]} {hours(starts, ends)}"
                found[f"block:{day}:{number}"] = (words, [window])
    return found
