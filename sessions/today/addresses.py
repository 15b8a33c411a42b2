"""Addresses that mail comes back from."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import AuditEntry, Facilitation, Participation
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register
from sessions.today.words import name_columns


@register
class Addresses(Kind):
    """Mail to such an address waits until it is corrected. Facilitators are listed too: they miss every briefing."""

    name = "addresses"
    heading = gettext_lazy("Mail comes back")
    rule = gettext_lazy(
        "Shown while mail to somebody's address comes back. What is for them waits until it is corrected."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        living = [Participation.Status.APPLIED, Participation.Status.ACCEPTED, Participation.Status.PLACED]
        places = Participation.objects.filter(term__in=desk.term_ids, status__in=living)
        leaders = Facilitation.objects.filter(term__in=desk.term_ids)
        for rows, leads in ((places, False), (leaders, True)):
            failing = rows.filter(person__failing_address__isnull=False).annotate(
                at=F("person__failing_address__noticed_at")
            )
            for pk, term, person, at, *name in failing.values_list(
                "pk", "term", "person", "at", *name_columns("person")
            ):
                yield Item(
                    term=term,
                    key=f"{person}-{at:%Y%m%d%H%M}",
                    since=at,
                    what=desk.name(*name),
                    evidence=_("Mail came back on %(day)s.") % {"day": desk.day(at)},
                    action=Action(
                        text=_("Correct the address"),
                        url=f"{address_of('term_people', term)}?who=facilitators"
                        if leads
                        else address_of("person_address", pk),
                    ),
                )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        rows = AuditEntry.objects.filter(at__gt=since, action="address_corrected").order_by("-at", "-pk")
        found = list(rows.values_list("subject_key", "at", "actor__family_name", "actor__given_name"))
        people = {int(subject.partition(":")[2]) for subject, *_rest in found}
        places = Participation.objects.filter(term__in=desk.term_ids, person__in=people)
        terms = {
            person: (term, name)
            for person, term, *name in places.values_list("person", "term", *name_columns("person"))
        }
        return [
            Done(
                at=at,
                term=terms[person][0],
                what=_("The address of %(name)s was corrected") % {"name": desk.name(*terms[person][1])},
                by=" ".join(part for part in (family, given) if part),
            )
            for subject, at, family, given in found
            if (person := int(subject.partition(":")[2])) in terms
        ]
