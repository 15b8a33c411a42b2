"""The room: a session that runs. Pure: no clock, no database, no words.

`state` says what a room is, `events` what can happen and why not, `rights` who may; `changing` does it, `moving` goes
from turn to turn, `refitting` keeps the end, `running` lets time pass, `practice` plays the others; `views` is what
pages show, `stored` is JSON.
"""

from sessions.core.room.changing import reopened, without
from sessions.core.room.events import Event, NotNow, Phase, Reason
from sessions.core.room.running import advanced, due, happened
from sessions.core.room.state import Room, opened
from sessions.core.room.stored import as_json, from_json
from sessions.core.room.views import view

__all__ = [
    "Event",
    "NotNow",
    "Phase",
    "Reason",
    "Room",
    "advanced",
    "as_json",
    "due",
    "from_json",
    "happened",
    "opened",
    "reopened",
    "view",
    "without",
]
