"""Everything stored by the sessions app, by its name."""

from sessions.models.feeds import CalendarFeed
from sessions.models.series import Attendance, BusyTime, DialogueSession, SessionPrompt, SessionSeries
from sessions.models.writing import FacilitatorRecord, Reflection

__all__ = [
    "Attendance",
    "BusyTime",
    "CalendarFeed",
    "DialogueSession",
    "FacilitatorRecord",
    "Reflection",
    "SessionPrompt",
    "SessionSeries",
]
