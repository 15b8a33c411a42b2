"""Stretches of time: what is busy, booked or offered, from one moment to another."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The moments from `starts_at` up to, not including, `ends_at`.

    Both are kept in UTC whatever zone they came in: Python compares two times of one zone by their wall clock,
    which puts the hour that a clock change repeats in the wrong order.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Turn both ends into UTC and refuse what is no stretch of time.

        Raises:
            ValueError: an end has no zone, or the span would not last at all.
        """
        for name in ("starts_at", "ends_at"):
            moment: datetime = getattr(self, name)
            if moment.utcoffset() is None:
                raise ValueError(f"{name} has no time zone: {moment.isoformat()}")
            object.__setattr__(self, name, moment.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError(f"a span must end after it starts: {self.starts_at.isoformat()}")

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a moment. Spans that only touch do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def covers(self, other: "Span") -> bool:
        """Tell whether every moment of `other` lies in this span."""
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at
