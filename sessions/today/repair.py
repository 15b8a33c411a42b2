"""Cohorts that need repair for another reason than somebody being alone in their generation."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from sessions.today.alone import repair_item
from sessions.today.cohorts import broken_cohorts
from sessions.today.kinds import Desk, Item, Kind, register


@register
class Repair(Kind):
    """A cohort below its size, without a shared language, or with two people who must be apart."""

    name = "repair"
    heading = gettext_lazy("Cohorts in need of repair")
    rule = gettext_lazy("Shown while a cohort that still meets does not keep the rules of its term.")

    def items(self, desk: Desk) -> Iterable[Item]:
        return [repair_item(one, desk) for one in desk.once(broken_cohorts) if not one.somebody_is_alone]
