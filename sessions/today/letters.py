"""Letters that could not be sent, or of which nobody knows whether they arrived."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import Cohort, OutboundMessage, Participation
from sessions.models import DialogueSession, Gathering, TodayMark
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.words import name_columns

REMEMBERED: Final = timedelta(days=14)
SUBJECTS: Final[Mapping[str, tuple[QuerySet[Any], str]]] = {
    "session": (DialogueSession.objects.all(), "cohort__term"),
    "cohort": (Cohort.objects.all(), "term"),
    "gathering": (Gathering.objects.all(), "term"),
    "participation": (Participation.objects.all(), "term"),
}
"""What letters are about, each with the way to its term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A letter that did not surely arrive; with `missed` it could not go out in time, and surely did not."""

    pk: int
    term: int
    about: str
    at: datetime
    kind: str
    name: str
    missed: bool


@register
class Letters(Kind):
    """One line a term: after a bad night of the mail server they are many. Those that wait for an address are apart."""

    name = "letters"
    heading = gettext_lazy("Letters that may not have arrived")
    rule = gettext_lazy(
        "Shown when a letter of the last two weeks was given up, or its sending broke off and it is not repeated."
    )
    by_hand = True

    def items(self, desk: Desk) -> Iterable[Item]:
        settled = _settled_up_to(desk)
        found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for one in desk.once(lost):
            if not one.missed and one.pk > settled.get(one.term, 0):
                found[one.term].append((one.pk, one.at))
        for term, letters in found.items():
            first, last = min(at for _pk, at in letters), max(pk for pk, _at in letters)
            several = len(letters) > 1
            said = _("%(number)s letters, the first of %(day)s.") if several else _("One letter, of %(day)s.")
            yield Item(
                term=term,
                key=f"{last}",
                since=first,
                what=desk.terms[term].name,
                evidence=said % {"number": len(letters), "day": desk.day(first)},
                action=Action(text=_("See which"), url=f"{address_of('term_messages', term)}?show=trouble"),
            )


def lost(desk: Desk) -> list[Lost]:
    """Return the letters of the last days that nobody got, or perhaps nobody.

    One query for the letters and one for each kind of subject.
    """
    status = OutboundMessage.Status
    rows = OutboundMessage.objects.filter(status__in=[status.DEAD, status.UNCERTAIN]) | OutboundMessage.objects.missed()
    lately = rows.filter(due_at__gt=desk.now - REMEMBERED, due_at__lte=desk.now)
    columns = ("pk", "status", "subject_key", "due_at", "kind", *name_columns("recipient"))
    letters = [(*_subject(row[2]), row) for row in lately.values_list(*columns)]
    found = []
    for noun, (subjects, path) in SUBJECTS.items():
        wanted = {number for of, number, _row in letters if of == noun}
        terms = dict(subjects.filter(**{f"{path}__in": desk.term_ids}, pk__in=wanted).values_list("pk", path))
        for of, number, (pk, state, about, at, kind, *name) in letters:
            if of == noun and number in terms:
                found.append(
                    Lost(
                        pk=pk,
                        term=terms[number],
                        about=about,
                        at=at,
                        kind=kind,
                        name=desk.name(*name),
                        missed=state == status.VOID,
                    )
                )
    return found


def _subject(key: str) -> tuple[str, int]:
    noun, _colon, number = key.partition(":")
    return noun, int(number) if number.isdecimal() else 0


def _settled_up_to(desk: Desk) -> dict[int, int]:
    """Return, for each term, the last letter that somebody has seen to."""
    marks = TodayMark.objects.filter(term__in=desk.term_ids, kind=Letters.name, until__isnull=True)
    found: dict[int, int] = defaultdict(int)
    for term, key in marks.values_list("term", "key"):
        found[term] = max(found[term], int(key) if key.isdecimal() else 0)
    return found
