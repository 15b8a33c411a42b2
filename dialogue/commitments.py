"""When people are taken already. Whoever books people's time registers as a source, so that forming cohorts,
which lies below booking, need not import it.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from dialogue.core.spans import Span

Source = Callable[[Collection[int], datetime, datetime, int | None], Iterable[tuple[int, Span]]]

_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Have `source(people, earliest, latest, besides_term)` asked for (person, span) pairs that touch this stretch.

    What belongs to the term with the primary key `besides_term` is left out.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def commitments_between(
    people: Collection[int], *, earliest: datetime, latest: datetime, besides_term: int | None = None
) -> dict[int, list[Span]]:
    """Return, by person, the stretches in which they are booked between two moments, a term's own left out if asked."""
    taken: dict[int, list[Span]] = {}
    for source in _sources:
        for person, span in source(people, earliest, latest, besides_term):
            taken.setdefault(person, []).append(span)
    return taken
