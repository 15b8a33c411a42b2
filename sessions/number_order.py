"""Whether a session would be held before one whose number is lower, or after one whose number is higher."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from sessions.models import DialogueSession


def order_words(moving: Sequence[tuple[DialogueSession, datetime]]) -> list[str]:
    """Return for each of these sessions of one cohort, in a sentence, how its new start turns the order of the numbers.

    It is empty where the order is kept. Sessions that are not yet saved would get the next number. Costs one query, and
    one more for those.
    """
    if not moving:
        return []
    cohort = moving[0][0].cohort
    rows = cohort.sessions.with_a_date().exclude(pk__in=[one.pk for one, _start in moving if one.pk])
    others = list(rows.order_by("number").values_list("number", "starts_at"))
    found = []
    for session, start in moving:
        number = session.number or (cohort.sessions.aggregate(last=Max("number"))["last"] or 0) + 1
        found.append(_words(number, start, others))
    return found


def _words(number: int, start: datetime, others: Collection[tuple[int, datetime]]) -> str:
    follow = [other for other, at in others if other < number and at > start]
    precede = [other for other, at in others if other > number and at < start]
    sentences = []
    if follow:
        named = {"number": number, "others": _listed(follow)}
        sentences.append(_("Session %(number)s would then come before %(others)s.") % named)
    if precede:
        named = {"number": number, "others": _listed(precede)}
        sentences.append(_("Session %(number)s would then come after %(others)s.") % named)
    return " ".join([*sentences, _("Their numbers stay as they are.")]) if sentences else ""


def _listed(numbers: Sequence[int]) -> str:
    return _(", ").join(_("session %(number)s") % {"number": one} for one in numbers)
