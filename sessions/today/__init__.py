"""今日すること: what needs a human today. The page keeps the order of this list: whoever asks for help comes first."""

from importlib import import_module
from typing import Final

KINDS: Final = (
    "room",
    "help",
    "quorum",
    "alone",
    "repair",
    "series",
    "next_session",
    "gatherings",
    "sign_ups",
    "consent",
    "availability",
    "addresses",
    "letters",
    "missed",
    "absences",
    "facilitators",
    "records",
    "speaking",
)


def register_kinds() -> None:
    """Load every kind of thing that the morning page knows."""
    for name in KINDS:
        import_module(f"sessions.today.{name}")
