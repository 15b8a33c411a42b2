"""When people are taken already. Whoever books people's time registers as a source, so that forming cohorts,
which lies below booking, need not import it.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from dialogue.core.spans import Span

Source = Callable[[Collection[int], datetime, datetime], Iterable[tuple[int, Span]]]

_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Have `source(people, earliest, latest)` asked for (person, span) pairs that touch this stretch of time."""
    if source not in _sources:
        _sources.append(source)
    return source


def commitments_between(people: Collection[int], *, earliest: datetime, latest: datetime) -> dict[int, list[Span]]:
    """Return, by person, the stretches in which they are booked anywhere between two moments."""
    taken: dict[int, list[Span]] = {}
    for source in _sources:
        for person, span in source(people, earliest, latest):
            taken.setdefault(person, []).append(span)
    return taken
