"""Facilitators of whom nothing has been heard for a week while something waits for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.models import Person
from sessions.core.today import RECORD_PATIENCE, is_silent
from sessions.models import CohortNote, FacilitatorRecord
from sessions.today.contact import last_spoken
from sessions.today.kinds import Desk, Item, Kind, register
from sessions.today.records import without_record
from sessions.today.words import name_columns, spoke_with


@dataclass(slots=True)
class Owing:
    """What waits for one facilitator: since when, and how many sessions."""

    name: str
    since: datetime
    sessions: int = 0


@register
class Facilitators(Kind):
    """Somebody who signs in, writes a note or a record, or was spoken with is not silent."""

    name = "facilitators"
    heading = gettext_lazy("Facilitators not heard of for a week")
    rule = gettext_lazy(
        "Shown when a record has been due for a week, and its facilitator has neither signed in nor written nor spoken "
        "with you."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        owing: dict[tuple[int, int], Owing] = {}
        rows = without_record(desk, over_for=RECORD_PATIENCE)
        columns = ("cohort__term", "facilitator", "ends_at", *name_columns("facilitator"))
        for term, person, ends_at, *name in rows.values_list(*columns):
            owing.setdefault((term, person), Owing(desk.name(*name), ends_at)).sessions += 1
        signs = _signs([person for _term, person in owing], desk)
        for (term, person), one in owing.items():
            if not is_silent(owes_since=one.since, last_sign=signs.get(person), now=desk.now):
                continue
            said = (
                _("%(number)s records, the first due since %(day)s.")
                if one.sessions > 1
                else _("One record, due since %(day)s.")
            )
            yield Item(
                term=term,
                key=f"{person}-{one.since:%Y%m%d%H%M}",
                since=one.since,
                what=one.name,
                evidence=said % {"number": one.sessions, "day": desk.day(one.since)},
                action=spoke_with(term=term, person=person),
            )


def _signs(people: list[int], desk: Desk) -> dict[int, datetime]:
    """Return the latest sign of life of each of these people, of whom there was one. Four queries."""
    found = [
        Person.objects.filter(pk__in=people).values_list("pk", "last_login"),
        FacilitatorRecord.objects.filter(author__in=people).values_list("author").annotate(Max("saved_at")),
        CohortNote.objects.filter(author__in=people).values_list("author").annotate(Max("written_at")),
        ((person, datetime.combine(on, time(), UTC)) for (_term, person), on in desk.once(last_spoken).items()),
    ]
    signs: dict[int, datetime] = {}
    for rows in found:
        for person, at in rows:
            if at is not None:
                signs[person] = max(signs.get(person, at), at)
    return signs
