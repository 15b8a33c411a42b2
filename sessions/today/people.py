"""People of a term for whom something is missing: one line each where they are few, one for the term where not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from sessions.today.kinds import Action, Desk, Item
from sessions.today.words import some_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A participation for which something is missing, and since when."""

    pk: int
    term: int
    name: str
    since: datetime


def one_line_a_term(people: Iterable[Lacking], *, desk: Desk, narrowed: str) -> Iterator[Item]:
    """Yield one item for each term. It leads to the person or, for several, to the reception narrowed to `narrowed`."""
    by_term: dict[int, list[Lacking]] = defaultdict(list)
    for one in people:
        by_term[one.term].append(one)
    for term, found in by_term.items():
        found.sort(key=lambda one: (one.since, one.pk))
        number, first = len(found), found[0]
        said = _("Since %(day)s.") if number == 1 else _("%(number)s people, the first since %(day)s.")
        url = (
            address_of("reception_person", first.pk)
            if number == 1
            else f"{address_of('reception', term)}?show={narrowed}"
        )
        yield Item(
            term=term,
            key=f"{first.pk}" if number == 1 else "all",
            since=first.since,
            what=some_names([one.name for one in found]),
            evidence=said % {"number": number, "day": desk.day(first.since)},
            action=Action(text=_("Open the page"), url=url),
        )
