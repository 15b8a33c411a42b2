"""People who were accepted and have not said when they can come."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from dialogue.models import AvailabilityWindow, BulkMail, Participation, SlotAnswer
from sessions.core.today import PERSON_PATIENCE
from sessions.today.kinds import Desk, Item, Kind, register
from sessions.today.people import Lacking, one_line_a_term
from sessions.today.words import name_columns


@register
class Availability(Kind):
    """Without times nobody can be placed, whatever else fits."""

    name = "availability"
    heading = gettext_lazy("No times are given")
    rule = gettext_lazy(
        "Shown when somebody was taken in and has given no time for three days, and again three days after you asked."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        mine = OuterRef("pk")
        some = [SlotAnswer.Answer.YES, SlotAnswer.Answer.MAYBE]
        rows = Participation.objects.filter(
            ~Exists(AvailabilityWindow.objects.filter(participation=mine)),
            ~Exists(SlotAnswer.objects.filter(participation=mine, answer__in=some)),
            term__in=desk.term_ids,
            status=Participation.Status.ACCEPTED,
            created_at__lte=desk.now - PERSON_PATIENCE,
        )
        people = [
            Lacking(pk=pk, term=term, person=person, name=desk.name(*name), since=at)
            for pk, term, person, at, *name in rows.values_list(
                "pk", "term", "person", "created_at", *name_columns("person")
            )
        ]
        return one_line_a_term(people, desk=desk, purpose=BulkMail.Purpose.TIMES)
