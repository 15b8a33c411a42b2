"""The mails that went to several people of a term as lines: what each is called and what became of its copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from dialogue.models import BulkMail, OutboundMessage, Term
from dialogue.services.bulk_mail import subject_of

TROUBLE: Final = ("uncertain", "dead", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A mail that was sent, and what became of its copies. `is_held` while it can be taken back whole."""

    mail: BulkMail
    subject: str
    people: int
    sent: int
    waiting: int
    void: int
    trouble: int
    is_held: bool


def mails_of(term: Term) -> QuerySet[BulkMail]:
    """Return the mails that went to several people of a term, the newest first."""
    return term.bulk_mails.select_related("written_by").order_by("-pk")


def mail_lines(mails: Sequence[BulkMail]) -> list[MailLine]:
    """Return mails as lines. One query."""
    rows = OutboundMessage.objects.filter(subject_key__in=[subject_of(one) for one in mails]).order_by()
    counts: dict[str, dict[str, int]] = {}
    for key, status, number in rows.values_list("subject_key", "status").annotate(number=Count("pk")):
        counts.setdefault(key, {})[status] = number
    lines = []
    for one in mails:
        by: Mapping[str, Any] = counts.get(subject_of(one), {})
        waiting = by.get("queued", 0) + by.get("sending", 0)
        lines.append(
            MailLine(
                mail=one,
                subject=one.words_in(get_language() or "ja")[0],
                people=sum(by.values()),
                sent=by.get("sent", 0),
                waiting=waiting,
                void=by.get("void", 0),
                trouble=sum(by.get(status, 0) for status in TROUBLE),
                is_held=bool(by.get("queued")),
            )
        )
    return lines
