"""Sign-ups that wait for an answer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.addresses import address_of
from dialogue.models import AuditEntry, Participation
from sessions.core.today import SIGN_UP_PATIENCE
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register

ANSWERS = ("reception_accept", "reception_decline", "reception_ask_back", "reception_hand_on", "reception_point_on")


@register
class SignUps(Kind):
    """One line a term, however many wait: they are answered together."""

    name = "sign_ups"
    heading = gettext_lazy("Sign-ups to answer")
    rule = gettext_lazy("Shown when a sign-up has waited for the coordinators for a day.")

    def items(self, desk: Desk) -> Iterable[Item]:
        rows = (
            Participation.objects.filter(
                term__in=desk.term_ids,
                status=Participation.Status.APPLIED,
                waiting_reason=Participation.WaitingReason.ACCEPTANCE,
                created_at__lte=desk.now - SIGN_UP_PATIENCE,
            )
            .annotate(replied_length=Length("replied"))
            .order_by()
            .values("term")
            .annotate(
                number=Count("pk"),
                oldest=Min("created_at"),
                one=Max("pk"),
                replied=Count("pk", filter=Q(replied_length__gt=0)),
            )
        )
        for row in rows:
            number, term = row["number"], row["term"]
            said = (
                _("%(number)s people wait, the first since %(day)s.")
                if number > 1
                else _("One person has waited since %(day)s.")
            )
            yield Item(
                term=term,
                key="all",
                since=row["oldest"],
                what=desk.terms[term].name,
                evidence=said % {"number": number, "day": desk.day(row["oldest"])},
                action=Action(text=_("Read and answer"), url=_where(term, number, row["one"], replied=row["replied"])),
            )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        return _answered(desk, since)


def _where(term: int, number: int, one: int, *, replied: int) -> str:
    if number == 1:
        return address_of("reception_person", one)
    return f"{reverse('reception', args=[term])}?show={'' if replied else 'new&all=1'}"


def _answered(desk: Desk, since: datetime) -> list[Done]:
    entries = AuditEntry.objects.filter(at__gt=since, action__in=ANSWERS).order_by("-at", "-pk")
    rows = list(entries.values_list("subject_key", "at", "actor__family_name", "actor__given_name"))
    keys = {int(subject.partition(":")[2]) for subject, *_rest in rows}
    terms = dict(Participation.objects.filter(term__in=desk.term_ids, pk__in=keys).values_list("pk", "term"))
    found: dict[tuple[int, str, str], list[datetime]] = {}
    for subject, at, family, given in rows:
        if term := terms.get(int(subject.partition(":")[2])):
            by = " ".join(part for part in (family, given) if part)
            found.setdefault((term, desk.day(at), by), []).append(at)
    return [
        Done(
            at=moments[0],
            term=term,
            what=ngettext("One sign-up was answered", "%(number)s sign-ups were answered", len(moments))
            % {"number": len(moments)},
            by=by,
        )
        for (term, _day, by), moments in found.items()
    ]
