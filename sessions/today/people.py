"""People of a term for whom something is missing that they are asked for by mail: one line a term."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from dialogue.models import BulkMail, OutboundMessage
from dialogue.services.bulk_mail import KIND, subject_of
from sessions.core.today import PERSON_PATIENCE
from sessions.today.kinds import Action, Desk, Item
from sessions.today.words import some_names

MOST_AT_ONCE: Final = 200
"""Whom one mail is prepared for; the page of mails takes no more. The others stand here again afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A participation for which something is missing, and since when."""

    pk: int
    term: int
    person: int
    name: str
    since: datetime
    invited: bool = False
    """They were handed on to the term, and nobody but they can answer."""


def one_line_a_term(
    people: Iterable[Lacking], *, desk: Desk, purpose: str, in_hand: tuple[str, str] | None = None
) -> Iterator[Item]:
    """Yield one item for each term, which leads to the mail that asks those people; `purpose` is that of a `BulkMail`.

    `in_hand` is what is done for several people at once where they have given it already, and how that is said.
    Whoever was asked by such a mail is left in peace for three days. Two queries, where there is anybody.
    """
    waiting = list(people)
    asked = _asked_lately(desk, purpose) if waiting else set()
    by_term: dict[int, list[Lacking]] = defaultdict(list)
    for one in waiting:
        if (one.term, one.person) not in asked:
            by_term[one.term].append(one)
    for term, found in by_term.items():
        found.sort(key=lambda one: (one.since, one.pk))
        number, first = len(found), found[0]
        said = _("Since %(day)s.") if number == 1 else _("%(number)s people, the first since %(day)s.")
        who = "".join(f"&who={one.pk}-0" for one in found[:MOST_AT_ONCE])
        here = "".join(f"&who={one.pk}-0" for one in found[:MOST_AT_ONCE] if not one.invited)
        yield Item(
            term=term,
            key=f"{first.pk}" if number == 1 else "all",
            since=first.since,
            what=some_names([one.name for one in found]),
            evidence=said % {"number": number, "day": desk.day(first.since)},
            action=Action(text=_("Ask by mail"), url=f"{address_of('term_mail_new', term)}?purpose={purpose}{who}"),
            instead=Action(
                text=in_hand[1], url=f"{address_of('term_for_several', term)}?do={in_hand[0]}&from=today{here}"
            )
            if in_hand and here
            else None,
        )


def _asked_lately(desk: Desk, purpose: str) -> set[tuple[int, int]]:
    """Return by term and person who was asked in the last three days, or is being asked."""
    mails = BulkMail.objects.filter(
        term__in=desk.term_ids, purpose=purpose, taken_back_at__isnull=True, created_at__gt=desk.now - PERSON_PATIENCE
    )
    terms = {subject_of(mail): mail.term_id for mail in mails.only("pk", "term")}
    copies = OutboundMessage.objects.filter(kind=KIND, subject_key__in=terms).exclude(
        status=OutboundMessage.Status.VOID
    )
    return {(terms[subject], person) for subject, person in copies.values_list("subject_key", "recipient")}
