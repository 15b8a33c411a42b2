"""The usual shapes of a term, and the times a week that a new one proposes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dialogue.core.recurrence import Cadence
from dialogue.core.week import WeeklyWindow

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTemplate:
    """How many sessions a cohort has, in which rhythm, of how many minutes."""

    session_count: int
    cadence: Cadence
    session_minutes: int


TEMPLATES: Final[Mapping[str, TermTemplate]] = MappingProxyType(
    {
        "4": TermTemplate(session_count=4, cadence=Cadence.FORTNIGHTLY, session_minutes=90),
        "8": TermTemplate(session_count=8, cadence=Cadence.WEEKLY, session_minutes=90),
        "12": TermTemplate(session_count=12, cadence=Cadence.MONTHLY, session_minutes=120),
    }
)
"""By the number of sessions: to try it out, the usual term, a year."""

PROPOSED_SLOTS: Final[Sequence[WeeklyWindow]] = (
    WeeklyWindow(TUESDAY, 19 * 60, 21 * 60),
    WeeklyWindow(THURSDAY, 19 * 60, 21 * 60),
    WeeklyWindow(SATURDAY, 10 * 60, 12 * 60),
    WeeklyWindow(SATURDAY, 14 * 60, 16 * 60),
    WeeklyWindow(SUNDAY, 10 * 60, 12 * 60),
)
"""Two evenings and the weekend, each long enough for 120 minutes. Evenings end at 21:00, as they must for under-18s."""
