"""Times at which everybody can come, on real dates, best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.core.wall_clock import moment_at

SLOT_MINUTES: Final = 30
SLOTS_IN_DAY: Final = 48
SLOTS_IN_WEEK: Final = 7 * SLOTS_IN_DAY
OFFERED: Final = 3


@dataclass(frozen=True, slots=True)
class Free:
    """The half hours of a week in which somebody can come, and those in which they can if need be, as masks.

    Bit 0 is Monday 00:00 in the term's zone. `if_need_be` holds the other as well.
    """

    surely: int
    if_need_be: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A start at which all can come; `reluctant` of them only if need be. `usual`: the cohort's own day and time."""

    starts_at: datetime
    reluctant: int
    usual: bool = False


def common_windows(
    people: Sequence[Free],
    *,
    days: Mapping[int, date],
    zone: ZoneInfo,
    minutes: int,
    usual: tuple[int, int] | None = None,
) -> list[Window]:
    """Return every start within one week's days at which all of these people can come for so many minutes.

    `days` gives the date of each weekday (Monday = 0) in question; `usual` is the cohort's weekday and its minutes
    after midnight. Nobody gives no window: with no people, there is nothing to hold.
    """
    if not people:
        return []
    length = -(-minutes // SLOT_MINUTES)
    found = []
    for weekday, day in days.items():
        for nth in range(SLOTS_IN_DAY):
            slots = [(weekday * SLOTS_IN_DAY + nth + later) % SLOTS_IN_WEEK for later in range(length)]
            mask = sum(1 << slot for slot in slots)
            if any(mask & ~one.if_need_be for one in people):
                continue
            minute = nth * SLOT_MINUTES
            found.append(
                Window(
                    starts_at=moment_at(day=day, minute=minute, zone=zone),
                    reluctant=sum(bool(mask & ~one.surely) for one in people),
                    usual=usual == (weekday, minute),
                )
            )
    return found


def best(windows: Sequence[Window], *, zone: ZoneInfo, how_many: int = OFFERED) -> list[Window]:
    """Return the best windows, on different days as far as there are enough of them.

    The fewer come only if need be, the better; then the cohort's usual day and time; then the hour nearest to early
    evening, 19:00 by the term's clock; then the sooner.
    """
    ranked = sorted(windows, key=lambda one: (one.reluctant, not one.usual, _from_evening(one, zone), one.starts_at))
    chosen: list[Window] = []
    for one in ranked:
        if all(_day(one, zone) != _day(other, zone) for other in chosen):
            chosen.append(one)
    others = [one for one in ranked if one not in chosen]
    return (chosen + others)[:how_many]


def _day(window: Window, zone: ZoneInfo) -> date:
    return window.starts_at.astimezone(zone).date()


def _from_evening(window: Window, zone: ZoneInfo) -> int:
    local = window.starts_at.astimezone(zone)
    return abs(local.hour * 60 + local.minute - 19 * 60)
