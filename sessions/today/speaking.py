"""声かけ: nobody of the staff has spoken with somebody for a month."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.models import Membership
from sessions.core.today import CONTACT_EVERY, is_time_to_speak
from sessions.today.cohorts import cohorts_that_meet
from sessions.today.contact import last_spoken, spoken_since
from sessions.today.kinds import Desk, Done, Item, Kind, register
from sessions.today.words import cohort_word, name_columns, spoke_with


@register
class Speaking(Kind):
    """Counted from the day on which somebody joined their cohort, while that cohort still meets."""

    name = "speaking"
    heading = gettext_lazy("A word once a month")
    rule = gettext_lazy(
        "Shown when nobody of you has spoken with somebody for 30 days. Only the day is kept, never what was said."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        spoken = desk.once(last_spoken)
        rows = Membership.objects.filter(
            cohort__in=cohorts_that_meet(desk), left_at__isnull=True, joined_at__lte=desk.now - CONTACT_EVERY
        ).order_by("cohort__number", "pk")
        columns = ("cohort__term", "cohort__number", "joined_at", "participation__person")
        for term, cohort, joined_at, person, *name in rows.values_list(
            *columns, *name_columns("participation__person")
        ):
            heard = spoken.get((term, person))
            joined = desk.day_of(joined_at)
            last = max(heard, joined) if heard else joined
            if not is_time_to_speak(last=last, today=desk.today):
                continue
            said = _("Last spoken with on %(day)s.") if last == heard else _("In the cohort since %(day)s.")
            yield Item(
                term=term,
                key=f"{person}-{last:%Y%m%d}",
                since=datetime.combine(last, time(), UTC),
                what=_("%(name)s, %(cohort)s") % {"name": desk.name(*name), "cohort": cohort_word(cohort)},
                evidence=said % {"day": desk.day(last)},
                action=spoke_with(term=term, person=person),
            )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        return spoken_since(desk, since)
