"""Everything stored by the sessions app, by its name."""

from sessions.models.after import AfterMark, AfterTally
from sessions.models.copies import CalendarCopy, GatheringCopy
from sessions.models.feeds import CalendarFeed
from sessions.models.gatherings import Gathering, GatheringAnswer, GatheringChoice, GatheringOption
from sessions.models.greetings import GreetingCard
from sessions.models.notes import CohortNote
from sessions.models.postponing import Postponement
from sessions.models.quorum import LoneAsk, QuorumCheck, QuorumDanger, QuorumSetting, StandInAsk
from sessions.models.rescheduling import Reschedule, RescheduleBallot, RescheduleOption
from sessions.models.rooms import ClosedRoom, Room, RoomSignal, SpeakingTime
from sessions.models.safety import SafetyMark
from sessions.models.series import Attendance, BusyTime, DialogueSession, PromptWishes, SessionPrompt, SessionSeries
from sessions.models.standby import Standby, StandbyAsk
from sessions.models.today import Spoken, TodayMark
from sessions.models.voices import VoiceFigure
from sessions.models.writing import FacilitatorRecord, Reflection, SmallStep

__all__ = [
    "AfterMark",
    "AfterTally",
    "Attendance",
    "BusyTime",
    "CalendarCopy",
    "CalendarFeed",
    "ClosedRoom",
    "CohortNote",
    "DialogueSession",
    "FacilitatorRecord",
    "Gathering",
    "GatheringAnswer",
    "GatheringChoice",
    "GatheringCopy",
    "GatheringOption",
    "GreetingCard",
    "LoneAsk",
    "Postponement",
    "PromptWishes",
    "QuorumCheck",
    "QuorumDanger",
    "QuorumSetting",
    "Reflection",
    "Reschedule",
    "RescheduleBallot",
    "RescheduleOption",
    "Room",
    "RoomSignal",
    "SafetyMark",
    "SessionPrompt",
    "SessionSeries",
    "SmallStep",
    "SpeakingTime",
    "Spoken",
    "StandInAsk",
    "Standby",
    "StandbyAsk",
    "TodayMark",
    "VoiceFigure",
]
