"""Video links as a coordinator lists them: one a line, with the minutes it allows and what it is called if they like.

For example: "https://meet.example.com/a 40分 会議室A".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dialogue.core.text import narrow, visible

_MINUTES: Final = re.compile(r"(?P<minutes>\d{1,4})(?:分|min|mins|minutes|m)", re.IGNORECASE)
MOST_MINUTES: Final = 1440
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A video link. `minutes` is how long one meeting in it may last (None: as long as you like)."""

    url: str
    minutes: int | None = None
    name: str = ""

    def allows(self, minutes: int) -> bool:
        """Tell whether a session of so many minutes can end in it."""
        return self.minutes is None or minutes <= self.minutes

    @property
    def note(self) -> dict[str, Any]:
        """What is stored of it beside its link."""
        said: dict[str, Any] = {"minutes": self.minutes, "name": self.name}
        return {key: value for key, value in said.items() if value}

    @property
    def line(self) -> str:
        """The line that `read_room` reads back."""
        parts = (self.url, f"{self.minutes}分" if self.minutes else "", self.name)
        return " ".join(part for part in parts if part)


def read_room(line: str) -> Room:
    """Return the link, the limit and the name that a line holds. Whether the link is one is for the caller to say.

    Raises:
        ValueError: a limit of no minutes or of more than a day, or a name of over 60 characters.
    """
    url, _space, rest = visible(line).partition(" ")
    words = rest.split(" ") if rest else []
    minutes = None
    if words and (found := _MINUTES.fullmatch(narrow(words[0]))):
        minutes = int(found["minutes"])
        words = words[1:]
        if not 1 <= minutes <= MOST_MINUTES:
            raise ValueError(f"a link that allows {minutes} minutes")
    name = " ".join(words)
    if len(name) > LONGEST_NAME:
        raise ValueError("the name of a link is too long")
    return Room(url=url, minutes=minutes, name=name)


def rooms_of(urls: Sequence[str], notes: Mapping[str, Any]) -> list[Room]:
    """Return stored links with what is known of each, in their order."""
    found = []
    for url in urls:
        note = notes.get(url) or {}
        found.append(Room(url=url, minutes=note.get("minutes"), name=note.get("name", "")))
    return found


def too_short(rooms: Iterable[Room], *, minutes: int) -> list[Room]:
    """Return the links that would end a session of so many minutes before its time."""
    return [room for room in rooms if not room.allows(minutes)]
