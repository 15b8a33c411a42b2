"""How many of those who have facilitated in a programme could take each of the times that a term offers."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogue.availability import READ_OF_FACILITATIONS, availability
from dialogue.core.grid import SLOT_MINUTES, SLOTS_IN_DAY, SLOTS_IN_WEEK
from dialogue.core.week import WeeklyWindow
from dialogue.models import Facilitation, Programme, Term


def takers_of(
    windows: Sequence[WeeklyWindow], *, programme: Programme, zone: str, dates: Mapping[int, Sequence[date]]
) -> list[int]:
    """Return, for each window, how many of the programme's facilitators are free through all of it on every date.

    A facilitator's times are those that they gave for their latest term. `zone` and `dates` are the new term's.
    """
    rows = Facilitation.objects.filter(term__programme=programme).select_related("person")
    latest = {
        row.person_id: row for row in rows.prefetch_related(*READ_OF_FACILITATIONS).order_by("term__starts_on", "pk")
    }
    term = Term(programme=programme, zone=zone)
    free = [availability(one, term=term, dates=dates, booked=()) for one in latest.values()]
    return [sum(mask & wanted == wanted for mask in free) for wanted in map(_slots_of, windows)]


def _slots_of(window: WeeklyWindow) -> int:
    """Return the half hours of the week that a window covers as a mask; Sunday night runs on into Monday."""
    first = window.weekday * SLOTS_IN_DAY + window.starts // SLOT_MINUTES
    last = window.weekday * SLOTS_IN_DAY - -window.ends // SLOT_MINUTES
    return sum(1 << slot % SLOTS_IN_WEEK for slot in range(first, last))
