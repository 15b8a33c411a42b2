"""Somebody is the only one of their generation in a cohort."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from sessions.today.cohorts import Broken, broken_cohorts
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.words import cohort_word


@register
class Alone(Kind):
    """The rule that nobody should be the only one of their generation, where it is broken today."""

    name = "alone"
    heading = gettext_lazy("Somebody alone in their generation")
    rule = gettext_lazy("Shown from the day on which only one person of a generation is left in a cohort.")

    def items(self, desk: Desk) -> Iterable[Item]:
        return [repair_item(one, desk) for one in desk.once(broken_cohorts) if one.somebody_is_alone]


def repair_item(one: Broken, desk: Desk) -> Item:
    """Return what is said of a cohort that needs repair."""
    counts = {"students": one.students, "alumni": one.alumni, "day": desk.day(one.since)}
    return Item(
        term=one.term,
        key=f"{one.pk}-{one.students}-{one.alumni}",
        since=one.since,
        what=cohort_word(one.number),
        evidence=_("Students: %(students)s. Second career: %(alumni)s. Since %(day)s.") % counts,
        action=Action(text=_("See what can be done"), url=address_of("cohort_repair", one.pk)),
    )
