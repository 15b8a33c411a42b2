"""Who is booked already when a gathering would be: said to its coordinator before anything is saved or sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogue.models import Person
from sessions.core.slots import quarters
from sessions.models import BusyTime

NAMES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedStart:
    """A start at which people of the audience are in a session or another gathering; `names` are the first of them."""

    starts_at: datetime
    number: int
    names: Sequence[str]

    @property
    def others(self) -> int:
        return self.number - len(self.names)


def booked_starts(
    *, people: Collection[int], starts: Sequence[datetime], minutes: int, besides: int | None = None
) -> list[BookedStart]:
    """Return the starts at which some of these people are booked, each with who, in 五十音 order. Two queries.

    What the gathering with the primary key `besides` takes itself does not count.
    """
    wanted = {start: quarters(start, start + timedelta(minutes=minutes)) for start in starts}
    rows = BusyTime.objects.filter(person__isnull=False, quarter__in={one for some in wanted.values() for one in some})
    if besides is not None:
        rows = rows.exclude(gathering=besides)
    audience = set(people)
    booked = [(quarter, who) for quarter, who in rows.values_list("quarter", "person") if who in audience]
    if not booked:
        return []
    in_order = Person.objects.filter(pk__in={who for _quarter, who in booked})
    in_order = in_order.order_by("family_kana", "given_kana", "preferred_name", "pk")
    names = {one.pk: one.full_name or one.preferred_name for one in in_order}
    found = []
    for start, its in wanted.items():
        taken = {who for quarter, who in booked if quarter in its}
        if taken:
            shown = [name for who, name in names.items() if who in taken][:NAMES_SHOWN]
            found.append(BookedStart(starts_at=start, number=len(taken), names=shown))
    return found
