"""Until when people choose among the dates of a gathering, and when they are asked once more."""

from datetime import datetime, timedelta
from typing import Final

LASTS: Final = timedelta(days=7)
BEFORE_THE_FIRST: Final = timedelta(days=3)
AT_LEAST: Final = timedelta(days=1)
ASKED_AGAIN_AFTER: Final = timedelta(days=3)
NEAR: Final = timedelta(days=3)
"""From when before its first date a gathering without one is a matter for its coordinator."""


def usual_closing(*, first: datetime, now: datetime) -> datetime:
    """Return when choosing closes if nobody says otherwise: after a week, or three days before the first date.

    Where the first date is nearer than that people have a day, but never longer than to its start. Later than `now` as
    `first` is.
    """
    whole_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    wanted = min(whole_hour + LASTS, first - BEFORE_THE_FIRST)
    return max(wanted, min(whole_hour + AT_LEAST, first))


def asked_again_at(*, closes_at: datetime, now: datetime) -> datetime:
    """Return when whoever has not chosen is asked once more: after three days, or half-way to an earlier closing."""
    return now + min(ASKED_AGAIN_AFTER, (closes_at - now) / 2)


def since_when_due(*, first: datetime, closes_at: datetime, all_chose_at: datetime | None) -> datetime:
    """Return from when somebody is to settle the date: all have chosen, choosing has closed, or the first is near."""
    moments = [first - NEAR, closes_at]
    return min([*moments, all_chose_at] if all_chose_at else moments)
