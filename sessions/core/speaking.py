"""How long each spoke in the own room, as their own browsers count it, and when that may be used at all.

A browser counts the seconds in which its own microphone is above a level (`static/js/speaking_level.js`) and says
nothing but a running number. Every page that somebody opens counts for itself, from nothing on: after a reload, or on
a second device, the numbers of one person add up.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """The newest running number of one page of one person, in seconds."""

    person: int
    seconds: int


def may_be_measured(*, chosen: bool, own_room: bool, minors: bool) -> bool:
    """Whether a session may be measured if everybody agrees.

    Args:
        chosen: its term has switched it on.
        own_room: it is held in Madoi's own room, the only one whose microphones a page can hear.
        minors: somebody of the circle is under 18; they are not asked to be measured.
    """
    return chosen and own_room and not minors


def seconds_of(told: Iterable[Told], here: Collection[int], *, longest: float) -> Mapping[int, float] | None:
    """Return the seconds of everybody who was there, or nothing where they would say something untrue.

    There is no figure where the browser of one of them never said a number, 0 included: who was heard in another way
    would seem to have been silent. Nor where nobody was heard.

    Args:
        told: what each page said last.
        here: everybody who was in the circle. What others said does not count.
        longest: the seconds that the session lasted; nobody spoke for longer.
    """
    pages: dict[int, int] = {}
    for one in told:
        pages[one.person] = pages.get(one.person, 0) + max(one.seconds, 0)
    if not all(key in pages for key in here):
        return None
    seconds = {key: min(float(pages[key]), longest) for key in here}
    return seconds if any(seconds.values()) else None
