"""Cohorts whose sessions could not be booked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import Cohort
from sessions.models import SessionSeries
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.words import cohort_word


@register
class Series(Kind):
    """A booking is whole or absent: an absent one has no dates at all."""

    name = "series"
    heading = gettext_lazy("Dates that could not be booked")
    rule = gettext_lazy("Shown while a cohort has no dates because booking them was refused.")

    def items(self, desk: Desk) -> Iterable[Item]:
        rows = SessionSeries.objects.filter(
            cohort__term__in=desk.term_ids, status=SessionSeries.Status.REFUSED
        ).exclude(cohort__status=Cohort.Status.ENDED)
        columns = ("cohort", "cohort__term", "cohort__number", "trouble", "created_at")
        taken, unknown = _("Somebody of it is booked elsewhere at one of these times."), _("The server's log says why.")
        for cohort, term, number, trouble, at in rows.values_list(*columns):
            yield Item(
                term=term,
                key=f"{cohort}",
                since=at,
                what=cohort_word(number),
                evidence=taken if trouble == "time_taken" else unknown,
                action=Action(text=_("Open the cohort"), url=address_of("cohort", cohort)),
            )
