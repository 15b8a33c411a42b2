"""Records of sessions that have not been written, and the sessions that wait for one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from sessions.core.today import RECORD_PATIENCE
from sessions.models import DialogueSession, FacilitatorRecord
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register
from sessions.today.words import name_columns, session_word

REMEMBERED: Final = timedelta(days=45)


def without_record(desk: Desk, *, over_for: timedelta) -> QuerySet[DialogueSession]:
    """Return the sessions of the desk that took place, have been over for so long, and have no finished record."""
    unwritten = Q(record__isnull=True) | Q(record__finished_at__isnull=True)
    return DialogueSession.objects.filter(
        unwritten,
        cohort__term__in=desk.term_ids,
        status__in=[DialogueSession.Status.CONFIRMED, DialogueSession.Status.HELD],
        joint_with__isnull=True,
        ends_at__lte=desk.now - over_for,
        ends_at__gt=desk.now - REMEMBERED,
    ).order_by("ends_at", "pk")


@register
class Records(Kind):
    """The facilitator has had a reminder; one press sends another, and the thing is back in two days if need be."""

    name = "records"
    heading = gettext_lazy("Records that are missing")
    rule = gettext_lazy("Shown when a session has been over for two days and its record is not finished.")

    def items(self, desk: Desk) -> Iterable[Item]:
        columns = ("pk", "cohort__term", "cohort__number", "number", "ends_at")
        rows = without_record(desk, over_for=RECORD_PATIENCE)
        for pk, term, cohort, number, ends_at, *name in rows.values_list(*columns, *name_columns("facilitator")):
            yield Item(
                term=term,
                key=f"{pk}",
                since=ends_at,
                what=session_word(cohort, number),
                evidence=_("It was on %(day)s, led by %(name)s.")
                % {"day": desk.day(ends_at), "name": desk.name(*name)},
                action=Action(text=_("Ask for it by mail"), url=address_of("record_again", pk), fields={}),
            )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        late = FacilitatorRecord.objects.filter(
            session__cohort__term__in=desk.term_ids,
            finished_at__gt=since,
            finished_at__gte=F("session__ends_at") + RECORD_PATIENCE,
        )
        columns = ("session__cohort__term", "session__cohort__number", "session__number", "finished_at")
        return [
            Done(at=at, term=term, what=_("%(session)s has its record") % {"session": session_word(cohort, number)})
            for term, cohort, number, at in late.values_list(*columns)
        ]
