"""Choosing among the dates of a gathering: whether it still can be done, and which of the dates are left."""

from datetime import datetime

from dialogue.core.recurrence import MINIMUM_NOTICE
from sessions.models import Gathering, GatheringOption


def has_passed(option: GatheringOption, now: datetime) -> bool:
    """Return whether it is too late to hold a gathering at this date: people would not hear of it in time."""
    return option.starts_at < now + MINIMUM_NOTICE


def options_left(gathering: Gathering, now: datetime) -> list[GatheringOption]:
    """Return the dates that have not passed, in order. One query."""
    return list(gathering.options.filter(starts_at__gte=now + MINIMUM_NOTICE).order_by("starts_at"))


def latest_closing(gathering: Gathering, now: datetime) -> datetime | None:
    """Return until when choosing could be kept open at most: whoever chooses last hears in time of the first date left.

    None where it looks for no date, none is left, or it is open until then already. One query.
    """
    left = options_left(gathering, now) if gathering.status == Gathering.Status.ASKING else []
    if not left:
        return None
    latest = left[0].starts_at - MINIMUM_NOTICE
    return latest if latest > max(now, gathering.closes_at) else None


def takes_choices(gathering: Gathering, now: datetime) -> bool:
    """Return whether people may choose: it looks for a date, and choosing has not closed. It may have no date left."""
    closes_at = gathering.closes_at
    return gathering.status == Gathering.Status.ASKING and closes_at is not None and now < closes_at
