"""When somebody of the staff last spoke with a person: the days that 声かけ keeps."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from dialogue.models import Person
from sessions.models import Spoken
from sessions.today.kinds import Desk, Done
from sessions.today.words import name_columns, not_spoken_with


def last_spoken(desk: Desk) -> Mapping[tuple[int, int], date]:
    """Return the latest day by term and person."""
    rows = Spoken.objects.filter(term__in=desk.term_ids).order_by().values_list("term", "person")
    return {(term, person): on for term, person, on in rows.annotate(last=Max("on"))}


def names_of(people: Sequence[int], desk: Desk) -> Mapping[int, str]:
    """Return how a coordinator reads these people's names."""
    rows = Person.objects.filter(pk__in=people).values_list("pk", "family_name", "given_name", "preferred_name")
    return {pk: desk.name(*name) for pk, *name in rows}


def spoken_since(desk: Desk, since: datetime) -> list[Done]:
    """Return with whom somebody has spoken since a moment. A slip of today can be taken back."""
    rows = Spoken.objects.filter(term__in=desk.term_ids, recorded_at__gt=since).order_by("-recorded_at")
    columns = (
        "term",
        "person",
        "on",
        "by",
        "recorded_at",
        "by__family_name",
        "by__given_name",
        *name_columns("person"),
    )
    return [
        Done(
            at=at,
            term=term,
            what=_("Spoken with %(name)s") % {"name": desk.name(*name)},
            by=f"{family or ''} {given or ''}".strip(),
            back=not_spoken_with(term=term, person=person) if on == desk.today else None,
            noted_by=by,
        )
        for term, person, on, by, at, family, given, *name in rows.values_list(*columns)
    ]
